/**
 * `npm run bench:gradient`: microseconds per value and gradient, wasm (float64, strict SIMD) beside C.
 * `--json` prints the figures alone, `--only <text>` picks models by name, `--pairs <n>` sets how often both are timed.
 */
import { parseArgs } from 'node:util';
import { benchmarkModels } from '../models';
import { formatNumber, formatTable } from '../table';
import { bars } from './bars';
import { measureGradient } from './measure';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    pairs: { type: 'string', default: '201' },
  },
});

async function main(): Promise<void> {
  const models = benchmarkModels().filter(({ name }) => name.includes(options.only));
  const timings = [];
  for (const model of models) {
    const timing = await measureGradient(model, Number(options.pairs));
    timings.push({ ...timing, bar: bars[model.c] });
  }
  if (options.json) {
    const rows = timings.map(({ model, wasmUs, cUs, ratio }) => ({
      model,
      wasm_us: wasmUs,
      c_us: cUs,
      ratio,
    }));
    process.stdout.write(`${JSON.stringify(rows)}\n`);
    return;
  }
  const rows = timings.map(({ model, wasmUs, cUs, ratio, ratioOfMinima, bar, difference }) => [
    model,
    formatNumber(wasmUs),
    formatNumber(cUs),
    ratio.toFixed(2),
    ratioOfMinima.toFixed(2),
    `${bar}${ratio > bar ? ' !' : '  '}`,
    difference.toExponential(0),
  ]);
  const titles = ['model', 'wasm µs', 'C µs', 'ratio', 'of minima', 'bar  ', 'difference'];
  process.stdout.write(`${formatTable(titles, rows)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
