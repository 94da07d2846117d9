/** What NUTS costs outside the gradient: the time of transitions, less that of as many gradients measured beside it. */
import {
  Chain,
  ChainRecord,
  compiledLogDensity,
  diagonalFamily,
  driveSlice,
  nutsSampler,
  Progress,
} from '@pyro-ts/inference';
import type { tf } from '@pyro-ts/ops';

export interface NutsTarget {
  readonly model: string;
  readonly dim: number;
  readonly density: (q: tf.Tensor) => tf.Tensor;
  readonly stepSize: number;
}

export interface NutsTiming {
  readonly model: string;
  readonly dim: number;
  /** Mean gradients of a transition. */
  readonly leapfrogs: number;
  /** Nanoseconds, medians over slices. */
  readonly leapfrogNs: number;
  readonly gradientNs: number;
  /** Median over the slices of leapfrog − gradient; and that of the fastest slices of both. */
  readonly outsideNs: number;
  readonly outsideOfMinimaNs: number;
}

/** Milliseconds. Short: on a busy machine most slices then fall between two interruptions. */
const sliceMs = 0.5;
const warmUpMs = 400;
/** More draws than a slice can hold. */
const capacity = (dim: number): number => Math.max(2000, Math.ceil(200_000 / dim));

const median = (samples: readonly number[]): number => samples.toSorted((a, b) => a - b)[samples.length >> 1];

/**
 * What `MCMC` does while it samples, slice of time by slice of time: transitions, each draw and its diagnostics written
 * into the record of the chain, counts for progress events, looks at the clock. Metric: diagonal.
 */
export function measureNuts(target: NutsTarget, slices: number): NutsTiming {
  const { dim, stepSize } = target;
  const density = compiledLogDensity()(target.density, dim);
  const { program } = density;
  if (program === undefined) throw new Error(`${target.model} has no program`);
  const numTransitions = 1e9;
  const chain = new Chain({
    target: density,
    sampler: () => nutsSampler(density),
    family: diagonalFamily(dim),
    options: { stepSize, adaptStepSize: false },
    numWarmup: 0,
    numTransitions,
    key: [1, 2],
    chain: 0,
    start: new Float64Array(dim).fill(0.1),
  });
  const progress = new Progress(0, { warmup: 0, sample: numTransitions }, sliceMs);
  const record = new ChainRecord(dim, capacity(dim), 1);
  let [allLeapfrogs, allTransitions] = [0, 0];
  /** Nanoseconds a leapfrog over a slice. */
  const timeSlice = (): number => {
    record.length = 0;
    const start = performance.now();
    driveSlice(chain, record, progress);
    const elapsed = performance.now() - start;
    let leapfrogs = 0;
    for (let i = 0; i < record.length; i++) leapfrogs += record.fields.numSteps[i];
    allLeapfrogs += leapfrogs;
    allTransitions += record.length;
    return (elapsed * 1e6) / leapfrogs;
  };
  const timeGradients = (count: number): number => {
    const start = performance.now();
    for (let i = 0; i < count; i++) program.call();
    return ((performance.now() - start) * 1e6) / count;
  };

  let gradients = 100;
  for (const start = performance.now(); performance.now() - start < warmUpMs;) {
    timeSlice();
    gradients = Math.max(3, Math.ceil((sliceMs * 1e6) / timeGradients(gradients)));
  }
  [allLeapfrogs, allTransitions] = [0, 0];
  const pairs = Array.from({ length: slices }, () => [timeSlice(), timeGradients(gradients)] as const);
  const [leapfrog, gradient] = [0, 1].map((k) => pairs.map((pair) => pair[k]));
  density.dispose?.();
  return {
    model: target.model,
    dim,
    leapfrogs: allLeapfrogs / allTransitions,
    leapfrogNs: median(leapfrog),
    gradientNs: median(gradient),
    outsideNs: median(pairs.map(([l, g]) => l - g)),
    outsideOfMinimaNs: Math.min(...leapfrog) - Math.min(...gradient),
  };
}
