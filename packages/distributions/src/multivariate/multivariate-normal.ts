import { cholesky, choleskyInverse, random, tf, type Shape } from '@pyro-ts/ops';
import { lowerCholesky, positiveDefinite, realVector } from '../constraints';
import { ShapeError } from '../errors';
import { defineFamily, oneOf, param } from '../family';
import { inverseFactor, logDiagonal, solveVector, timesTranspose, timesVector } from './factors';

const MATRICES = ['covarianceMatrix', 'precisionMatrix', 'scaleTril'] as const;

interface View {
  readonly loc: tf.Tensor;
  readonly scaleTril: tf.Tensor;
  readonly covarianceMatrix: tf.Tensor;
  readonly precisionMatrix: tf.Tensor;
  readonly given: (name: 'precisionMatrix') => boolean;
}

/** C of the precision CCᵀ if that was given: its log density then needs no inverse. */
const precisionFactor = (p: View): tf.Tensor | undefined =>
  p.given('precisionMatrix') ? cholesky(p.precisionMatrix) : undefined;

/** log det of the scale. */
function logScale(p: View): tf.Tensor {
  const factor = precisionFactor(p);
  return factor === undefined ? logDiagonal(p.scaleTril) : tf.neg(logDiagonal(factor));
}

const size = ({ loc }: View): number => loc.shape[loc.rank - 1];

function logProb(p: View, x: tf.Tensor): tf.Tensor {
  const deviation = tf.sub(x, p.loc);
  const factor = precisionFactor(p);
  const z = factor === undefined ? solveVector(p.scaleTril, deviation) : timesVector(factor, deviation, true);
  const constant = 0.5 * size(p) * Math.log(2 * Math.PI);
  const volume = factor === undefined ? logDiagonal(p.scaleTril) : tf.neg(logDiagonal(factor));
  return tf.neg(tf.add(tf.add(tf.mul(tf.sum(tf.square(z), -1), 0.5), volume), constant));
}

/** [K]; the matrix that was given must be K × K. */
function eventShape(shapes: Partial<Record<'loc' | (typeof MATRICES)[number], Shape | undefined>>): Shape {
  const [count] = shapes.loc?.slice(-1) ?? [];
  for (const name of MATRICES) {
    const [rows, columns] = shapes[name]?.slice(-2) ?? [count, count];
    if (rows === count && columns === count) continue;
    throw new ShapeError(
      `parameters of MultivariateNormal: 'loc' has ${count} elements, but '${name}' is ${rows} × ${columns}`,
      `give '${name}' one row and one column for each element of 'loc'.`,
    );
  }
  return [count];
}

/** Normal law of vectors, by covariance, precision or Cholesky factor of the covariance. */
export const MultivariateNormal = defineFamily({
  name: 'MultivariateNormal',
  description: 'Normal law of vectors, given by covariance, precision, or Cholesky factor of the covariance.',
  source: 'Kotz, Balakrishnan & Johnson, Continuous Multivariate Distributions 1 (2000), ch. 45.',
  params: [
    param('loc', realVector),
    oneOf(
      param('covarianceMatrix', positiveDefinite),
      param('precisionMatrix', positiveDefinite),
      param('scaleTril', lowerCholesky),
    ),
  ],
  derive: {
    scaleTril: (p) =>
      p.given('covarianceMatrix') ? cholesky(p.covarianceMatrix) : inverseFactor(p.precisionMatrix),
    covarianceMatrix: ({ scaleTril }) => timesTranspose(scaleTril),
    precisionMatrix: ({ scaleTril }) => choleskyInverse(scaleTril),
  },
  support: realVector,
  infinityIsOutside: true,
  eventShape,
  rsample: (p, { key, shape }) => tf.add(p.loc, timesVector(p.scaleTril, random.normal(key, shape))),
  logProb,
  mean: ({ loc }) => loc,
  mode: ({ loc }) => loc,
  variance: ({ scaleTril }) => tf.sum(tf.square(scaleTril), -1),
  entropy: (p) => tf.add(logScale(p), 0.5 * size(p) * Math.log(2 * Math.PI * Math.E)),
});
