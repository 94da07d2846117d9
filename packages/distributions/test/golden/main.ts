/**
 * `npm run golden`: every row of the golden tables in float64, by family. `--json` prints the summary alone,
 * `--failures` lists what failed. The folder of the tables is PYRO_GOLDEN_DIR, else packages/testing/golden.
 */
import { runGolden, summarise, type FamilySummary } from './run';

const write = (line: string): void => void process.stdout.write(`${line}\n`);

function describeError({ largestError }: FamilySummary): string {
  if (largestError === null) return 'not implemented';
  return typeof largestError === 'number' ? largestError.toExponential(1) : largestError;
}

const outcomes = runGolden();
const summary = summarise(outcomes);
const { rows, failed, notImplemented } = summary.total;

if (process.argv.includes('--json')) {
  write(JSON.stringify(summary));
} else {
  const width = Math.max(...summary.families.map(({ table, family }) => table.length + family.length + 1), 6);
  write(`${'family'.padEnd(width)}  rows  failed  largest error`);
  for (const f of summary.families) {
    const name = `${f.table} ${f.family}`.padEnd(width);
    write(`${name}  ${String(f.rows).padStart(4)}  ${String(f.failed).padStart(6)}  ${describeError(f)}`);
  }
  if (process.argv.includes('--failures')) {
    const bad = outcomes.filter(({ status }) => status === 'failed');
    for (const { id, failures } of bad) for (const failure of failures) write(`${id}: ${failure}`);
  }
  const notes = new Set(outcomes.flatMap(({ note }) => (note === undefined ? [] : [note])));
  for (const note of notes) write(`note: ${outcomes.filter((o) => o.note === note).length} rows ${note}`);
  write(`${rows} rows, ${failed} failed, ${notImplemented} not implemented`);
}
process.exitCode = failed > 0 ? 1 : 0;
