import { diagonalFamily } from '../metrics/diagonal';
import { gradientDiagonalFamily } from '../metrics/gradient-diagonal';
import { lowRankFamily } from '../metrics/low-rank-family';
import type { MetricFamily } from '../metrics/metric';
import { overlappingAdaptation, type OverlappingState } from './overlapping-adaptation';
import type { AdaptationOptions, ReachedPoint } from './window-adaptation';

const reached = (i: number): ReachedPoint => ({
  position: Float64Array.of(Math.sin(i), 10 * Math.cos(3 * i)),
  gradient: Float64Array.of(Math.cos(5 * i), -Math.sin(7 * i)),
});

function run(
  family: MetricFamily,
  options: AdaptationOptions,
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
    state = adaptation.update(state, reached(iteration), 0.8, search);
    states.push(state);
  }
  return { states, searches };
}

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

  it('forgets: an estimate has the draws of at most two windows, of 10 early and of 80 later', () => {
    const { states } = run(gradientDiagonalFamily(2), { numWarmup: 1000 });
    const counts = states.map(({ count }) => count);
    expect(Math.max(...counts.slice(0, 300))).toBe(19);
    expect(Math.max(...counts.slice(400, 770))).toBe(159);
    expect(Math.min(...counts.slice(400, 850))).toBeGreaterThanOrEqual(80);
  });

  it('renews a costly metric only when an estimate takes over', () => {
    const family = lowRankFamily(2);
    const { states } = run(family, { numWarmup: 1000 });
    const changes = states.filter(
      (s, i) => s.parameters.metric !== (states[i - 1]?.parameters.metric ?? family.identity),
    );
    expect(changes.length).toBeGreaterThan(30);
    expect(changes.length).toBeLessThan(40);
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
        restored = adaptation.update(restored, reached(i), 0.7, search);
        kept = adaptation.update(kept, reached(i), 0.7, search);
      }
      expect(adaptation.final(restored).stepSize).toBe(adaptation.final(kept).stepSize);
      expect(adaptation.save(restored)).toEqual(adaptation.save(kept));
    }
  });
});
