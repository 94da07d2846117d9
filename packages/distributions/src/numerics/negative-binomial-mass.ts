/**
 * Negative binomial probabilities without cancellation: C. Loader, "Fast and accurate computation of binomial
 * probabilities" (2000).
 */
import { lift, logExcess, tf } from '@pyro-ts/ops';
import { countDeviance, HALF_LOG_TWO_PI, slope } from './gamma-density';
import { digammaError, stirlingError } from './stirling';
import { sumTo } from './sum-to';

/** log q under p + q = 1 relative to its mode r/(r + k): accurate near it, and where q is tiny. */
function stopsExcess(
  r: tf.Tensor,
  total: tf.Tensor,
  q: tf.Tensor,
): readonly [u: tf.Tensor, excess: tf.Tensor] {
  const y = tf.mul(total, q);
  const u = tf.div(tf.sub(y, r), r);
  return [u, logExcess(u, tf.div(y, r))];
}

/** Log probability of k events before the r-th stop under the likeliest p, k/(r + k). */
function logMassAtMode(k: tf.Tensor, r: tf.Tensor, total: tf.Tensor): tf.Tensor {
  const isNull = tf.equal(k, 0);
  const safe = tf.where(isNull, lift(1), k);
  const logs = tf.mul(tf.log(tf.mul(safe, tf.div(total, r))), 0.5);
  const remainders = tf.sub(tf.sub(stirlingError(total), stirlingError(r)), stirlingError(safe));
  return tf.where(isNull, lift(0), tf.sub(remainders, tf.add(logs, HALF_LOG_TWO_PI)));
}

/** The mass at the likeliest p less the deviances of both counts from their means, which alone depend on p. */
function mass(k: tf.Tensor, r: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const total = tf.add(r, k);
  const deviances = tf.sub(countDeviance(k, tf.mul(total, p)), tf.mul(r, stopsExcess(r, total, q)[1]));
  return tf.add(logMassAtMode(k, r, total), deviances);
}

/** The derivative by r: ψ(r + k) − ψ(r) + log q, the leading terms of the first two joined with the last. */
function slopeInStops(k: tf.Tensor, r: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const total = tf.add(r, k);
  const [u, excess] = stopsExcess(r, total, q);
  const psi = (x: tf.Tensor): tf.Tensor => tf.sub(digammaError(x), tf.div(0.5, x));
  return tf.add(tf.sub(psi(total), psi(r)), tf.sub(u, excess));
}

/**
 * Log probability of k events of probability p before the r-th (r > 0 real) of probability q = 1 − p; k is data.
 * Differentiable in r, p and q.
 */
export function logNegativeBinomialMass(k: tf.Tensor, r: tf.Tensor, p: tf.Tensor, q: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const inputs = args.slice(0, 3) as tf.Tensor[];
    (args[3] as tf.GradSaveFunc)([k, ...inputs]);
    const gradFunc = (dy: tf.Tensor, [x, sr, sp, sq]: tf.Tensor[]): tf.Tensor[] => {
      const total = tf.add(sr, x);
      return [
        sumTo(tf.mul(dy, slopeInStops(x, sr, sq)), sr.shape),
        sumTo(tf.mul(dy, tf.mul(total, slope(x, tf.mul(total, sp)))), sp.shape),
        sumTo(tf.mul(dy, tf.mul(total, slope(sr, tf.mul(total, sq)))), sq.shape),
      ];
    };
    return { value: mass(k, inputs[0], inputs[1], inputs[2]), gradFunc };
  });
  return op(r, p, q);
}

/** Beyond, σ would underflow: σ(−746) = 0. */
const FAR = 600;

const clip = (logits: tf.Tensor): tf.Tensor => tf.clipByValue(logits, -FAR, FAR);

/** The same in terms of the log odds l of an event, whose derivative is k σ(−l) − r σ(l). Differentiable in r and l. */
export function logNegativeBinomialMassOfLogits(k: tf.Tensor, r: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [stops, l] = args.slice(0, 2) as tf.Tensor[];
    (args[2] as tf.GradSaveFunc)([k, stops, l]);
    const gradFunc = (dy: tf.Tensor, [x, sr, sl]: tf.Tensor[]): tf.Tensor[] => {
      const near = clip(sl);
      const [p, q] = [tf.sigmoid(near), tf.sigmoid(tf.neg(near))];
      // log q goes on falling beyond the clip.
      const inStops = tf.sub(slopeInStops(x, sr, q), tf.relu(tf.sub(sl, FAR)));
      const inLogits = tf.sub(tf.mul(x, q), tf.mul(sr, p));
      return [sumTo(tf.mul(dy, inStops), sr.shape), sumTo(tf.mul(dy, inLogits), sl.shape)];
    };
    const near = clip(l);
    // Out there log σ is linear.
    const below = tf.mul(k, tf.relu(tf.sub(-FAR, l)));
    const above = tf.mul(stops, tf.relu(tf.sub(l, FAR)));
    const value = mass(k, stops, tf.sigmoid(near), tf.sigmoid(tf.neg(near)));
    return { value: tf.sub(value, tf.add(below, above)), gradFunc };
  });
  return op(r, logits);
}
