/**
 * Writes dist/index.mjs and dist/index.d.mts beside each package's CommonJS build: named exports that
 * re-export the one CommonJS copy, so `import` and `require` share classes, the handler stack and registries.
 */
import { createRequire } from 'node:module';
import { readdirSync, writeFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const packages = fileURLToPath(new URL('../packages', import.meta.url));
const identifier = /^[A-Za-z_$][\w$]*$/;

for (const name of readdirSync(packages)) {
  const entry = join(packages, name, 'dist', 'index.js');
  if (!existsSync(entry)) continue;
  const names = Object.keys(require(entry)).filter((key) => identifier.test(key) && key !== 'default');
  const list = names.map((key) => `export const ${key} = cjs.${key};`).join('\n');
  writeFileSync(join(packages, name, 'dist', 'index.mjs'), `import cjs from './index.js';\n${list}\n`);
  writeFileSync(join(packages, name, 'dist', 'index.d.mts'), `export * from './index.js';\n`);
}
