/**
 * Ours as a process of its own: `node ours.js <model> <folder for results> <seed>`. Samples, prints the summary and the line
 * `@summary`; then samples again, writes the draws and measures the gradient.
 */
import type { Model } from '@pyro-ts/core';
import { MCMC, NUTS, type McmcRun } from '@pyro-ts/inference';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarkModel } from '../models';
import { setting } from './setting';

interface Timed {
  readonly run: McmcRun<[]>;
  readonly seconds: number;
  /** From the first transition on. */
  readonly sampleSeconds: number;
}

async function sample(model: Model<[]>, seed: number): Promise<Timed> {
  const start = performance.now();
  let compiled = start;
  const run = MCMC(NUTS(model), {
    ...setting,
    seed,
    onEvent: ({ type }) => {
      if (type === 'start') compiled = performance.now();
    },
  });
  await run.run();
  const end = performance.now();
  return { run, seconds: (end - start) / 1000, sampleSeconds: (end - compiled) / 1000 };
}

async function main([name, folder, seed]: readonly string[]): Promise<void> {
  const model = benchmarkModel(name).model as Model<[]>;
  const first = await sample(model, Number(seed));
  first.run.printSummary();
  process.stdout.write('@summary\n');
  // Loaded only now: no more goes before the summary than a user loads.
  const { flatDraws, gradientCpuUs } = await import('./ours-afterwards.js');
  // The same draws again, by an engine that has compiled everything: what the first run took longer is compilation.
  const second = await sample(model, Number(seed));
  const { sites, draws } = flatDraws(model, first.run.result.samples);
  writeFileSync(join(folder, 'draws.f64'), draws);
  const { numSteps } = first.run.result.extraFields;
  const result = {
    sites,
    compile_s: first.seconds - second.sampleSeconds,
    sample_s: second.sampleSeconds,
    log_joints: [],
    gradient_cpu_us: gradientCpuUs(model),
    gradients: Array.from(numSteps.data).reduce((sum, n) => sum + n, 0),
  };
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
