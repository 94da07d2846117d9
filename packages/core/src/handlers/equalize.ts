/** `equalize`: makes several sites share one value. */
import { checkOptions, type tf } from '@pyro-ts/ops';
import type { Message } from '../messages/message';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

export interface EqualizeOptions {
  /** Names, or a pattern that names match. */
  readonly sites: readonly string[] | RegExp;
  /** Default: 'sample'. */
  readonly kind?: 'sample' | 'param' | undefined;
}

/** The first matching site is as it was; the later ones are deterministic copies of its value. */
export function equalize<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: EqualizeOptions,
): Model<Args, R> {
  const { sites, kind = 'sample' } = checkOptions('handlers.equalize', options, {
    sites: 'required',
    kind: 'optional',
  });
  const matches = (message: Message): boolean =>
    message.kind === kind &&
    (sites instanceof RegExp ? message.name.search(sites) >= 0 : sites.includes(message.name));
  return withHandler(model, () => {
    let first: { readonly name: string; readonly value: tf.Tensor } | undefined;
    return {
      process(message) {
        if (first === undefined || first.name === message.name || !matches(message)) return;
        const { name, condIndepStack, infer, key, stop } = message;
        const { value } = first;
        return { kind: 'deterministic', name, value, eventDim: undefined, condIndepStack, infer, key, stop };
      },
      postprocess(message) {
        if (matches(message)) first ??= { name: message.name, value: message.value as tf.Tensor };
      },
    };
  });
}
