/** A low-rank metric from draws and gradients. */
import { dot } from '../integrators/dot';
import { diagonalMetric } from './diagonal';
import { fisherScale } from './gradient-diagonal';
import { lowRankMetric, maxRank } from './low-rank';
import type { DiagonalMetric, LowRankMetric } from './metric';
import { geometricMean } from './geometric-mean';
import { combine, leadingDirections, orthonormal } from './leading-directions';

/** Regularisation of both covariances, and the eigenvalue from which on a direction is kept (nutpie 0.16). */
const gamma = 1e-5;
const cutoff = 2;
/** Noise stretches directions where there are few draws; it is to leave them out. */
const cutoffOf = (dim: number, count: number): number => cutoff * (1 + dim / count);
/** Rounding may leave a smaller eigenvalue, or a negative one. */
const smallest = 1e-6;
/** Draws of a window that are used: more say little more about its leading directions. */
const mostDraws = 64;
/**
 * Variance of the draws along a direction times that of the gradients is 1 for a normal (along its own directions). Draws are
 * far from normal where the mean product along the directions kept is greater than this. Of the models of `bench:warmup` it is
 * 0.4 to 2.2, and 3 to 5 of the one that no linear map helps (gp_pois_regr): its chains stay behind in narrow places if
 * they step as wide there as elsewhere. Where there are more coordinates than draws, the directions are too uncertain to tell.
 */
const farFromNormal = 2.5;
/** Fewer draws do not tell; nor do they tell the leading directions of many coordinates. */
const fewestToTell = 40;

type Vectors = readonly Float64Array[];

/**
 * The metric S (I + U (Λ − I) Uᵀ) S that minimises the Fisher divergence within the space that draws and gradients span
 * (Seyboldt, Carlson & Carpenter 2024, section 3.3): after scaling by the diagonal estimate, Λ and U are of the geometric
 * mean of the covariance of the draws and the inverse covariance of the gradients.
 * @param draws at least two positions [dim], with the gradients there
 * @returns the diagonal alone if no direction stands out, or if the draws are too far from normal for any to help
 */
export function lowRankEstimate(draws: Vectors, gradients: Vectors): LowRankMetric | DiagonalMetric {
  const dim = draws[0].length;
  const scale = fisherScale(variances(draws), variances(gradients)).map(Math.sqrt);
  const most = maxRank(dim);
  const diagonal = (): DiagonalMetric => diagonalMetric(scale.map((s) => s * s));
  if (draws.length < fewestToTell && most < dim) return diagonal();
  const inverseScale = scale.map((v) => 1 / v);
  const x = scaled(centred(thinned(draws)), inverseScale);
  const g = scaled(centred(thinned(gradients)), scale);
  const basis =
    most === dim
      ? undefined
      : orthonormal([...leadingDirections(x, most / 2), ...leadingDirections(g, most / 2)]);
  const [inX, inG] = basis === undefined ? [x, g] : [coordinates(basis, x), coordinates(basis, g)];
  const size = basis?.length ?? dim;
  const { values, vectors } = geometricMean(covariance(inX, gamma), covariance(inG, gamma), size);
  const least = cutoffOf(dim, draws.length);
  const kept = [...values.keys()].filter((r) => values[r] > least || values[r] < 1 / least);
  if (kept.length === 0) return diagonal();
  if (draws.length >= fewestToTell && basis === undefined) {
    const directions = kept.map((r) => vectors[r]);
    // From all draws: those that the directions were fitted to make it too small.
    const spread = variances(coordinates(directions, scaled(centred(draws), inverseScale)));
    const slopes = variances(coordinates(directions, scaled(centred(gradients), scale)));
    const product = dot(spread, slopes);
    if (product / kept.length > farFromNormal) return { ...diagonal(), isFarFromNormal: true };
  }
  return lowRankMetric(
    scale,
    kept.map((r) => (basis === undefined ? vectors[r] : combine(basis, vectors[r]))),
    Float64Array.from(kept, (r) => Math.max(values[r], smallest)),
  );
}

function thinned(all: Vectors): Vectors {
  const stride = Math.ceil(all.length / mostDraws);
  return stride === 1 ? all : all.filter((_, i) => i % stride === 0);
}

function mean(all: Vectors): Float64Array {
  const sum = new Float64Array(all[0].length);
  for (const v of all) for (let i = 0; i < sum.length; i++) sum[i] += v[i];
  for (let i = 0; i < sum.length; i++) sum[i] /= all.length;
  return sum;
}

function variances(all: Vectors): Float64Array {
  const centre = mean(all);
  const sum = new Float64Array(centre.length);
  for (const v of all) for (let i = 0; i < sum.length; i++) sum[i] += (v[i] - centre[i]) ** 2;
  for (let i = 0; i < sum.length; i++) sum[i] /= all.length - 1;
  return sum;
}

function centred(all: Vectors): Float64Array[] {
  const centre = mean(all);
  return all.map((v) => {
    const rest = v.slice();
    for (let i = 0; i < rest.length; i++) rest[i] -= centre[i];
    return rest;
  });
}

/** Multiplies vectors by factors, in place. */
function scaled(all: Float64Array[], factors: Float64Array): Float64Array[] {
  for (const v of all) for (let i = 0; i < v.length; i++) v[i] *= factors[i];
  return all;
}

/** Of each vector, in a basis. */
const coordinates = (basis: Vectors, all: Vectors): Float64Array[] =>
  all.map((v) => {
    const along = new Float64Array(basis.length);
    for (let r = 0; r < basis.length; r++) along[r] = dot(basis[r], v);
    return along;
  });

/** Covariance of centred vectors, plus a multiple of the identity. */
function covariance(all: Vectors, added: number): Float64Array {
  const m = all[0].length;
  const matrix = new Float64Array(m * m);
  for (const v of all) {
    for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) matrix[i * m + j] += v[i] * v[j];
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) matrix[j * m + i] = matrix[i * m + j] /= all.length;
    matrix[i * m + i] = matrix[i * m + i] / all.length + added;
  }
  return matrix;
}
