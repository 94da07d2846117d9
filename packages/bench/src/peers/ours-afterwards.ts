/** What a run of ours measures after its summary is printed. */
import { unconstrainModel, type Model } from '@pyro-ts/core';
import type { NdArray } from '@pyro-ts/ops';
import { compileGradient } from '../gradient/compiled-gradient';
import type { RunnerResult } from './figures';

/** The draws of the sites that peers have too, deterministic ones left out: [chains · draws, all their scalars]. */
export function flatDraws(
  model: Model<[]>,
  samples: Readonly<Record<string, NdArray>>,
): { sites: RunnerResult['sites']; draws: Float64Array } {
  const names = unconstrainModel(model, []).sites.map(({ name }) => name);
  const rows = samples[names[0]].shape[0] * samples[names[0]].shape[1];
  const sites = names.map((name) => [name, samples[name].data.length / rows] as const);
  const width = sites.reduce((sum, [, size]) => sum + size, 0);
  const draws = new Float64Array(rows * width);
  let offset = 0;
  for (const [name, size] of sites) {
    for (let row = 0; row < rows; row++)
      draws.set(samples[name].data.subarray(row * size, (row + 1) * size), row * width + offset);
    offset += size;
  }
  return { sites, draws };
}

/** CPU microseconds of a value and gradient at the origin, all threads counted: the least of several slices. */
export function gradientCpuUs(model: Model<[]>): number {
  const { program } = compileGradient(model);
  const slice = (n: number): number => {
    const start = process.cpuUsage();
    for (let i = 0; i < n; i++) program.call();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  let n = 1;
  while (slice(n) < 300_000) n *= 2;
  return Math.min(...Array.from({ length: 5 }, () => slice(n))) / n;
}
