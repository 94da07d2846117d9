/** A site of which only some elements were observed: an observed part, a latent part, and the two put together. */
import type { Distribution } from '@pyro-ts/distributions';
import { lift, stopGradient, tf, type TensorLike } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { mask } from '../handlers/mask';
import { deterministic } from './deterministic';
import { sample, type SampleOptions } from './sample';

/**
 * Sites `${name}_unobserved` (latent, masked where observed), `${name}_observed` (masked where not), and the
 * deterministic `${name}`. Unobserved slots of `obs` may hold anything, NaN included: the latent draw, which lies in
 * the support, takes their place before the density is taken.
 */
export function samplePartlyObserved(
  name: string,
  fn: Distribution,
  { obs, obsMask, infer = {} }: SampleOptions & { readonly obsMask: TensorLike },
): tf.Tensor {
  if (obs === undefined) {
    throw new HandlerError({
      site: name,
      problem: 'obsMask is given without obs',
      fix: 'pass the observed values as obs (anything in the unobserved slots).',
    });
  }
  const observed = lift(obsMask, 'bool');
  const perEvent = tf.reshape(observed, [...observed.shape, ...fn.eventShape.map(() => 1)]);
  const latentPart = mask(() => sample(`${name}_unobserved`, fn, { infer }), {
    mask: tf.logicalNot(observed),
  });
  const unobserved = latentPart();
  const filled = tf.where(perEvent, tf.cast(lift(obs), unobserved.dtype), stopGradient(unobserved));
  mask(() => sample(`${name}_observed`, fn, { infer, obs: filled }), { mask: observed })();
  return deterministic(name, tf.where(perEvent, filled, unobserved), { eventDim: fn.eventDim });
}
