/** What is found out about a run from its draws and its clock. */
import { essBulk, mcseMean, mean, rhat } from '@pyro-ts/diagnostics';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Watched } from './run-process';
import { setting } from './setting';

/** What a runner writes to `result.json`. */
export interface RunnerResult {
  /** Latent sites and how many scalars each has. */
  readonly sites: readonly (readonly [string, number])[];
  /** What a first run takes longer than one in which everything is compiled. */
  readonly compile_s: number;
  /** Warm-up and sampling. */
  readonly sample_s: number;
  readonly log_joints: readonly number[];
  readonly gradient_cpu_us: number;
  /** Leapfrog steps of the draws after the warm-up, where the runner tells. */
  readonly gradients: number | null;
}

export interface Figures {
  /** The least bulk ESS of a scalar, per second of warm-up and sampling, compilation left out. */
  readonly ess_per_s: number;
  readonly ess_per_s_with_compile: number;
  readonly gradient_cpu_us: number;
  readonly cold_s: number;
  readonly compile_s: number;
  readonly rss_mb: number;
  readonly min_ess: number;
  readonly max_rhat: number;
  readonly gradients_per_draw: number | null;
}

export interface ScalarMean {
  readonly scalar: string;
  readonly mean: number;
  readonly mcse: number;
}

export interface Measured {
  readonly figures: Figures;
  readonly means: readonly ScalarMean[];
  readonly logJoints: readonly number[];
}

/** Reads what a runner left in its folder. Every runner's draws go through the same code. */
export function measure(folder: string, { coldSeconds, peakMegabytes }: Watched): Measured {
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunnerResult;
  const bytes = readFileSync(join(folder, 'draws.f64'));
  const draws = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const scalars = scalarNames(result.sites);
  orderComponents(draws, scalars);
  const { numChains, numSamples } = setting;
  const byScalar = scalars.map((_, s) =>
    Array.from({ length: numChains }, (_unused, c) =>
      Float64Array.from(
        { length: numSamples },
        (_unusedToo, d) => draws[(c * numSamples + d) * scalars.length + s],
      ),
    ),
  );
  const minEss = Math.min(...byScalar.map((chains) => essBulk(chains)));
  const figures = {
    ess_per_s: minEss / result.sample_s,
    ess_per_s_with_compile: minEss / (result.compile_s + result.sample_s),
    gradient_cpu_us: result.gradient_cpu_us,
    cold_s: coldSeconds,
    compile_s: result.compile_s,
    rss_mb: peakMegabytes,
    min_ess: minEss,
    max_rhat: Math.max(...byScalar.map((chains) => rhat(chains))),
    gradients_per_draw: result.gradients === null ? null : result.gradients / (numChains * numSamples),
  };
  const means = byScalar.map((chains, s) => ({
    scalar: scalars[s],
    mean: mean(chains.flatMap((chain) => [...chain])),
    mcse: mcseMean(chains),
  }));
  return { figures, means, logJoints: result.log_joints };
}

function scalarNames(sites: RunnerResult['sites']): string[] {
  return sites.flatMap(([site, size]) =>
    size === 1 ? [site] : Array.from({ length: size }, (_, i) => `${site}[${i}]`),
  );
}

/** A mixture's components have no order of their own: each draw's are put in the order of their `mu`, in place. */
function orderComponents(draws: Float64Array, scalars: readonly string[]): void {
  const [mu, sigma, weights] = ['mu[0]', 'sigma[0]', 'weights[0]'].map((name) => scalars.indexOf(name));
  if (mu < 0 || sigma < 0 || weights < 0) return;
  for (let row = 0; row < draws.length; row += scalars.length) {
    const components = [0, 1, 2].sort((i, j) => draws[row + mu + i] - draws[row + mu + j]);
    for (const block of [mu, sigma, weights]) {
      const values = components.map((i) => draws[row + block + i]);
      draws.set(values, row + block);
    }
  }
}
