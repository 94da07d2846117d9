/** Values by site name, in any of the forms that handlers take them: a record, a trace, a function of the message. */
import { lift, type TensorLike, type tf } from '@pyro-ts/ops';
import type { Message } from '../messages/message';
import { isTrace, type Trace } from '../trace/trace';

export type SiteData = Readonly<Record<string, TensorLike | undefined>>;

/** Called with each candidate site; undefined leaves the site alone. */
export type SiteFunction<M extends Message> = (message: M) => TensorLike | undefined;

export type SiteValues<M extends Message> = SiteData | Trace | SiteFunction<M>;

/** The value for this site, if the data has one. */
export function lookUp<M extends Message>(values: SiteValues<M>, message: M): tf.Tensor | undefined {
  const found = find(values, message);
  return found === undefined ? undefined : lift(found);
}

function find<M extends Message>(values: SiteValues<M>, message: M): TensorLike | undefined {
  if (typeof values === 'function') return values(message);
  if (!isTrace(values)) return Object.hasOwn(values, message.name) ? values[message.name] : undefined;
  const site = values.sites.get(message.name);
  return site?.kind === message.kind ? site.value : undefined;
}

/** The names that a record gives values to; none for a trace or a function, which may know more than the model has. */
export function namesIn(values: SiteValues<never>): readonly string[] {
  return typeof values === 'function' || isTrace(values) ? [] : Object.keys(values);
}
