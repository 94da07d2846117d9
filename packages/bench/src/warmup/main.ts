/**
 * `npm run bench:warmup`: smallest bulk ESS per 1,000 gradients, warm-up counted, of each warm-up on each model: 4 chains of
 * 1,000 + 1,000, means over seeds. `--json` prints the figures alone, `--only <text,…>` picks models by name, `--seeds <n>`.
 */
import type { Model } from '@pyro-ts/core';
import { parseArgs } from 'node:util';
import { benchmarkModels } from '../models';
import { loadPosterior, posteriors } from '../posteriordb';
import { formatTable } from '../table';
import { densityOf, measureWarmup, type WarmupRun } from './measure';
import { variants } from './variants';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '3' },
  },
});

const mean = (runs: readonly WarmupRun[], f: (run: WarmupRun) => number): number =>
  runs.reduce((sum, run) => sum + f(run), 0) / runs.length;

const models: readonly (readonly [string, () => Model<[]>])[] = [
  ...benchmarkModels().map(({ name, model }) => [name, () => model] as const),
  ...posteriors.map((declared) => [declared.name, () => loadPosterior(declared).model] as const),
];
const only = options.only.split(',');
const rows = models
  .filter(([name]) => only.some((text) => name.includes(text)))
  .map(([model, load]) => {
    const density = densityOf(load());
    const byVariant = variants.map((variant) => {
      const runs = Array.from({ length: Number(options.seeds) }, (_, k) =>
        measureWarmup(density, variant, k + 1),
      );
      return {
        warmup: variant.name,
        ess_per_1000_gradients: mean(
          runs,
          (run) => (1000 * run.ess) / (run.warmupGradients + run.sampleGradients),
        ),
        ess: mean(runs, (run) => run.ess),
        warmup_gradients: mean(runs, (run) => run.warmupGradients),
        sample_gradients: mean(runs, (run) => run.sampleGradients),
        divergences: mean(runs, (run) => run.divergences),
        max_rhat: Math.max(...runs.map((run) => run.rhat)),
      };
    });
    density.dispose?.();
    return { model, dim: density.dim, byVariant };
  });

if (options.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
else {
  const cells = rows.map(({ model, dim, byVariant }) => {
    const best = Math.max(...byVariant.map((row) => row.ess_per_1000_gradients));
    const figures = byVariant.map(
      ({ ess_per_1000_gradients: figure }) => `${figure.toPrecision(3)}${figure === best ? ' *' : '  '}`,
    );
    return [model, String(dim), ...figures];
  });
  process.stdout.write(`${formatTable(['model', 'D', ...variants.map(({ name }) => name)], cells)}\n`);
}
