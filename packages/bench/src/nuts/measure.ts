/** What NUTS costs outside the gradient: the time of transitions, less that of as many gradients measured beside it. */
import { compiledLogDensity, diagonalMetric, nutsSampler, randomSource } from '@pyro-ts/inference';
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

/** Short: on a busy machine most slices then fall between two interruptions. */
const sliceUs = 300;
const warmUpMs = 400;

const median = (samples: readonly number[]): number => samples.toSorted((a, b) => a - b)[samples.length >> 1];

/**
 * Whole transitions, one call of the sampler each: momentum, tree, random numbers, and the copy of the draw are in it.
 * Metric: diagonal.
 */
export function measureNuts(target: NutsTarget, slices: number): NutsTiming {
  const { dim, stepSize } = target;
  const density = compiledLogDensity()(target.density, dim);
  const { program } = density;
  if (program === undefined) throw new Error(`${target.model} has no program`);
  const sampler = nutsSampler(density);
  const parameters = { stepSize, metric: diagonalMetric(new Float64Array(dim).fill(1)) };
  let state = sampler.init(new Float64Array(dim).fill(0.1));
  let iteration = 0;
  let [allLeapfrogs, allTransitions] = [0, 0];
  /** Nanoseconds a leapfrog over so many transitions. */
  const timeTransitions = (count: number): number => {
    let leapfrogs = 0;
    const start = performance.now();
    for (let i = 0; i < count; i++) {
      const random = randomSource([1, 2], 0, 'transition', iteration++);
      const next = sampler.step(random, state, parameters);
      state = next.state;
      leapfrogs += next.info.numSteps;
    }
    const elapsed = performance.now() - start;
    allLeapfrogs += leapfrogs;
    allTransitions += count;
    return (elapsed * 1e6) / leapfrogs;
  };
  const timeGradients = (count: number): number => {
    const start = performance.now();
    for (let i = 0; i < count; i++) program.call();
    return ((performance.now() - start) * 1e6) / count;
  };

  let transitions = 10;
  let gradients = 100;
  for (const start = performance.now(); performance.now() - start < warmUpMs;) {
    const leapfrogs = allLeapfrogs;
    const perLeapfrog = timeTransitions(transitions);
    const perTransition = (perLeapfrog * (allLeapfrogs - leapfrogs)) / transitions;
    transitions = Math.max(3, Math.ceil((sliceUs * 1000) / perTransition));
    gradients = Math.max(3, Math.ceil((sliceUs * 1000) / timeGradients(gradients)));
  }
  [allLeapfrogs, allTransitions] = [0, 0];
  const pairs = Array.from(
    { length: slices },
    () => [timeTransitions(transitions), timeGradients(gradients)] as const,
  );
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
