/** What a run of ours measures after its summary is printed. */
import { unconstrainModel, type Model } from '@pyro-ts/core';
import { compileGradient } from '../gradient/compiled-gradient';

/** The sites that peers have too: no deterministic ones. */
export function latentSites(model: Model<[], unknown>, samples: object): string[] {
  const latent = unconstrainModel(model as Model<[]>, []).sites.map(({ name }) => name);
  return Object.keys(samples).filter((site) => latent.includes(site));
}

/** CPU microseconds of a value and gradient at the origin, all threads counted: the least of several slices. */
export function gradientCpuUs(model: Model<[], unknown>): number {
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
