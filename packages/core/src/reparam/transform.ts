/** A transformed distribution drawn as its base. */
import type { Distribution, Transform } from '@pyro-ts/distributions';
import { asDeterministic, auxiliary, type Reparam } from './reparam';
import { baseOf, refuse, unwrap } from './unwrap';

/**
 * x ~ T(base) becomes z ~ base at site `${name}_base` and x = T(z): the density of z needs no Jacobian. Useful where T
 * is ill-conditioned or has parameters of its own.
 * @throws {HandlerError} if the distribution is not a transformed one
 */
export function TransformReparam(): Reparam {
  return {
    apply(message) {
      const { name, fn, value } = message;
      const transformed = unwrap(fn);
      const parts = (transformed as Distribution & { readonly transforms?: readonly Transform[] }).transforms;
      if (parts === undefined) throw refuse('TransformReparam', name, fn, 'a TransformedDistribution');
      const base = baseOf(transformed);
      const implied = value && parts.reduceRight((y, transform) => transform.inverse(y), value);
      const z = auxiliary(message, 'base', inShapeOf(base, fn, parts), implied);
      return asDeterministic(message, value ?? parts.reduce((x, transform) => transform.call(x), z));
    },
  };
}

/** The base, expanded so that what the transforms make of it has the site's shape, with the site's batch dims. */
function inShapeOf(base: Distribution, outer: Distribution, parts: readonly Transform[]): Distribution {
  const shape = parts.reduceRight((s, transform) => transform.inverseShape(s), outer.shape());
  const batchShape = shape.slice(0, shape.length - base.eventDim);
  const batchRank = outer.batchShape.length;
  return base.expand(batchShape).toEvent(batchShape.length - batchRank);
}
