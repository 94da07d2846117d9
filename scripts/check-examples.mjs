/** Runs every example's run.ts with `--quick` (small settings) and fails if one does. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('..', import.meta.url));
const examples = readdirSync(join(root, 'examples')).filter((name) =>
  existsSync(join(root, 'examples', name, 'run.ts')),
);
let failed = 0;
for (const name of examples) {
  const start = performance.now();
  const run = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'examples', name, 'run.ts'), '--quick'],
    { cwd: root, encoding: 'utf8', timeout: 300_000 },
  );
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${run.status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (run.status === 0) continue;
  failed++;
  console.error(run.stdout + run.stderr);
}
console.log(`examples: ${examples.length - failed} of ${examples.length} ran`);
process.exit(failed > 0 || examples.length === 0 ? 1 : 0);
