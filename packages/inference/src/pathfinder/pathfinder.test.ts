import { correlatedNormal, funnel, scaledNormal } from '../../test/targets';
import type { LogDensity } from '../log-density/log-density';
import { randomSource } from '../random/random-source';
import { climb } from './climb';
import { InverseHessian } from './inverse-hessian';
import { pathfinder } from './pathfinder';

const source = (i: number) => randomSource([6, 1], 0, 'pathfinder', i);

/** H of a few steps on a quadratic with this Hessian. */
function updated(hessian: readonly (readonly number[])[], steps: number): InverseHessian {
  const dim = hessian.length;
  const inverse = new InverseHessian(dim);
  for (let k = 0; k < steps; k++) {
    const random = source(100 + k);
    const step = Float64Array.from({ length: dim }, () => random.normal());
    const change = hessian.map((row) => row.reduce((sum, h, j) => sum + h * step[j], 0));
    inverse.update(step, Float64Array.from(change));
  }
  return inverse;
}

const hessian = [
  [4, 1, 0.5],
  [1, 2, 0.2],
  [0.5, 0.2, 1],
];
const columns = (inverse: InverseHessian): Float64Array[] =>
  [0, 1, 2].map((i) => inverse.times(Float64Array.from({ length: 3 }, (_, j) => Number(i === j))));
const determinant = ([a, b, c]: readonly Float64Array[]): number =>
  a[0] * (b[1] * c[2] - b[2] * c[1]) -
  b[0] * (a[1] * c[2] - a[2] * c[1]) +
  c[0] * (a[1] * b[2] - a[2] * b[1]);

describe('the inverse Hessian of L-BFGS', () => {
  it.each([0, 1, 2, 6, 11])('is symmetric, and knows its determinant: after %d steps', (steps) => {
    const inverse = updated(hessian, steps);
    const h = columns(inverse);
    for (let i = 0; i < 3; i++) for (let j = 0; j < i; j++) expect(h[i][j]).toBeCloseTo(h[j][i], 12);
    expect(inverse.logDeterminant()).toBeCloseTo(Math.log(determinant(h)), 10);
  });

  it('satisfies the secant equation of the last step: H y = s', () => {
    const inverse = updated(hessian, 4);
    const step = Float64Array.of(1, -2, 0.5);
    const change = Float64Array.of(1, -3, 1);
    inverse.update(step, change);
    inverse.times(change).forEach((x, i) => expect(x).toBeCloseTo(step[i], 12));
  });

  it('is the covariance of its draws, within 5 standard errors of each entry', () => {
    const inverse = updated(hessian, 4);
    const h = columns(inverse);
    const [count, random] = [20_000, source(0)];
    const sums = [0, 1, 2].map(() => new Float64Array(3));
    for (let n = 0; n < count; n++) {
      const x = inverse.draw(random);
      for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sums[i][j] += x[i] * x[j];
    }
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const error = Math.sqrt((h[i][i] * h[j][j] + h[i][j] ** 2) / count);
        expect(Math.abs(sums[i][j] / count - h[i][j])).toBeLessThan(5 * error);
      }
    }
  });

  it('leaves out steps of negative curvature', () => {
    const inverse = updated(hessian, 3);
    const before = columns(inverse);
    inverse.update(Float64Array.of(1, 0, 0), Float64Array.of(-1, 0, 0));
    expect(columns(inverse)).toEqual(before);
  });
});

describe('climbing', () => {
  it('ends at the maximum, each step higher than the last', () => {
    const target = scaledNormal([0.01, 1, 100]);
    let last = -Infinity;
    let end = new Float64Array(3);
    for (const { state } of climb(target, Float64Array.of(2, -2, 1), 200)) {
      expect(state.logDensity).toBeGreaterThanOrEqual(last);
      last = state.logDensity;
      end = Float64Array.from(state.position);
    }
    end.forEach((x, i) => expect(Math.abs(x - target.mean[i])).toBeLessThan(0.05 * target.sd[i]));
  });
});

describe('pathfinder', () => {
  it('of a normal gives draws much like its own, from far outside', () => {
    const target = correlatedNormal(0.9, 3);
    const count = 300;
    const draws = Array.from({ length: count }, (_, i) =>
      pathfinder(target, Float64Array.of(40, -70), source(i)),
    );
    for (const i of [0, 1]) {
      const standard = draws.map((draw) => draw[i] / target.sd[i]);
      const mean = standard.reduce((sum, x) => sum + x, 0) / count;
      const variance = standard.reduce((sum, x) => sum + x * x, 0) / count;
      expect(Math.abs(mean)).toBeLessThan(0.3);
      expect(variance).toBeGreaterThan(0.5);
      expect(variance).toBeLessThan(2);
    }
  });

  it('stays out of the neck of a funnel, where the density is highest', () => {
    const target = funnel(3, 20);
    for (let i = 0; i < 20; i++) {
      const [v] = pathfinder(target, new Float64Array(21).fill(1), source(i));
      expect(v).toBeGreaterThan(-9);
    }
  });

  it('depends on nothing but its arguments', () => {
    const run = () => pathfinder(correlatedNormal(), Float64Array.of(3, 4), source(3));
    expect(run()).toEqual(run());
  });

  it('gives the start back where nothing leads up or the density is not finite elsewhere', () => {
    const start = Float64Array.of(1);
    const island: LogDensity = {
      dim: 1,
      valueAndGrad(q, gradient) {
        gradient[0] = q[0] === 1 ? 1 : NaN;
        return q[0] === 1 ? 0 : NaN;
      },
    };
    expect(pathfinder(island, start, source(0))).toBe(start);
  });
});
