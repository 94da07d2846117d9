/**
 * `npm run test:browser`: the packages, bundled, compile and run in headless Chromium what they run in Node, and every
 * bit of every result is the same. Without a Chromium ($CHROMIUM, or one on the PATH) it says so and passes.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { portablePrograms, results } from './browser/programs.mjs';
import { visit } from './browser/serve.mjs';
import { bundleExample, exampleFolder } from './bundle-example.mjs';

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

/** What the page reported. */
async function resultsOf(chromium, folder, portable) {
  const programs = portable.map(({ bytes, ...rest }) => ({
    ...rest,
    bytes: Buffer.from(bytes).toString('base64'),
  }));
  writeFileSync(join(folder, 'bundle.js'), await bundle());
  writeFileSync(
    join(folder, 'page.html'),
    `<!doctype html><meta charset="utf-8"><body><script type="application/json" id="programs">${JSON.stringify(programs)}</script>` +
      '<script src="bundle.js"></script></body>',
  );
  return visit({ chromium, folder, page: 'page.html', profile: join(folder, 'profile') });
}

/** Headers that make a page cross-origin isolated: memory can be shared with workers only there. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** The example, in a page with and without shared memory: workers draw, progress is live, the page stays free. */
async function checkExample(chromium, folder) {
  await bundleExample();
  const watcher = readFileSync(join(root, 'scripts', 'browser', 'example.mjs'), 'utf8');
  const change = (page) => page.replace('</body>', `<script type="module">${watcher}</script></body>`);
  const summaries = new Set();
  for (const headers of [{}, isolation]) {
    const site = { folder: exampleFolder, headers, change };
    const text = await visit({ chromium, ...site, page: 'index.html', profile: join(folder, 'example') });
    const { status, isIsolated, progress, longestGap, summary } = JSON.parse(text);
    if (!/^done in /.test(status)) throw new Error(`the example ended with: ${status}`);
    if (isIsolated !== (headers === isolation)) throw new Error(`isolated: ${isIsolated}`);
    if (!progress.every((steps) => steps > 2)) throw new Error(`progress was not live: ${progress} steps`);
    summaries.add(summary);
    console.log(
      `example${isIsolated ? ', isolated' : ''}: ${status}, ${progress.join(', ')} steps of progress seen, ` +
        `page busy for at most ${Math.round(longestGap)} ms at once meanwhile`,
    );
  }
  if (summaries.size !== 1) throw new Error(`the two pages differ:\n${[...summaries].join('\n\n')}`);
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
  const actual = (await resultsOf(chromium, folder, portable)).split('\n');
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
  await checkExample(chromium, folder);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
