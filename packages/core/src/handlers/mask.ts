/** `mask`: leaves parts of the log density out. */
import { checkOptions, lift, tf, type TensorLike } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { Mask } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

export interface MaskOptions {
  /** Batch-shaped booleans: sites count where it is true. */
  readonly mask: TensorLike;
}

/** Masks multiply. Masked slots of observations may hold anything, NaN included. */
export function mask<Args extends unknown[], R>(model: Model<Args, R>, options: MaskOptions): Model<Args, R> {
  const { mask: given } = checkOptions('handlers.mask', options, { mask: 'required' });
  const refuse = (found: string): never => {
    throw new HandlerError({
      problem: `mask must be a boolean or a boolean tensor; it is ${found}`,
      fix: 'compare: x.greater(0), or cast: tf.cast(x, "bool").',
    });
  };
  if (typeof given === 'number') refuse(String(given));
  return withHandler(model, () => {
    const own = typeof given === 'boolean' ? given : lift(given);
    if (typeof own !== 'boolean' && own.dtype !== 'bool') refuse(`a tensor of dtype ${own.dtype}`);
    return {
      process(message) {
        if (message.kind !== 'sample' && message.kind !== 'factor' && message.kind !== 'inspect') return;
        return produce(message, (draft) => {
          draft.mask = both(message.mask, own);
        });
      },
    };
  });
}

function both(a: Mask, b: Mask): Mask {
  if (typeof a === 'boolean') return a && b;
  if (typeof b === 'boolean') return b && a;
  return tf.logicalAnd(a, b);
}
