/** `block`: hides sites from the handlers further out. */
import { checkOptions } from '@pyro-ts/ops';
import type { Message, MessageKind } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

/** Without options everything is hidden. `hide…` hides what it names; `expose…` hides all but what it names. */
export interface BlockOptions {
  readonly hide?: readonly string[] | undefined;
  readonly expose?: readonly string[] | undefined;
  readonly hideFn?: ((message: Message) => boolean) | undefined;
  readonly exposeFn?: ((message: Message) => boolean) | undefined;
  readonly hideTypes?: readonly MessageKind[] | undefined;
  readonly exposeTypes?: readonly MessageKind[] | undefined;
}

/** Hidden sites run as if no outer handler were there; an outer `seed` still supplies their random keys. */
export function block<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: BlockOptions = {},
): Model<Args, R> {
  checkOptions('handlers.block', options, {
    hide: 'optional',
    expose: 'optional',
    hideFn: 'optional',
    exposeFn: 'optional',
    hideTypes: 'optional',
    exposeTypes: 'optional',
  });
  return withHandler(model, () => ({
    process(message) {
      if (!isHidden(message, options)) return;
      return produce(message, (draft) => {
        draft.stop = true;
      });
    },
  }));
}

function isHidden(message: Message, options: BlockOptions): boolean {
  const { hide, expose, hideFn, exposeFn, hideTypes, exposeTypes } = options;
  // Questions to the plates and masks around are no sites: they pass unless nothing does.
  const isQuestion = message.kind === 'subsample' || message.kind === 'inspect';
  if (isQuestion && Object.values(options).some((option) => option !== undefined)) return false;
  if (hideFn?.(message) || hide?.includes(message.name) || hideTypes?.includes(message.kind)) return true;
  const exposes = [exposeFn, expose, exposeTypes].some((option) => option !== undefined);
  if (!exposes) return [hideFn, hide, hideTypes].every((option) => option === undefined);
  const exposed =
    (exposeFn?.(message) ?? false) ||
    (expose?.includes(message.name) ?? false) ||
    (exposeTypes?.includes(message.kind) ?? false);
  return !exposed;
}
