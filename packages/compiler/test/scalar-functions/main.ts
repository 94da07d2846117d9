/**
 * `npm run generate:scalars` translates the scalar functions of ops to data that the compiler makes WebAssembly of;
 * with `--check` it only says whether what is there is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { generated, target } from './generate';

void generated().then((text) => {
  if (!process.argv.includes('--check')) return writeFileSync(target, text);
  if (readFileSync(target, 'utf8') === text) return;
  console.error(`${target} is out of date: run npm run generate:scalars`);
  process.exitCode = 1;
});
