/** `npm run example:browser`: bundles examples/browser as a site would, and serves it. */
import { build } from 'esbuild';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { serve } from './browser/serve.mjs';

export const exampleFolder = fileURLToPath(new URL('../examples/browser', import.meta.url));

/** Writes examples/browser/dist/main.js from the packages' browser builds (`npm run build` makes them). */
export async function bundleExample() {
  return build({
    entryPoints: [join(exampleFolder, 'main.ts')],
    outfile: join(exampleFolder, 'dist', 'main.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    logLevel: 'error',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await bundleExample();
  const { url } = await serve({ folder: exampleFolder, port: 8000 });
  console.log(`${url}/index.html (Ctrl-C ends it)`);
}
