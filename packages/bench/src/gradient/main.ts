/**
 * `npm run bench:gradient`: microseconds per value and gradient, wasm (float64, strict SIMD) beside C; with `--variants`,
 * of the same models written otherwise beside the models.
 * `--json` prints the figures alone, `--only <text>` picks models by name, `--pairs <n>` sets how often both are timed.
 */
import { parseArgs } from 'node:util';
import { benchmarkModels, type BenchmarkModel } from '../models';
import { formatNumber, formatTable } from '../table';
import { bars } from './bars';
import { measureGradient } from './measure';
import { measureVariants, variantBar } from './measure-variants';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    variants: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    pairs: { type: 'string', default: '201' },
  },
});

const pairs = Number(options.pairs);

/** A bar, marked if it is missed. */
const against = (ratio: number, bar: number): string => `${bar}${ratio > bar ? ' !' : '  '}`;

async function besideC(models: readonly BenchmarkModel[]): Promise<string> {
  const timings = [];
  for (const model of models) {
    const timing = await measureGradient(model, pairs);
    timings.push({ ...timing, bar: bars[model.c] });
  }
  if (options.json) {
    const rows = timings.map(({ model, wasmUs, cUs, ratio }) => ({
      model,
      wasm_us: wasmUs,
      c_us: cUs,
      ratio,
    }));
    return JSON.stringify(rows);
  }
  const rows = timings.map(({ model, wasmUs, cUs, ratio, ratioOfMinima, bar, difference }) => [
    model,
    formatNumber(wasmUs),
    formatNumber(cUs),
    ratio.toFixed(2),
    ratioOfMinima.toFixed(2),
    against(ratio, bar),
    difference.toExponential(0),
  ]);
  return formatTable(['model', 'wasm µs', 'C µs', 'ratio', 'of minima', 'bar  ', 'difference'], rows);
}

function besideEachOther(models: readonly BenchmarkModel[]): string {
  const timings = models.flatMap((model) => measureVariants(model, pairs));
  if (options.json) {
    const rows = timings.map(({ model, variant, variantUs, modelUs, ratio }) => ({
      model,
      variant,
      variant_us: variantUs,
      model_us: modelUs,
      ratio,
    }));
    return JSON.stringify(rows);
  }
  const rows = timings.map(({ model, variant, variantUs, modelUs, ratio, ratioOfMinima }) => [
    `${model}: ${variant}`,
    formatNumber(variantUs),
    formatNumber(modelUs),
    ratio.toFixed(2),
    ratioOfMinima.toFixed(2),
    against(ratio, variantBar),
  ]);
  return formatTable(['written otherwise', 'µs', 'model µs', 'ratio', 'of minima', 'bar  '], rows);
}

async function main(): Promise<void> {
  const models = benchmarkModels().filter(({ name }) => name.includes(options.only));
  const text = options.variants ? besideEachOther(models) : await besideC(models);
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
