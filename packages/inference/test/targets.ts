/** Log densities with known moments. */
import type { LogDensity } from '../src/log-density/log-density';

export interface Target extends LogDensity {
  readonly name: string;
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** Zero-mean normal with covariance [[1, r s], [r s, s²]]. */
export function correlatedNormal(correlation = 0.9, scale = 3): Target {
  const determinant = scale ** 2 * (1 - correlation ** 2);
  const [a, b, c] = [scale ** 2, -correlation * scale, 1].map((x) => x / determinant);
  return {
    name: 'correlated normal',
    dim: 2,
    mean: [0, 0],
    sd: [1, scale],
    valueAndGrad(q, grad) {
      // Indexing: destructuring a typed array goes through its iterator, which costs more than the density.
      const x = q[0];
      const y = q[1];
      grad[0] = -(a * x + b * y);
      grad[1] = -(b * x + c * y);
      return (x * grad[0] + y * grad[1]) / 2;
    },
  };
}

/** Independent normals with the given standard deviations and mean 1, 2, …. */
export function scaledNormal(sd: readonly number[]): Target {
  const mean = sd.map((_, i) => i + 1);
  return {
    name: `normal of dimension ${sd.length}`,
    dim: sd.length,
    mean,
    sd,
    valueAndGrad(q, grad) {
      let value = 0;
      for (let i = 0; i < q.length; i++) {
        const z = (q[i] - mean[i]) / sd[i];
        grad[i] = -z / sd[i];
        value -= (z * z) / 2;
      }
      return value;
    },
  };
}

/** log of a Gamma(shape, 1) variate: skewed. Mean digamma(shape), variance trigamma(shape). */
export function logGamma(): Target {
  // shape 1: the mean is −γ, the variance π²/6.
  return {
    name: 'log of an exponential (skewed)',
    dim: 1,
    mean: [-0.5772156649015329],
    sd: [Math.PI / Math.sqrt(6)],
    valueAndGrad(q, grad) {
      const x = q[0];
      grad[0] = 1 - Math.exp(x);
      return x - Math.exp(x);
    },
  };
}

/** Neal's (2003) funnel, with v ~ Normal(0, `width`), x_i ~ Normal(0, e^{v/2}), i = 1 … n. */
export function funnel(width = 1, n = 2): Target {
  // E x² = E e^v = e^{width²/2}.
  return {
    name: 'funnel',
    dim: n + 1,
    mean: new Array<number>(n + 1).fill(0),
    sd: [width, ...new Array<number>(n).fill(Math.exp(width ** 2 / 4))],
    valueAndGrad(q, grad) {
      const v = q[0];
      const precision = Math.exp(-v);
      let squares = 0;
      for (let i = 1; i <= n; i++) {
        squares += q[i] ** 2;
        grad[i] = -q[i] * precision;
      }
      grad[0] = -v / width ** 2 - n / 2 + (squares * precision) / 2;
      return -(v ** 2) / (2 * width ** 2) - (n * v) / 2 - (squares * precision) / 2;
    },
  };
}

/** Normal restricted to x > 0: half of the space has no density. */
export function halfNormal(): Target {
  return {
    name: 'half normal with a wall',
    dim: 1,
    mean: [Math.sqrt(2 / Math.PI)],
    sd: [Math.sqrt(1 - 2 / Math.PI)],
    valueAndGrad(q, grad) {
      const x = q[0];
      grad[0] = x > 0 ? -x : NaN;
      return x > 0 ? (-x * x) / 2 : -Infinity;
    },
  };
}
