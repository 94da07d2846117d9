/**
 * `npm run posteriordb`: NUTS, 4 chains of 1,000 + 2,000, on every posterior that is written as a model here, against its
 * reference. `--json` prints the figures alone, `--only <text>` picks posteriors by name, `--seed <n>` sets the seed.
 * Fails if a mean is 4 combined Monte Carlo errors off or R-hat reaches 1.01.
 */
import { parseArgs } from 'node:util';
import { loadPosterior, posteriors } from '.';
import { formatNumber, formatTable } from '../table';
import { runNuts } from './run-nuts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '20240611' },
  },
});

interface Row {
  readonly posterior: string;
  readonly max_z: number;
  readonly max_rhat: number;
  readonly min_ess: number;
  readonly seconds: number;
}

async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const declared of posteriors.filter(({ name }) => name.includes(options.only))) {
    const { posterior, scalars, seconds } = await runNuts(loadPosterior(declared), Number(options.seed));
    rows.push({
      posterior,
      max_z: Math.max(...scalars.map(({ z }) => Math.abs(z))),
      max_rhat: Math.max(...scalars.map(({ rhat }) => rhat)),
      min_ess: Math.min(...scalars.map(({ ess }) => ess)),
      seconds,
    });
  }
  const isWrong = (row: Row): boolean => !(row.max_z < 4 && row.max_rhat < 1.01);
  if (rows.some(isWrong)) process.exitCode = 1;
  if (options.json) {
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const cells = rows.map((row) => [
    row.posterior,
    row.max_z.toFixed(2),
    row.max_rhat.toFixed(4),
    row.min_ess.toFixed(0),
    formatNumber(row.seconds),
    isWrong(row) ? 'off' : '',
  ]);
  const titles = ['posterior', 'max z', 'max R-hat', 'min ESS', 'seconds', ''];
  process.stdout.write(`${formatTable(titles, cells)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
