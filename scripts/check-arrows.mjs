/**
 * Checks that packages import only along the arrows of docs/architecture.md, only through each other's index,
 * declare what they import, and that nothing meant for browsers imports a Node module.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));

/** package → packages it may import. */
const arrows = {
  ops: [],
  distributions: ['ops'],
  core: ['ops', 'distributions'],
  compiler: ['ops'],
  diagnostics: [],
  inference: ['ops', 'distributions', 'core', 'compiler', 'diagnostics'],
  'pyro-ts': ['ops', 'distributions', 'core', 'compiler', 'inference', 'diagnostics'],
  testing: [],
  bench: ['ops', 'distributions', 'core', 'compiler', 'inference', 'diagnostics', 'pyro-ts', 'testing'],
};
/** Packages that may use Node's own modules in their sources. */
const nodeOnly = new Set(['testing', 'bench']);
/** Files of otherwise portable packages that may ask for them while they run (`process.getBuiltinModule`). */
const nodeFiles = new Set([
  'packages/inference/src/platform/node.ts',
  // The script of workers, of which browsers get the same one.
  'packages/inference/src/mcmc/parallel/worker.ts',
]);

const importPattern = /(?:from\s+|import\s*\(\s*|require\(\s*|import\s+)['"]([^'"]+)['"]/g;
const problems = [];

function* files(folder) {
  for (const entry of readdirSync(folder)) {
    if (entry === 'dist' || entry === 'node_modules' || entry.startsWith('.')) continue;
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) yield* files(path);
    else if (/\.tsx?$/.test(entry)) yield path;
  }
}

/** Imports quoted in docstrings are not imports. */
function withoutComments(text) {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

function packageOf(specifier) {
  if (specifier === 'pyro-ts' || specifier.startsWith('pyro-ts/')) return 'pyro-ts';
  return /^@pyro-ts\/([a-z-]+)/.exec(specifier)?.[1];
}

for (const [name, allowed] of Object.entries(arrows)) {
  const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]);
  for (const path of files(join(root, 'packages', name, 'src'))) {
    const isTest = /\.(test|slow)\.ts$/.test(path) || path.includes('/testing/');
    const where = relative(root, path);
    const code = withoutComments(readFileSync(path, 'utf8'));
    if (code.includes('getBuiltinModule') && !isTest && !nodeOnly.has(name) && !nodeFiles.has(where))
      problems.push(`${where}: getBuiltinModule outside the files that are meant for it`);
    for (const [, specifier] of code.matchAll(importPattern)) {
      const target = packageOf(specifier);
      if (target !== undefined) {
        const ok = allowed.includes(target) || (isTest && target === 'testing');
        if (!ok)
          problems.push(
            `${where}: ${name} may not import ${target} (allowed: ${allowed.join(', ') || 'none'})`,
          );
        if (specifier.split('/').length > (specifier.startsWith('@') ? 2 : 1))
          problems.push(`${where}: import '${specifier}' through the package's index instead`);
      } else if (specifier.startsWith('node:')) {
        if (!isTest && !nodeOnly.has(name)) problems.push(`${where}: '${specifier}' would break browsers`);
      } else if (!specifier.startsWith('.')) {
        const dependency = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        if (!isTest && !declared.has(dependency))
          problems.push(`${where}: '${dependency}' is not declared in packages/${name}/package.json`);
      } else if (relative(join(root, 'packages', name), join(path, '..', specifier)).startsWith('..')) {
        problems.push(`${where}: '${specifier}' leaves the package`);
      }
    }
  }
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`arrows: ${Object.keys(arrows).length} packages, no forbidden import`);
