/**
 * Packs the public packages, installs them in an empty project, and runs one model from an ES module, from
 * CommonJS, from TypeScript under a default jest + ts-jest set-up, and through both module systems at once
 * (one copy of the code, one handler stack); chains in workers; and bundles it for browsers, which get ES modules.
 */
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'pyro-ts-pack-'));
const run = (command, args, cwd = project) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });

const versions = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devDependencies;
const body = `
const model = (y) => {
  const mu = pyro.sample('mu', dist.Normal(0, 1));
  return pyro.sample('y', dist.Normal(mu, 1), { obs: y });
};
const trace = pyro.handlers.trace(pyro.handlers.substitute(model, { data: { mu: 0.5 } })).getTrace(1.5);
const value = trace.logProbSum().dataSync()[0];
const expected = -Math.log(2 * Math.PI) - 0.5 * 0.25 - 0.5;
if (Math.abs(value - expected) > 1e-14) throw new Error('log density ' + value + ', expected ' + expected);
`;
const files = {
  'package.json': JSON.stringify({ name: 'empty', private: true, version: '1.0.0' }),
  'esm.mjs': `import * as pyro from 'pyro-ts';\nimport { dist } from 'pyro-ts';\n${body}`,
  'cjs.cjs': `const pyro = require('pyro-ts');\nconst { dist } = pyro;\n${body}`,
  'both.mjs': `import * as pyro from 'pyro-ts';
import { createRequire } from 'node:module';
const other = createRequire(import.meta.url)('pyro-ts');
if (other.sample !== pyro.sample || other.dist.Normal !== pyro.dist.Normal) throw new Error('two copies of the code');
`,
  'workers.mjs': `import { dist, infer, sample } from 'pyro-ts';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
const kernel = infer.NUTS(() => { sample('x', dist.Normal(0, 1)); });
const script = createRequire(import.meta.url).resolve('@pyro-ts/inference/worker');
const draws = [];
for (const more of [{ chainMethod: 'sequential' }, { chainMethod: 'parallel' }, { chainMethod: 'parallel', createWorker: () => new Worker(script) }]) {
  const { samples, warnings } = await infer.MCMC(kernel, { numWarmup: 50, numSamples: 50, numChains: 2, seed: 1, numWorkers: 2, ...more }).run();
  const note = warnings.find(({ kind }) => kind === 'notParallel');
  if (note !== undefined) throw new Error(note.message);
  draws.push(String(samples.x.data));
}
if (new Set(draws).size !== 1) throw new Error('other draws in workers');
`,
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, esModuleInterop: true, skipLibCheck: true, module: 'commonjs', target: 'es2022', types: ['jest'] },
  }), // prettier-ignore
  'jest.config.js': `module.exports = { preset: 'ts-jest' };\n`,
  'model.test.ts': `import * as pyro from 'pyro-ts';
import { dist } from 'pyro-ts';
test('a model runs', () => {
  const model = (y: number) => {
    const mu = pyro.sample('mu', dist.Normal(0, 1));
    return pyro.sample('y', dist.Normal(mu, 1), { obs: y });
  };
  const trace = pyro.handlers.trace(pyro.handlers.substitute(model, { data: { mu: 0.5 } })).getTrace(1.5);
  expect(trace.logProbSum().dataSync()[0]).toBeCloseTo(-Math.log(2 * Math.PI) - 0.5 * 0.25 - 0.5, 13);
});
`,
};

/** A bundle for browsers consists of the packages' ES module builds, each once, and asks for nothing that only Node has. */
async function checkBrowserBuild(packages) {
  const { metafile, outputFiles } = await build({
    entryPoints: [join(project, 'esm.mjs')],
    absWorkingDir: project,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  const ours = Object.keys(metafile.inputs).filter((path) => /node_modules\/(@pyro-ts|pyro-ts)\//.test(path));
  const expected = packages.filter((name) => name !== 'diagnostics').length;
  const bad = ours.find((path) => !path.endsWith('/dist/index.browser.mjs'));
  if (bad !== undefined) throw new Error(`the bundle for browsers contains ${bad}`);
  if (ours.length < expected) throw new Error(`the bundle for browsers contains only ${ours.join(', ')}`);
  const external = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
  if (external.length > 0) throw new Error(`the bundle for browsers still imports ${external[0].path}`);
  console.log(
    `packaging: bundle for browsers ok (${ours.length} ES modules of ours, ${Math.round(outputFiles[0].contents.length / 1000)} kB)`,
  );
}

try {
  mkdirSync(join(project, 'tarballs'));
  const packages = readdirSync(join(root, 'packages')).filter((name) => {
    try {
      return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).private !== true;
    } catch {
      return false;
    }
  });
  for (const name of packages)
    run(
      'npm',
      ['pack', '--silent', '--pack-destination', join(project, 'tarballs')],
      join(root, 'packages', name),
    );
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const tarballs = readdirSync(join(project, 'tarballs')).map((name) => `./tarballs/${name}`);
  const tools = ['@tensorflow/tfjs', 'jest', 'ts-jest', 'typescript', '@types/jest'].map(
    (name) => `${name}@${versions[name]}`,
  );
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs, ...tools]);
  for (const file of ['esm.mjs', 'cjs.cjs', 'both.mjs', 'workers.mjs']) {
    run(process.execPath, [file]);
    console.log(`packaging: ${file} ok`);
  }
  await checkBrowserBuild(packages);
  run('npx', ['jest']);
  console.log(`packaging: jest + ts-jest ok (Node ${process.version}, ${packages.length} packages)`);
} catch (error) {
  console.error(`packaging failed: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
