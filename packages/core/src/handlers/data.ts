/** Values by site name, in any of the forms that handlers take them: a record, a trace, a function of the message. */
import { lift, type TensorLike, type tf } from '@pyro-ts/ops';
import { UnknownSiteError } from '../errors';
import { didYouMean } from '../did-you-mean';
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

/**
 * The names in a record that no site had: a slip of the pen would otherwise go unnoticed.
 * @throws {UnknownSiteError} naming the first, with the names that exist
 */
export function refuseUnknown(handler: string, given: readonly string[], met: ReadonlySet<string>): void {
  const unknown = given.find((name) => !met.has(name));
  if (unknown === undefined) return;
  const known = [...met];
  const suggestion = didYouMean(unknown, known);
  throw new UnknownSiteError({
    site: unknown,
    problem: `${handler} was given a value for '${unknown}', but the run had no such site; it had ${known.join(', ') || 'none'}`,
    fix: `${suggestion === undefined ? 'r' : `${suggestion} R`}ename it, or pass allowUnknown: true if the model has the site only in some runs.`,
  });
}
