/**
 * Packs the public packages, installs them in an empty project, and runs one model from an ES module, from
 * CommonJS, from TypeScript under a default jest + ts-jest set-up, and through both module systems at once
 * (one copy of the code, one handler stack).
 */
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
  for (const file of ['esm.mjs', 'cjs.cjs', 'both.mjs']) {
    run(process.execPath, [file]);
    console.log(`packaging: ${file} ok`);
  }
  run('npx', ['jest']);
  console.log(`packaging: jest + ts-jest ok (Node ${process.version}, ${packages.length} packages)`);
} catch (error) {
  console.error(`packaging failed: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}
