/** How a message travels: out through the handlers, to the default behaviour of its kind, and back. */
import type { Message, MessageKind, MessageKinds } from '../messages/message';
import type { Handler } from './handler';
import { remember } from './provenance';
import { installedHandlers } from './stack';

/** What happens to a message that no handler has answered; returns the message with its value. */
export type Behaviour<M extends Message = Message> = (message: M) => M;

const key = Symbol.for('pyro-ts.core.behaviours');
const shared = globalThis as unknown as Record<symbol, Map<string, Behaviour> | undefined>;
const behaviours = (shared[key] ??= new Map<string, Behaviour>());

/** Declares a kind of message: what is done when no handler answers it. A later declaration replaces an earlier one. */
export function defineKind<K extends MessageKind>(kind: K, behaviour: Behaviour<MessageKinds[K]>): void {
  behaviours.set(kind, behaviour as unknown as Behaviour);
}

/** A message on its way, and the handlers that it has met, innermost first. */
export interface Sent {
  readonly message: Message;
  readonly reached: readonly Handler[];
}

/**
 * Sends a message through the handlers, innermost first, until one stops it; then its kind's default behaviour
 * supplies what is missing; then the handlers that saw it see it again, outermost first.
 */
export function applyStack(message: Message): Message {
  return bringBack(sendOut(message, installedHandlers()));
}

/** The way out. */
export function sendOut(message: Message, handlers: readonly Handler[]): Sent {
  const reached: Handler[] = [];
  let current = message;
  for (const handler of handlers.toReversed()) {
    if (current.stop && !handler.throughBlocks) continue;
    current = handler.process?.(current) ?? current;
    reached.push(handler);
  }
  return { message: current, reached };
}

/** The default behaviour and the way back. */
export function bringBack({ message, reached }: Sent): Message {
  let current = behaviours.get(message.kind)?.(message) ?? message;
  for (const handler of reached.toReversed()) current = handler.postprocess?.(current) ?? current;
  if (message.kind !== 'inspect' && message.kind !== 'subsample') remember(message.name, current.value);
  return current;
}
