/** The family behind `expand` and `toEvent`. */
import type { Distribution } from '@pyro-ts/distributions';
import { HandlerError } from '../errors';

const transparent = new Set(['Independent', 'ExpandedDistribution']);

/** The innermost distribution that is not a mere change of shape. */
export function unwrap(fn: Distribution): Distribution {
  let inner = fn;
  while (transparent.has(inner.family)) inner = baseOf(inner);
  return inner;
}

/** The distribution that a wrapper wraps. */
export function baseOf(fn: Distribution): Distribution {
  return (fn as Distribution & { readonly baseDist: Distribution }).baseDist;
}

/** `inner` in the batch and event shape that `outer` has. */
export function rewrap(inner: Distribution, outer: Distribution): Distribution {
  const shape = outer.shape();
  const batchShape = shape.slice(0, shape.length - inner.eventDim);
  return inner.expand(batchShape).toEvent(outer.eventDim - inner.eventDim);
}

export function refuse(reparam: string, site: string, fn: Distribution, wanted: string): HandlerError {
  return new HandlerError({
    site,
    problem: `${reparam} needs ${wanted}; the distribution is ${fn.toString()}`,
    fix: 'leave the site out of the config, or choose a reparameterisation that fits it.',
  });
}
