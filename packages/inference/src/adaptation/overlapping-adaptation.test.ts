import { diagonalFamily } from '../metrics/diagonal';
import { gradientDiagonalFamily } from '../metrics/gradient-diagonal';
import { lowRankFamily } from '../metrics/low-rank-family';
import type { Metric, MetricEstimate, MetricFamily } from '../metrics/metric';
import { overlappingAdaptation, type OverlappingState } from './overlapping-adaptation';
import type { AdaptationInfo, AdaptationOptions, ReachedPoint } from './window-adaptation';

const reached = (i: number): ReachedPoint => ({
  position: Float64Array.of(Math.sin(i), 10 * Math.cos(3 * i)),
  gradient: Float64Array.of(Math.cos(5 * i), -Math.sin(7 * i)),
});

const ended: AdaptationInfo = { acceptProb: 0.8, numSteps: 7, treeDepth: 3, diverging: false };

function run(
  family: MetricFamily,
  options: AdaptationOptions,
  info = ended,
): { states: OverlappingState[]; searches: number[] } {
  const adaptation = overlappingAdaptation(family, options);
  const searches: number[] = [];
  let iteration = -1;
  const search = (_metric: unknown, stepSize: number): number => {
    searches.push(iteration);
    return 2 * stepSize;
  };
  let state = adaptation.init({ stepSize: 0.1, metric: family.identity }, search);
  const states: OverlappingState[] = [];
  for (iteration = 0; iteration < options.numWarmup; iteration++) {
    state = adaptation.update(state, reached(iteration), info, search);
    states.push(state);
  }
  return { states, searches };
}

/** An estimate that gives another metric. */
const withMetric = (estimate: MetricEstimate, metric: () => Metric): MetricEstimate => ({
  state: estimate.state,
  add: (position, gradient) => withMetric(estimate.add(position, gradient), metric),
  metric,
});

describe('overlapping adaptation', () => {
  it('renews a cheap metric after every draw from the third to the last 15 %, and then keeps it', () => {
    const family = gradientDiagonalFamily(2);
    const { states, searches } = run(family, { numWarmup: 200 });
    const changes = states.flatMap((s, i) =>
      s.parameters.metric === (states[i - 1]?.parameters.metric ?? family.identity) ? [] : [i],
    );
    expect(changes).toEqual(Array.from({ length: 168 }, (_, i) => i + 2));
    // At the start, and when the first estimate came.
    expect(searches).toEqual([-1, 2]);
  });

  it('forgets: an estimate has the draws of at most two windows, each half as long again as the one before', () => {
    const { states } = run(gradientDiagonalFamily(2), { numWarmup: 1000 });
    const counts = states.slice(0, 850).map(({ count }) => count);
    const switches = counts.flatMap((count, i) => (i > 0 && count <= counts[i - 1] ? [[i, count]] : []));
    // The first estimate has all draws until the second takes over; the next windows end at 785 and begin too late.
    expect(switches).toEqual([
      [24, 15],
      [47, 23],
      [82, 35],
      [135, 53],
      [215, 80],
      [335, 120],
      [515, 180],
    ]);
  });

  it('renews a costly metric when an estimate takes over, and after the last draw that counts', () => {
    const family = lowRankFamily(2);
    const { states } = run(family, { numWarmup: 1000 });
    const changes = states.flatMap((s, i) =>
      s.parameters.metric === (states[i - 1]?.parameters.metric ?? family.identity) ? [] : [i],
    );
    expect(changes).toEqual([9, 24, 47, 82, 135, 215, 335, 515, 849]);
  });

  it('takes smaller steps in the last 15 % where trajectories of 7 steps prevail over those of 3, or many diverge', () => {
    const family = gradientDiagonalFamily(2);
    const targetAfter = (info: AdaptationInfo): readonly number[] => {
      const { states } = run(family, { numWarmup: 200 }, info);
      return [states[169].target, states[170].target, states[199].target];
    };
    // 3 + 4 · 0.6 = 5.4 on average: 60 % long ones.
    expect(targetAfter({ ...ended, numSteps: 5.4 })).toEqual([0.8, 0.9, 0.9]);
    for (const numSteps of [3, 4.5, 7, 6.9]) {
      expect(targetAfter({ ...ended, numSteps })).toEqual([0.8, 0.8, 0.8]);
    }
    // Of fixed length: HMC.
    expect(targetAfter({ ...ended, numSteps: 5.4, treeDepth: 0 })).toEqual([0.8, 0.8, 0.8]);
    // Diverging trajectories.
    expect(targetAfter({ ...ended, diverging: true })).toEqual([0.8, 0.9, 0.9]);
    const { states } = run(family, { numWarmup: 200, targetAcceptProb: 0.95 }, { ...ended, numSteps: 5.4 });
    expect(states[199].target).toBe(0.95);
  });

  it('takes smaller steps, searched for anew, while the draws are far from normal', () => {
    const family = lowRankFamily(2);
    let isFar = false;
    const sometimes: MetricFamily = {
      ...family,
      isCheap: true,
      estimator: (state) =>
        withMetric(family.estimator(state), () => ({
          ...family.identity,
          ...(isFar ? { isFarFromNormal: true as const } : {}),
        })),
    };
    const adaptation = overlappingAdaptation(sometimes, { numWarmup: 200 });
    let searches = 0;
    const search = (_metric: unknown, stepSize: number): number => (searches++, stepSize);
    let state = adaptation.init({ stepSize: 0.1, metric: family.identity }, search);
    const targets: number[] = [];
    for (let i = 0; i < 200; i++) {
      isFar = i >= 50 && i < 80;
      state = adaptation.update(state, reached(i), ended, search);
      targets.push(state.target);
    }
    expect([49, 50, 79, 80, 199].map((i) => targets[i])).toEqual([0.8, 0.9, 0.9, 0.8, 0.8]);
    // At the start, for the first estimate, and at each change.
    expect(searches).toBe(4);
  });

  it('keeps what it is told not to adapt, and makes do with few iterations', () => {
    const family = diagonalFamily(2);
    const fixed = run(family, { numWarmup: 100, adaptMassMatrix: false });
    expect(fixed.states.at(-1)?.parameters.metric).toBe(family.identity);
    const step = run(family, { numWarmup: 100, adaptStepSize: false });
    expect(new Set(step.states.map((s) => s.parameters.stepSize))).toEqual(new Set([0.1]));
    expect(step.searches).toEqual([]);
    for (const numWarmup of [1, 2, 5, 9]) {
      expect(run(family, { numWarmup }).states.at(-1)?.parameters.stepSize).toBeGreaterThan(0);
    }
  });

  it.each([
    ['diagonal', gradientDiagonalFamily(2)],
    ['low-rank', lowRankFamily(2)],
  ])('goes on from what it saved with the same bits, %s', (_name, family) => {
    const adaptation = overlappingAdaptation(family, { numWarmup: 200 });
    const search = (_metric: unknown, stepSize: number): number => stepSize;
    const { states } = run(family, { numWarmup: 200 });
    for (const at of [0, 1, 7, 40, 130, 180]) {
      let restored = adaptation.restore(structuredClone(adaptation.save(states[at])));
      let kept = states[at];
      for (let i = at + 1; i < 200; i++) {
        restored = adaptation.update(restored, reached(i), ended, search);
        kept = adaptation.update(kept, reached(i), ended, search);
      }
      expect(adaptation.final(restored).stepSize).toBe(adaptation.final(kept).stepSize);
      expect(adaptation.save(restored)).toEqual(adaptation.save(kept));
    }
  });
});
