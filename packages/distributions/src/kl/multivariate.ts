/** Divergences between laws of vectors. */
import { tf, triangularSolve } from '@pyro-ts/ops';
import { Delta } from '../wrappers';
import { Normal } from '../continuous';
import { MultivariateNormal } from '../multivariate';
import { logDiagonal, solveVector } from '../multivariate/factors';
import type { IndependentDistribution } from '../wrappers/independent';
import { UnsupportedError } from '../errors';
import { registerKl } from './registry';

const sum = (x: tf.Tensor): tf.Tensor => tf.sum(x, -1);

/** ½ (|L_q⁻¹ L_p|² + |L_q⁻¹ (μ_p − μ_q)|² − K) + log det L_q − log det L_p */
function betweenNormals(
  [locP, trilP]: readonly [tf.Tensor, tf.Tensor],
  [locQ, trilQ]: readonly [tf.Tensor, tf.Tensor],
): tf.Tensor {
  const spread = tf.sum(tf.square(triangularSolve(trilQ, trilP, { lower: true })), [-2, -1]);
  const shift = sum(tf.square(solveVector(trilQ, tf.sub(locP, locQ))));
  const volume = tf.sub(logDiagonal(trilQ), logDiagonal(trilP));
  const size = trilQ.shape[trilQ.rank - 1];
  return tf.add(tf.mul(tf.sub(tf.add(spread, shift), size), 0.5), volume);
}

registerKl(MultivariateNormal, MultivariateNormal, (p, q) =>
  betweenNormals([p.loc, p.scaleTril], [q.loc, q.scaleTril]),
);

/** Independent normals are a multivariate one with a diagonal factor; independent points have −log q. */
registerKl('Independent', MultivariateNormal, (p: IndependentDistribution, q) => {
  const base = p.baseDist;
  if (p.reinterpretedBatchNdims === 1 && base.family === Normal.familyName) {
    const { loc, scale } = base as ReturnType<typeof Normal>;
    const [l, s] = [tf.broadcastTo(loc, [...base.batchShape]), tf.broadcastTo(scale, [...base.batchShape])];
    const diagonal = tf.mul(tf.expandDims(s, -1), tf.eye(s.shape[s.rank - 1]));
    return betweenNormals([l, diagonal], [q.loc, q.scaleTril]);
  }
  if (p.reinterpretedBatchNdims === 1 && base.family === Delta.familyName) {
    const { v, logDensity } = base as ReturnType<typeof Delta>;
    const own = sum(tf.broadcastTo(logDensity, [...base.batchShape]));
    return tf.sub(own, q.logProb(tf.broadcastTo(v, [...base.batchShape])));
  }
  throw new UnsupportedError(
    `no closed form of KL(${p.toString()} ‖ ${q.toString()}) is known`,
    'the left side must be Normal(…).toEvent(1), Delta(…).toEvent(1) or a MultivariateNormal.',
  );
});
