/** Partial non-centering of location-scale families (Gorinova, Moore & Hoffman 2019, arXiv:1906.03028). */
import { constraints, families, type Distribution } from '@pyro-ts/distributions';
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { param } from '../primitives/param';
import { asDeterministic, auxiliary, type Reparam } from './reparam';
import { refuse, rewrap, unwrap } from './unwrap';

export interface LocScaleOptions {
  /** 0 non-centred, 1 as written, in between partial; absent: learnt, as parameter `${name}_centered`. */
  readonly centered?: TensorLike | undefined;
  /** Parameters besides loc and scale that are passed on as they are. Default: all others of the family. */
  readonly shapeParams?: readonly string[] | undefined;
}

/**
 * x ~ F(loc, scale) becomes z ~ F(c·loc, scale^c) at site `${name}_decentered` and x = loc + scale^(1−c)·(z − c·loc).
 * @throws {HandlerError} if `centered` is a number outside [0, 1], or the family has no loc and scale
 */
export function LocScaleReparam({ centered, shapeParams }: LocScaleOptions = {}): Reparam {
  if (typeof centered === 'number' && !(centered >= 0 && centered <= 1)) {
    throw new HandlerError({
      problem: `LocScaleReparam: centered must lie in [0, 1]; it is ${centered}`,
      fix: 'pass 0 for non-centred, 1 for centred, or leave it out to learn it.',
    });
  }
  return {
    apply(message) {
      const { name, fn, value } = message;
      const family = unwrap(fn);
      const { loc, scale, ...others } = family.params;
      const make = families.get(family.family);
      if ('baseDist' in family || loc === undefined || scale === undefined || make === undefined) {
        throw refuse('LocScaleReparam', name, fn, 'a family with parameters loc and scale');
      }
      const weight = centered === undefined ? learned(name, fn) : lift(centered);
      const kept = Object.entries(others).filter(([key]) => shapeParams?.includes(key) ?? true);
      const shrunk = { loc: tf.mul(loc, weight), scale: tf.pow(scale, weight) };
      const noise = rewrap(make({ ...Object.fromEntries(kept), ...shrunk }), fn);
      const stretch = tf.pow(scale, tf.sub(1, weight));
      const implied = value && tf.add(shrunk.loc, tf.div(tf.sub(value, loc), stretch));
      const z = auxiliary(message, 'decentered', noise, implied);
      return asDeterministic(message, value ?? tf.add(loc, tf.mul(stretch, tf.sub(z, shrunk.loc))));
    },
  };
}

function learned(name: string, fn: Distribution): tf.Tensor {
  return param(`${name}_centered`, () => tf.fill([...fn.eventShape], 0.5), {
    constraint: constraints.unitInterval,
  });
}
