/**
 * `npm run golden`: every row of the golden tables in float64, by family. `--json` prints the summary alone,
 * `--failures` lists what failed. The folder of the tables is PYRO_GOLDEN_DIR, else packages/testing/golden.
 */
import { runGolden, summarise } from '../packages/distributions/test/golden/run';

const outcomes = runGolden();
const summary = summarise(outcomes);
const { rows, failed, notImplemented } = summary.total;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

if (process.argv.includes('--json')) {
  write(JSON.stringify(summary));
} else {
  const width = Math.max(...summary.families.map(({ table, family }) => table.length + family.length + 1), 6);
  write(`${'family'.padEnd(width)}  rows  failed  largest error`);
  for (const f of summary.families) {
    const error =
      f.largestError === null
        ? 'not implemented'
        : typeof f.largestError === 'number'
          ? f.largestError.toExponential(1)
          : f.largestError;
    write(
      `${`${f.table} ${f.family}`.padEnd(width)}  ${String(f.rows).padStart(4)}  ${String(f.failed).padStart(6)}  ${error}`,
    );
  }
  if (process.argv.includes('--failures')) {
    for (const o of outcomes)
      for (const failure of o.status === 'failed' ? o.failures : []) write(`${o.id}: ${failure}`);
  }
  write(`${rows} rows, ${failed} failed, ${notImplemented} not implemented`);
}
process.exitCode = failed > 0 ? 1 : 0;
