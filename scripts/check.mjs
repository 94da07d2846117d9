/** `npm run check`: every check that is not a test, one after another; all run even if one fails. */
import { spawnSync } from 'node:child_process';

const parts = ['format', 'lint', 'types', 'arrows', 'docs', 'examples', 'packaging'];
const failed = parts.filter((part) => {
  const start = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', `check:${part}`], { stdio: 'inherit' });
  console.log(
    `${status === 0 ? 'ok  ' : 'FAIL'} check:${part} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
  );
  return status !== 0;
});
if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
process.exit(failed.length > 0 ? 1 : 0);
