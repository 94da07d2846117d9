/** A low-rank metric from draws and gradients. */
import { dot } from '../integrators/dot';
import { fisherScale } from './gradient-diagonal';
import { lowRankMetric, maxRank } from './low-rank';
import type { LowRankMetric } from './metric';
import { symmetricEigen } from './symmetric-eigen';

/** Regularisation of both covariances, and the eigenvalue from which on a direction is kept (nutpie 0.16). */
const gamma = 1e-5;
const cutoff = 2;
/** Rounding may leave a smaller eigenvalue, or a negative one. */
const smallest = 1e-6;
/** Draws of a window that are used: more say little more about its leading directions. */
const mostDraws = 64;

type Vectors = readonly Float64Array[];

/**
 * The metric S (I + U (Λ − I) Uᵀ) S that minimises the Fisher divergence within the space that draws and gradients span
 * (Seyboldt, Carlson & Carpenter 2024, section 3.3): after scaling by the diagonal estimate, Λ and U are of the geometric
 * mean of the covariance of the draws and the inverse covariance of the gradients.
 * @param draws at least two positions [dim], with the gradients there
 */
export function lowRankEstimate(draws: Vectors, gradients: Vectors): LowRankMetric {
  const dim = draws[0].length;
  const stride = Math.ceil(draws.length / mostDraws);
  const thinned = (all: Vectors): Vectors => all.filter((_, i) => i % stride === 0);
  const scale = fisherScale(variances(draws), variances(gradients)).map(Math.sqrt);
  const x = centred(thinned(draws)).map((v) => v.map((value, i) => value / scale[i]));
  const g = centred(thinned(gradients)).map((v) => v.map((value, i) => value * scale[i]));
  const most = maxRank(dim);
  const basis =
    most === dim ? unitVectors(dim) : orthonormal([...leading(x, most / 2), ...leading(g, most / 2)]);
  const { values, vectors } = geometricMean(covarianceIn(basis, x), covarianceIn(basis, g), basis.length);
  const kept = [...values.keys()].filter((r) => values[r] > cutoff || values[r] < 1 / cutoff);
  return lowRankMetric(
    scale,
    kept.map((r) => combine(basis, vectors[r])),
    Float64Array.from(kept, (r) => Math.max(values[r], smallest)),
  );
}

function variances(all: Vectors): Float64Array {
  const sum = new Float64Array(all[0].length);
  for (const v of centred(all)) for (let i = 0; i < sum.length; i++) sum[i] += v[i] * v[i];
  return sum.map((x) => x / (all.length - 1));
}

function centred(all: Vectors): Float64Array[] {
  const mean = combine(all, new Float64Array(all.length).fill(1 / all.length));
  return all.map((v) => v.map((value, i) => value - mean[i]));
}

const unitVectors = (dim: number): Float64Array[] =>
  Array.from({ length: dim }, (_, i) => Float64Array.from({ length: dim }, (_x, j) => Number(i === j)));

/** Σ cⱼ vⱼ */
function combine(vectors: Vectors, coefficients: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((v, j) => {
    const c = coefficients[j];
    for (let i = 0; i < sum.length; i++) sum[i] += c * v[i];
  });
  return sum;
}

/** The matrix of f(i, j), symmetric, row-major. */
function symmetric(n: number, f: (i: number, j: number) => number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = f(i, j);
  }
  return matrix;
}

/** Principal directions of some vectors, by their Gram matrix, which is small. */
function leading(all: Vectors, count: number): Float64Array[] {
  const n = all.length;
  const gram = symmetric(n, (i, j) => dot(all[i], all[j]));
  const { values, vectors } = symmetricEigen(gram, n);
  const order = [...values.keys()].sort((a, b) => values[b] - values[a]).slice(0, count);
  return order.filter((r) => values[r] > 1e-10 * values[order[0]]).map((r) => combine(all, vectors[r]));
}

/** Gram–Schmidt, twice; what depends on the others is left out. */
function orthonormal(all: Vectors): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const v of all) {
    let rest = v.slice();
    const length = Math.sqrt(dot(v, v));
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const along = dot(b, rest);
        rest = rest.map((value, i) => value - along * b[i]);
      }
    }
    const left = Math.sqrt(dot(rest, rest));
    if (left > 1e-8 * length) basis.push(rest.map((value) => value / left));
  }
  return basis;
}

/** Covariance of the coordinates in a basis, plus γ. */
function covarianceIn(basis: Vectors, all: Vectors): Float64Array {
  const m = basis.length;
  const coordinates = basis.map((b) => Float64Array.from(all, (v) => dot(b, v)));
  return symmetric(m, (i, j) => dot(coordinates[i], coordinates[j]) / all.length + (i === j ? gamma : 0));
}

/** Eigenvalues and eigenvectors of the A with A G A = C: A = G^(−½) (G^(½) C G^(½))^(½) G^(−½). */
function geometricMean(c: Float64Array, g: Float64Array, m: number): ReturnType<typeof symmetricEigen> {
  const eigenOfG = symmetricEigen(g, m);
  const root = rebuilt(eigenOfG, Math.sqrt);
  const inverseRoot = rebuilt(eigenOfG, (value) => 1 / Math.sqrt(value));
  const middle = symmetricEigen(sandwich(root, c, m), m);
  const middleRoot = rebuilt(middle, (value) => Math.sqrt(Math.max(value, 0)));
  return symmetricEigen(sandwich(inverseRoot, middleRoot, m), m);
}

/** Σ f(λᵣ) vᵣ vᵣᵀ */
function rebuilt(
  { values, vectors }: ReturnType<typeof symmetricEigen>,
  f: (value: number) => number,
): Float64Array {
  const m = values.length;
  const matrix = new Float64Array(m * m);
  vectors.forEach((v, r) => {
    const factor = f(values[r]);
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) matrix[i * m + j] += factor * v[i] * v[j];
  });
  return matrix;
}

/** S A S, exactly symmetric. */
function sandwich(s: Float64Array, a: Float64Array, m: number): Float64Array {
  const product = (x: Float64Array, y: Float64Array): Float64Array => {
    const z = new Float64Array(m * m);
    for (let i = 0; i < m; i++) {
      for (let k = 0; k < m; k++) {
        const factor = x[i * m + k];
        for (let j = 0; j < m; j++) z[i * m + j] += factor * y[k * m + j];
      }
    }
    return z;
  };
  const whole = product(product(s, a), s);
  return symmetric(m, (i, j) => (whole[i * m + j] + whole[j * m + i]) / 2);
}
