/**
 * `npm run bench:cold-start`: seconds of whole processes, from start to end, a summary printed on the way: the scripts in
 * packages/bench/cold-start, plain JavaScript on the built packages. The median of `--runs <n>` (7) of each, taken in turn.
 * `--json` prints the medians alone.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../table';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: '7' } },
});

const scripts = { 'eight schools': 'run-eight-schools', kidiq: 'run-kidiq', mesquite: 'run-mesquite' };
const folder = join(__dirname, '..', '..', 'cold-start');

/** @throws Error if the script fails or prints no summary */
function secondsOf(script: string): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, `${script}.js`)], {
    encoding: 'utf8',
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0 || !stdout.includes('Number of divergences'))
    throw new Error(`${script} ended with status ${status}: ${stderr}`);
  return seconds;
}

const seconds = new Map(Object.keys(scripts).map((model) => [model, [] as number[]]));
for (let run = 0; run < Number(options.runs); run++) {
  for (const [model, script] of Object.entries(scripts)) seconds.get(model)?.push(secondsOf(script));
}
const rows = [...seconds].map(([model, all]) => {
  const sorted = all.sort((a, b) => a - b);
  return { model, median_s: sorted[sorted.length >> 1], least_s: sorted[0] };
});
if (options.json) {
  process.stdout.write(`${JSON.stringify(rows.map(({ model, median_s }) => ({ model, median_s })))}\n`);
} else {
  const cells = rows.map((row) => [row.model, row.median_s.toFixed(3), row.least_s.toFixed(3)]);
  process.stdout.write(`${formatTable(['model', 'median s', 'least s'], cells)}\n`);
}
