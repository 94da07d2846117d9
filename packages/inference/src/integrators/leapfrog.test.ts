import { expectClose } from '@pyro-ts/testing';
import { correlatedNormal, funnel } from '../../test/targets';
import type { LogDensity } from '../log-density/log-density';
import { denseMetric } from '../metrics/dense';
import { diagonalMetric } from '../metrics/diagonal';
import { leapfrog } from './leapfrog';
import { allocatePoint, energyOf, initState, setState, type PhasePoint } from './phase-point';

const metric = diagonalMetric(Float64Array.of(0.5, 2));

function pointAt(target: LogDensity, position: number[], momentum: number[]): PhasePoint {
  const point = allocatePoint(target.dim);
  setState(point, initState(target, Float64Array.from(position)));
  point.momentum.set(momentum);
  metric.velocity(point.momentum, point.velocity);
  return point;
}

function integrate(point: PhasePoint, target: LogDensity, stepSize: number, steps: number): PhasePoint {
  for (let i = 0; i < steps; i++) leapfrog(target, metric, point, stepSize);
  return point;
}

describe('leapfrog', () => {
  it('makes a known step on a harmonic oscillator', () => {
    // q″ = −q with q = 1, p = 0.5, unit mass, ε = 0.1: p½ = 0.45, q = 1.045, p = 0.45 − 0.05·1.045.
    const unit = diagonalMetric(Float64Array.of(1));
    const oscillator: LogDensity = {
      dim: 1,
      valueAndGrad: ([q], grad) => {
        grad[0] = -q;
        return (-q * q) / 2;
      },
    };
    const point = allocatePoint(1);
    setState(point, initState(oscillator, Float64Array.of(1)));
    point.momentum[0] = 0.5;
    leapfrog(oscillator, unit, point, 0.1);
    expectClose([point.position[0], point.momentum[0]], [1.045, 0.39775], { rel: 1e-15 });
    expect(point.velocity).toEqual(point.momentum);
    expect(point.logDensity).toBeCloseTo(-(1.045 ** 2) / 2, 15);
  });

  it('is reversible: the same steps backwards return to the start', () => {
    const target = funnel(1, 1);
    const point = integrate(pointAt(target, [0.3, -0.7], [1, -0.4]), target, 0.07, 50);
    expect(Math.abs(point.position[0] - 0.3)).toBeGreaterThan(0.1);
    integrate(point, target, -0.07, 50);
    expectClose([...point.position, ...point.momentum], [0.3, -0.7, 1, -0.4], { rel: 1e-12 });
  });

  it('has an energy error of second order: a quarter at half the step size', () => {
    const target = correlatedNormal(0.5, 1);
    const errorOf = (stepSize: number): number => {
      const point = pointAt(target, [1, -1], [0.2, 0.8]);
      const before = energyOf(point);
      return Math.abs(energyOf(integrate(point, target, stepSize, Math.round(1.6 / stepSize))) - before);
    };
    const ratio = errorOf(0.02) / errorOf(0.01);
    expect(ratio).toBeGreaterThan(3.9);
    expect(ratio).toBeLessThan(4.1);
  });

  it('preserves volume: the Jacobian determinant of ten steps is 1', () => {
    const target = funnel(1, 1);
    const map = (z: number[]): number[] => {
      const point = integrate(pointAt(target, z.slice(0, 2), z.slice(2)), target, 0.1, 10);
      return [...point.position, ...point.momentum];
    };
    const z = [0.2, 0.5, -0.3, 0.9];
    const columns = z.map((_, j) => {
      const shifted = (h: number): number[] => map(z.map((x, i) => (i === j ? x + h : x)));
      const [up, down] = [shifted(1e-5), shifted(-1e-5)];
      return up.map((x, i) => (x - down[i]) / 2e-5);
    });
    expect(determinant(columns)).toBeCloseTo(1, 8);
  });

  it('with M⁻¹ = Σ moves a normal target along circles: energy error independent of the scales', () => {
    const target = correlatedNormal(0.9, 100);
    const whitened = denseMetric(Float64Array.of(1, 90, 90, 10_000));
    const point = allocatePoint(2);
    setState(point, initState(target, Float64Array.of(1, 90)));
    point.momentum.set([0, 0]);
    const before = energyOf(point);
    for (let i = 0; i < 10; i++) leapfrog(target, whitened, point, 0.1);
    // (q, p) turns by about one radian: q → cos(1) q.
    expect(point.position[0]).toBeCloseTo(Math.cos(1), 2);
    expect(point.position[1] / 90).toBeCloseTo(Math.cos(1), 2);
    expect(Math.abs(energyOf(point) - before)).toBeLessThan(2e-3);
  });
});

function determinant(columns: number[][]): number {
  if (columns.length === 1) return columns[0][0];
  const [first, ...rest] = columns;
  return first.reduce(
    (sum, x, i) => sum + (-1) ** i * x * determinant(rest.map((column) => column.filter((_, k) => k !== i))),
    0,
  );
}
