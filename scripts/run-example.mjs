/** `npm run example <name> [options]`: runs examples/<name>/run.ts, with tsx where Node does not strip types itself. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const folder = fileURLToPath(new URL('../examples', import.meta.url));
const [name, ...options] = process.argv.slice(2);
const script = join(folder, name ?? '', 'run.ts');
if (name === undefined || !existsSync(script)) {
  const names = readdirSync(folder).filter((entry) => existsSync(join(folder, entry, 'run.ts')));
  console.error(`no example '${name ?? ''}'. Examples: ${names.join(', ')}`);
  process.exit(2);
}
const flags = process.features.typescript ? [] : ['--import', 'tsx'];
const { status } = spawnSync(process.execPath, [...flags, script, ...options], { stdio: 'inherit' });
process.exit(status ?? 1);
