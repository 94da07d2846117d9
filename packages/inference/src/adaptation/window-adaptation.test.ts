import { correlatedNormal, scaledNormal } from '../../test/targets';
import { energyOf, allocatePoint, initState, setState } from '../integrators/phase-point';
import { leapfrog } from '../integrators/leapfrog';
import { diagonalFamily, diagonalMetric } from '../metrics/diagonal';
import { randomSource } from '../random/random-source';
import { findReasonableStepSize } from './step-size-search';
import {
  windowAdaptation,
  type AdaptationInfo,
  type AdaptationState,
  type ReachedPoint,
  type StepSizeSearch,
} from './window-adaptation';
import { warmupWindows } from './windows';

const family = diagonalFamily(2);
const reached = (i: number): ReachedPoint => ({
  position: Float64Array.of(Math.sin(i), 10 * Math.cos(3 * i)),
  gradient: new Float64Array(2),
});

const ended = (acceptProb: number): AdaptationInfo => ({
  acceptProb,
  numSteps: 7,
  treeDepth: 3,
  diverging: false,
});

/** Runs a warm-up on made-up positions; returns the states after each update and the calls of the search. */
function run(numWarmup: number, options: object = {}): { states: AdaptationState[]; searches: number[] } {
  const adaptation = windowAdaptation(family, { numWarmup, ...options });
  const searches: number[] = [];
  let iteration = -1;
  const search: StepSizeSearch = (_metric, stepSize) => {
    searches.push(iteration);
    return stepSize * 2;
  };
  let state = adaptation.init({ stepSize: 0.1, metric: family.identity }, search);
  const states: AdaptationState[] = [];
  for (iteration = 0; iteration < numWarmup; iteration++) {
    state = adaptation.update(state, reached(iteration), ended(0.8), search);
    states.push(state);
  }
  return { states, searches };
}

describe('window adaptation', () => {
  it('renews the metric at the end of each metric window, and only there, and searches a step size again', () => {
    const { states, searches } = run(300);
    const ends = warmupWindows(300)
      .filter((w) => w.adaptsMetric)
      .map((w) => w.end - 1);
    const changes = states.flatMap((s, i) =>
      s.parameters.metric === (states[i - 1]?.parameters.metric ?? family.identity) ? [] : [i],
    );
    expect(changes).toEqual(ends);
    expect(searches).toEqual([-1, ...ends]);
  });

  it('estimates each window from its own draws alone', () => {
    const { states } = run(300);
    const [window] = warmupWindows(300).filter((w) => w.adaptsMetric);
    let estimate = family.estimator();
    for (let i = window.start; i < window.end; i++)
      estimate = estimate.add(reached(i).position, reached(i).gradient);
    const renewed = states[window.end - 1].parameters.metric;
    expect(renewed.inverseMassMatrix).toEqual(estimate.metric().inverseMassMatrix);
  });

  it('keeps what it is told not to adapt', () => {
    const fixedMetric = run(300, { adaptMassMatrix: false });
    expect(fixedMetric.states.at(-1)?.parameters.metric).toBe(family.identity);
    expect(fixedMetric.searches).toEqual([-1]);
    const fixedStep = run(300, { adaptStepSize: false });
    expect(new Set(fixedStep.states.map((s) => s.parameters.stepSize))).toEqual(new Set([0.1]));
    expect(fixedStep.searches).toEqual([]);
  });

  it('is pure: a state can be continued twice, with the same result', () => {
    const adaptation = windowAdaptation(family, { numWarmup: 40 });
    const search: StepSizeSearch = (_metric, stepSize) => stepSize;
    const begin = adaptation.init({ stepSize: 1, metric: family.identity }, search);
    const once = adaptation.update(begin, reached(1), ended(0.5), search);
    adaptation.update(once, reached(2), ended(0.1), search);
    expect(adaptation.update(begin, reached(1), ended(0.5), search).parameters).toEqual(once.parameters);
  });
});

describe('the step-size search', () => {
  it.each([1e-6, 1, 1e4])('from %d finds a step that brackets an acceptance of 0.8', (guess) => {
    const target = scaledNormal([0.5, 2]);
    const state = initState(target, Float64Array.of(1.2, 1));
    const metric = diagonalMetric(Float64Array.of(1, 1));
    const found = findReasonableStepSize(
      target,
      state,
      metric,
      guess,
      randomSource([1, 1], 0, 'stepSizeSearch', 0),
    );
    // Stable below 2·sd of the narrowest coordinate; useful above a twentieth of it.
    expect(found).toBeGreaterThan(0.05);
    expect(found).toBeLessThan(4);
    const point = allocatePoint(2);
    setState(point, state);
    point.momentum.set([1, -0.5]);
    metric.velocity(point.momentum, point.velocity);
    const before = energyOf(point);
    leapfrog(target, metric, point, found / 8);
    expect(before - energyOf(point)).toBeGreaterThan(Math.log(0.8));
  });

  it('fails, with advice, on a flat density and on a gradient that is not the density’s', () => {
    const metric = diagonalMetric(Float64Array.of(1, 1));
    const random = randomSource([1, 1], 0, 'stepSizeSearch', 0);
    const flat = { dim: 2, valueAndGrad: (_q: Float64Array, g: Float64Array) => (g.fill(0), 0) };
    const at = (target: typeof flat): number =>
      findReasonableStepSize(target, initState(target, Float64Array.of(1, 1)), metric, 1, random);
    expect(() => at(flat)).toThrow(/flat in all directions[\s\S]*proper priors/);
    let call = 0;
    const jump = { ...correlatedNormal(), valueAndGrad: () => (call++ === 0 ? 0 : -1e6) };
    expect(() => at(jump)).toThrow(/no step is small enough[\s\S]*kinks/);
  });
});
