/** A transformed distribution drawn as its base. */
import type { Distribution, Transform } from '@pyro-ts/distributions';
import { asDeterministic, auxiliary, type Reparam } from './reparam';
import { unfold } from './unfold';
import { refuse, unwrap } from './unwrap';

/**
 * x ~ T(base) becomes z ~ base at site `${name}_base` and x = T(z): the density of z needs no Jacobian. Useful where T
 * is ill-conditioned or has parameters of its own.
 * @throws {HandlerError} if the distribution is not a transformed one
 */
export function TransformReparam(): Reparam {
  return {
    apply(message) {
      const { name, fn, value } = message;
      const parts = unfold(unwrap(fn));
      if (parts === undefined) throw refuse('TransformReparam', name, fn, 'a TransformedDistribution');
      const { base, transforms } = parts;
      const implied = value && transforms.reduceRight((y, transform) => transform.inverse(y), value);
      const z = auxiliary(message, 'base', inShapeOf(base, fn, transforms), implied);
      return asDeterministic(message, value ?? transforms.reduce((x, transform) => transform.call(x), z));
    },
  };
}

/** The base, expanded so that what the transforms make of it has the site's shape, with the site's batch dims. */
function inShapeOf(base: Distribution, outer: Distribution, transforms: readonly Transform[]): Distribution {
  const shape = transforms.reduceRight((s, transform) => transform.inverseShape(s), outer.shape());
  const batchShape = shape.slice(0, shape.length - base.eventDim);
  return base.expand(batchShape).toEvent(batchShape.length - outer.batchShape.length);
}
