/** `scope`: puts a prefix before the names of a part of a model, so that it can be used twice. */
import { checkOptions } from '@pyro-ts/ops';
import type { Message, MessageKind } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';

export interface ScopeOptions {
  readonly prefix: string;
  /** Default: '/'. */
  readonly divider?: string | undefined;
  /** Kinds that keep their names. */
  readonly hideTypes?: readonly MessageKind[] | undefined;
}

/** Sites, and plates opened inside, are renamed for the handlers further out; those further in see their own names. */
export function scope<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ScopeOptions,
): Model<Args, R> {
  const {
    prefix,
    divider = '/',
    hideTypes = [],
  } = checkOptions('handlers.scope', options, {
    prefix: 'required',
    divider: 'optional',
    hideTypes: 'optional',
  });
  const start = `${prefix}${divider}`;
  const rename = (message: Message, change: (name: string) => string): Message =>
    produce(message, (draft) => {
      if (!hideTypes.includes(message.kind)) draft.name = change(message.name);
      if (hideTypes.includes('plate')) return;
      draft.condIndepStack = message.condIndepStack.map((frame) => ({ ...frame, name: change(frame.name) }));
    });
  return withHandler(model, () => ({
    process: (message) => rename(message, (name) => start + name),
    postprocess: (message) =>
      rename(message, (name) => (name.startsWith(start) ? name.slice(start.length) : name)),
  }));
}
