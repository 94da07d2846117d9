/** `seed`: where random numbers come from. */
import { checkOptions, foldIn, keyFromSeed, type RandomKey } from '@pyro-ts/ops';
import type { Message } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

export interface SeedOptions {
  /** A key, or what makes one. */
  readonly seed: number | string | RandomKey;
}

/**
 * Every run draws the same numbers. A site's stream is a hash of its name and of how often the name came before, so adding
 * or removing one site leaves the draws of the others alone. The innermost `seed` decides.
 */
export function seed<Args extends unknown[], R>(model: Model<Args, R>, options: SeedOptions): Model<Args, R> {
  const { seed: given } = checkOptions('handlers.seed', options, { seed: 'required' });
  const root = typeof given === 'object' ? given : keyFromSeed(given);
  return withHandler(model, () => {
    const occurrences = new Map<string, number>();
    return {
      throughBlocks: true,
      process(message) {
        if (message.key !== undefined || !needsKey(message)) return;
        const before = occurrences.get(message.name) ?? 0;
        occurrences.set(message.name, before + 1);
        return produce(message, (draft) => {
          draft.key = foldIn(foldIn(root, message.name), before);
        });
      },
    };
  });
}

function needsKey(message: Message): boolean {
  if (message.kind === 'subsample' || message.kind === 'inspect' || message.kind === 'deterministic')
    return false;
  return message.value === undefined;
}
