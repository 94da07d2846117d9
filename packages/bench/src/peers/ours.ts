/**
 * One run of ours as a process of its own: `node ours.js <model> <folder for results> <seed>`. Samples, prints the
 * summary and the line `@summary`; then writes the draws and measures the gradient.
 */
import { MCMC, NUTS } from '@pyro-ts/inference';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchmarkModel } from '../models';
import { setting } from './setting';

/** Kept apart from what comes after the summary, so that no more is loaded than a user loads. */
async function sample(name: string, folder: string, seed: number): Promise<void> {
  const start = performance.now();
  let compiled = start;
  const { model } = benchmarkModel(name);
  const mcmc = MCMC(NUTS(model), {
    ...setting,
    seed,
    onEvent: ({ type }) => {
      if (type === 'start') compiled = performance.now();
    },
  });
  const { samples, extraFields } = await mcmc.run();
  const end = performance.now();
  mcmc.printSummary();
  process.stdout.write('@summary\n');
  const { latentSites, gradientCpuUs } = await import('./ours-afterwards.js');
  const sites = latentSites(model, samples);
  const rows = setting.numChains * setting.numSamples;
  const size = (site: string): number => samples[site].data.length / rows;
  const width = sites.reduce((sum, site) => sum + size(site), 0);
  const draws = new Float64Array(rows * width);
  let offset = 0;
  for (const site of sites) {
    const n = size(site);
    for (let row = 0; row < rows; row++)
      draws.set(samples[site].data.subarray(row * n, (row + 1) * n), row * width + offset);
    offset += n;
  }
  writeFileSync(join(folder, 'draws.f64'), draws);
  const result = {
    sites: sites.map((site) => [site, size(site)]),
    compile_s: (compiled - start) / 1000,
    sample_s: (end - compiled) / 1000,
    log_joints: [],
    gradient_cpu_us: gradientCpuUs(model),
    gradients: Float64Array.from(extraFields.numSteps.data).reduce((sum, n) => sum + n, 0),
  };
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
}

const [name, folder, seed] = process.argv.slice(2);
sample(name, folder, Number(seed)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
