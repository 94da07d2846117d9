/**
 * Runs the TypeScript code blocks of README.md, docs/ and the packages' READMEs, and checks relative links.
 *
 * A ```ts block that imports something starts a module; later blocks of the page without imports continue it.
 * ```ts no-run blocks are left out. Modules are type-checked together, then each is run.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join, relative } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const work = join(root, 'node_modules', '.cache', 'docs');
const only = process.argv.slice(2);

function* markdown(folder) {
  for (const entry of readdirSync(folder)) {
    if (entry === 'node_modules' || entry === 'dist' || entry.startsWith('.')) continue;
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) yield* markdown(path);
    else if (entry.endsWith('.md')) yield path;
  }
}

function modulesOf(text) {
  const modules = [];
  for (const [, flags, body] of text.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```/gm)) {
    if (flags.includes('no-run')) continue;
    if (/^import /m.test(body) || modules.length === 0) modules.push(body);
    else modules[modules.length - 1] += `\n${body}`;
  }
  return modules;
}

const pages = [...markdown(root)].filter((p) => !p.includes('/packages/testing/'));
const problems = [];
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });

const scripts = [];
for (const page of pages) {
  const name = relative(root, page);
  const text = readFileSync(page, 'utf8');
  for (const [, target] of text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    if (!existsSync(join(dirname(page), target))) problems.push(`${name}: broken link ${target}`);
  }
  if (only.length > 0 && !only.some((part) => name.includes(part))) continue;
  modulesOf(text).forEach((code, i) => {
    const file = join(work, `${name.replace(/[^a-z0-9]+/gi, '-')}-${i}.mts`);
    writeFileSync(file, code);
    scripts.push({ name: `${name} (module ${i + 1})`, file });
  });
}

writeFileSync(
  join(work, 'tsconfig.json'),
  JSON.stringify({
    extends: relative(work, join(root, 'packages', 'tsconfig.base.json')),
    compilerOptions: {
      composite: false, declaration: false, declarationMap: false, noEmit: true, noUnusedLocals: false,
      module: 'NodeNext', moduleResolution: 'NodeNext', types: ['node'], lib: ['ES2023', 'DOM'],
    }, // prettier-ignore
    include: ['*.mts'],
  }),
);
try {
  if (scripts.length > 0) execFileSync('npx', ['tsc', '-p', work], { cwd: root, encoding: 'utf8' });
} catch (error) {
  problems.push(`type errors in documentation:\n${error.stdout}`);
}
let passed = 0;
for (const { name, file } of scripts) {
  const run = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (run.status === 0) passed++;
  else problems.push(`${name} failed:\n${run.stdout}${run.stderr}`);
}
if (problems.length > 0) console.error(problems.join('\n\n'));
console.log(`docs: ${pages.length} pages, ${passed} of ${scripts.length} code modules ran`);
process.exit(problems.length > 0 ? 1 : 0);
