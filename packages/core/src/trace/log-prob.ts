/** The log density of one site. */
import { tf, withLabel } from '@pyro-ts/ops';
import { alongDim } from '../enumeration/enumerated-value';
import { withSizeAt } from '../shapes/batch';
import type { DensitySite, SampleSite } from './site';

/**
 * Nats, shape [...batch]: zero where masked, times the scale.
 * A masked slot of an observation may hold anything; a value from the support takes its place, because the gradient of a
 * `where` is NaN if the branch not taken is.
 */
export function siteLogProb(site: DensitySite): tf.Tensor {
  return withLabel(site.name, () => {
    const { scale, mask } = site;
    const logProb = site.kind === 'factor' ? maskedFactor(site.value, mask) : maskedLogProb(site);
    return scale === 1 ? logProb : tf.mul(logProb, scale);
  });
}

function maskedFactor(value: tf.Tensor, mask: tf.Tensor | boolean): tf.Tensor {
  if (mask === true) return value;
  return mask === false ? tf.zerosLike(value) : tf.where(mask, value, tf.zeros([]));
}

function maskedLogProb(site: SampleSite): tf.Tensor {
  const { fn, value, mask, isObserved } = site;
  const { own } = site.enumeration ?? {};
  if (mask === false) {
    return tf.zeros([...(own ? withSizeAt(fn.batchShape, own.dim, own.variable.size) : fn.batchShape)]);
  }
  if (own?.variable.kind === 'support') {
    const logProb = alongDim(fn.supportLogProb(), fn.batchShape, [], own.dim);
    return mask === true ? logProb : tf.where(mask, logProb, tf.zeros([]));
  }
  if (mask === true) return fn.logProb(value);
  const safe = isObserved ? feasible(value, mask, fn) : value;
  return tf.where(mask, fn.logProb(safe), tf.zeros([]));
}

function feasible(value: tf.Tensor, mask: tf.Tensor, fn: SampleSite['fn']): tf.Tensor {
  const perEvent = tf.reshape(mask, [...mask.shape, ...fn.eventShape.map(() => 1)]);
  return tf.where(perEvent, value, tf.cast(fn.support.feasibleLike(value), value.dtype));
}
