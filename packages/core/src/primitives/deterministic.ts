/** `deterministic`: records a value computed by the model under a name. */
import { withLabel, checkOptions, lift, type TensorLike, type tf } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import { applyStack } from '../stack/apply-stack';
import { checkName } from './check-name';

export interface DeterministicOptions {
  /** How many rightmost dims belong to one element; the dims left of them are batch dims. */
  readonly eventDim?: number | undefined;
}

/** @returns the value, as handlers leave it */
export function deterministic(
  name: string,
  value: TensorLike,
  options: DeterministicOptions = {},
): tf.Tensor {
  checkName('deterministic', name);
  checkOptions('deterministic', options, { eventDim: 'optional' }, name);
  return applyStack({
    ...blank,
    kind: 'deterministic',
    name,
    value: withLabel(name, () => lift(value)),
    eventDim: options.eventDim,
  }).value as tf.Tensor;
}
