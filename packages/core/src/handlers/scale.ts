/** `scale`: multiplies log densities. */
import { checkOptions, lift, type TensorLike } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { multiplyScales } from '../plates/plate-handler';
import { withHandler } from '../stack/handler';

export interface ScaleOptions {
  /** A positive number, or a tensor that broadcasts with the log densities. */
  readonly scale: TensorLike;
}

/** Scales multiply. @throws {HandlerError} if a number is not positive */
export function scale<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ScaleOptions,
): Model<Args, R> {
  const { scale: given } = checkOptions('handlers.scale', options, { scale: 'required' });
  if (typeof given === 'number' && !(given > 0)) {
    throw new HandlerError({
      problem: `scale must be positive; it is ${given}`,
      fix: 'to leave sites out of the density use handlers.mask(model, {mask: false}).',
    });
  }
  return withHandler(model, () => {
    const own = typeof given === 'number' ? given : lift(given);
    return {
      process(message) {
        if (message.kind !== 'sample' && message.kind !== 'factor' && message.kind !== 'inspect') return;
        return produce(message, (draft) => {
          draft.scale = multiplyScales(message.scale, own);
        });
      },
    };
  });
}
