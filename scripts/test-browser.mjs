/**
 * `npm run test:browser`: the packages, bundled, compile and run in headless Chromium what they run in Node, and every
 * bit of every result is the same. Without a Chromium ($CHROMIUM, or one on the PATH) it says so and passes.
 */
import { build } from 'esbuild';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { portablePrograms, results } from './browser/programs.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const runs = (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;

/** The bundle, minified as a site would serve it. Fails on anything that only Node has. */
async function bundle() {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'scripts', 'browser', 'page.mjs')],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  // What a dependency's own `browser` field turns off is the dependency's business; ours may ask for nothing.
  const ours = Object.entries(metafile.inputs).filter(([path]) => !path.includes('node_modules/'));
  for (const [path, { imports }] of ours) {
    const bad = imports.find(({ path: target, external }) => external || target.startsWith('(disabled)'));
    if (bad !== undefined) throw new Error(`${path} imports ${bad.path}, which browsers lack`);
  }
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  if (external.length > 0) throw new Error(`the bundle still imports ${external[0].path}`);
  const { contents } = outputFiles[0];
  const kB = (bytes) => `${Math.round(bytes / 1000)} kB`;
  const share = Object.entries(Object.values(metafile.outputs)[0].inputs)
    .filter(([path]) => !path.includes('node_modules/'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  console.log(
    `bundle: ${kB(contents.length)} (${kB(gzipSync(contents).length)} compressed), of which ours ${kB(share)}; ` +
      `${ours.length} of our files, none imports a Node module`,
  );
  return contents;
}

/** What the page printed. */
async function visit(chromium, folder, portable) {
  const programs = portable.map(({ bytes, ...rest }) => ({
    ...rest,
    bytes: Buffer.from(bytes).toString('base64'),
  }));
  const page = join(folder, 'page.html');
  writeFileSync(join(folder, 'bundle.js'), await bundle());
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><body><script type="application/json" id="programs">${JSON.stringify(programs)}</script>` +
      '<script src="bundle.js"></script></body>',
  );
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=60000', '--dump-dom'];
  const { stdout } = await promisify(execFile)(
    chromium,
    [...flags, `--user-data-dir=${join(folder, 'profile')}`, pathToFileURL(page).href],
    { timeout: 120_000, maxBuffer: 1 << 26 },
  );
  const text = /<pre id="results">([\s\S]*?)<\/pre>/.exec(stdout)?.[1];
  if (text === undefined) throw new Error(`the page printed nothing:\n${stdout.slice(0, 2000)}`);
  return text;
}

const chromium = [process.env.CHROMIUM, ...names].find((name) => name && runs(name));
if (chromium === undefined) {
  console.log(`skipped: no chromium (looked for $CHROMIUM, ${names.join(', ')})`);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-browser-'));
try {
  const portable = portablePrograms();
  const expected = (await results(portable)).map((line) => line.join(': '));
  const actual = (await visit(chromium, folder, portable)).split('\n');
  const different = expected.filter((line, i) => line !== actual[i]);
  if (different.length > 0 || actual.length !== expected.length) {
    console.error(`Node:\n${expected.join('\n')}\n\nbrowser:\n${actual.join('\n')}`);
    throw new Error(`${different.length} of ${expected.length} results differ between Node and the browser`);
  }
  const numbers = expected.join(' ').match(/\b[0-9a-f]{16}\b/g).length;
  console.log(
    `${spawnSync(chromium, ['--version'], { encoding: 'utf8' }).stdout.trim()}: ${expected.length} results, ` +
      `${numbers} numbers, all bits as in Node ${process.version}`,
  );
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
