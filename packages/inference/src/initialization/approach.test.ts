import { correlatedNormal, scaledNormal } from '../../test/targets';
import type { LogDensity } from '../log-density/log-density';
import { approach } from './approach';

const logDensityAt = (target: LogDensity, q: Float64Array): number =>
  target.valueAndGrad(q, new Float64Array(target.dim));

describe('approaching the posterior from a random start', () => {
  it('leaves a start among the draws within dim + 10 nats of where it was', () => {
    const target = scaledNormal([0.5, 2]);
    const start = Float64Array.of(1, -1);
    const rise = logDensityAt(target, approach(target, start)) - logDensityAt(target, start);
    expect(rise).toBeGreaterThanOrEqual(0);
    expect(rise).toBeLessThan(12);
  });

  it('comes to within dim + 10 nats a step from where the density is e^(−10⁹⁹) of that of draws', () => {
    // As of a moving average that is not invertible: a power of the coordinate, as high as the series is long.
    const steep: LogDensity = {
      dim: 2,
      valueAndGrad([x, y], gradient) {
        gradient[0] = -x - 300 * x ** 299;
        gradient[1] = -y;
        return -(x ** 2 + y ** 2) / 2 - x ** 300;
      },
    };
    const start = Float64Array.of(2, 1);
    let evaluations = 0;
    const counted: LogDensity = {
      dim: 2,
      valueAndGrad: (q, gradient) => (evaluations++, steep.valueAndGrad(q, gradient)),
    };
    expect(logDensityAt(steep, start)).toBeLessThan(-1e90);
    expect(logDensityAt(steep, approach(counted, start))).toBeGreaterThan(-20);
    expect(evaluations).toBeLessThan(1000);
  });

  it('does not change the start, and finds a finite density and gradient', () => {
    const target = correlatedNormal(0.999, 1000);
    const start = Float64Array.of(1.5, -1.5);
    const gradient = new Float64Array(2);
    const found = approach(target, start);
    expect([...start]).toEqual([1.5, -1.5]);
    expect(Number.isFinite(target.valueAndGrad(found, gradient))).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});
