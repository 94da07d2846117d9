/**
 * Writes `dist/index.browser.mjs` of each public package: one ES module of its sources, for bundlers and pages. Other
 * packages stay imports, so that there is one copy of each.
 */
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { bundleWorker } from './bundle-worker.cjs';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

/** As in `write-worker.mjs`. */
const workerText = {
  name: 'worker-text',
  setup({ onLoad }) {
    onLoad({ filter: /\/mcmc\/parallel\/source\.ts$/ }, async () => ({
      contents: `export const workerSource = () => Promise.resolve(${JSON.stringify(await bundleWorker())});`,
      loader: 'js',
    }));
  },
};

for (const name of readdirSync(packages)) {
  const file = join(packages, name, 'package.json');
  let manifest;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    continue;
  }
  if (manifest.private === true) continue;
  await build({
    entryPoints: [join(packages, name, 'src', 'index.ts')],
    outfile: join(packages, name, 'dist', 'index.browser.mjs'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    plugins: [workerText],
    logLevel: 'error',
  });
}
