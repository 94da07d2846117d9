/** What a reparameterisation is: another way to draw the same site, whose density inference finds easier. */
import type { Distribution } from '@pyro-ts/distributions';
import type { tf } from '@pyro-ts/ops';
import type { DeterministicMessage, Message, SampleMessage } from '../messages/message';
import { substitute } from '../handlers/substitute';
import { sample } from '../primitives/sample';

export interface Reparam {
  /**
   * Called for a latent site on its way out, inside the run: it may call primitives. Returns what the site becomes, usually
   * `asDeterministic(message, value)`. If `message.value` is given, auxiliary sites must take the values it implies.
   */
  apply(message: SampleMessage): Message;
}

/** The site as a computed value. */
export function asDeterministic(message: SampleMessage, value: tf.Tensor): DeterministicMessage {
  const { name, fn, condIndepStack, infer, key, stop } = message;
  return { kind: 'deterministic', name, value, eventDim: fn.eventDim, condIndepStack, infer, key, stop };
}

/** A latent site that a reparameterisation adds; with a value it takes that one. */
export function auxiliary(
  message: SampleMessage,
  suffix: string,
  fn: Distribution,
  value: tf.Tensor | undefined,
): tf.Tensor {
  const name = `${message.name}_${suffix}`;
  const draw = (): tf.Tensor => sample(name, fn, { infer: { ...message.infer, reparam: suffix } });
  return value === undefined ? draw() : substitute(draw, { data: { [name]: value } })();
}

/** The suffix of an auxiliary site, by which strategies know what they have already done. */
export function reparamOf(message: SampleMessage): unknown {
  return message.infer['reparam'];
}
