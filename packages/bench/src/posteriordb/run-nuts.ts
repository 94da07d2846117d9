/** NUTS on a posterior, held against its reference scalar by scalar. */
import { essBulk, mcseMean, mean, rhat, standardDeviation } from '@pyro-ts/diagnostics';
import { MCMC, NUTS } from '@pyro-ts/inference';
import { nutsOptions } from './nuts-options';
import type { Posterior } from './posterior';

export interface ScalarComparison {
  /** As the reference calls it: `beta[1]`. */
  readonly scalar: string;
  /** Distance of the means in units of their combined Monte Carlo errors. */
  readonly z: number;
  readonly sdRatio: number;
  readonly rhat: number;
  readonly ess: number;
}

export interface NutsComparison {
  readonly posterior: string;
  readonly scalars: readonly ScalarComparison[];
  /** From model to draws, tracing and compilation included. */
  readonly seconds: number;
}

const chains = 4;
const draws = 2000;

/** 4 chains of 1,000 + 2,000. */
export async function runNuts({ name, model, reference }: Posterior, seed: number): Promise<NutsComparison> {
  const mcmc = MCMC(NUTS(model, nutsOptions[name] ?? {}), { numWarmup: 1000, numSamples: draws, seed });
  const start = performance.now();
  const { samples } = await mcmc.run();
  const seconds = (performance.now() - start) / 1000;
  const scalars = Object.entries(reference.parameters).map(([scalar, expected]) => {
    const [, site, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(scalar) as unknown as [string, string, string?];
    const { data, shape } = samples[site];
    const size = shape[2] ?? 1;
    const element = index === undefined ? 0 : Number(index) - 1;
    const byChain = Array.from({ length: chains }, (_, c) =>
      Float64Array.from({ length: draws }, (_unused, d) => data[(c * draws + d) * size + element]),
    );
    const all = byChain.flatMap((chain) => [...chain]);
    return {
      scalar,
      z: (mean(all) - expected.mean) / Math.hypot(mcseMean(byChain), expected.mcse_mean),
      sdRatio: standardDeviation(all) / expected.sd,
      rhat: rhat(byChain),
      ess: essBulk(byChain),
    };
  });
  return { posterior: name, scalars, seconds };
}
