/** The inverse of a transform, as a transform. */
import { tf, type TensorLike } from '@pyro-ts/ops';
import { defineTransform, type Transform } from './transform';

/** y = f⁻¹(x), with log|det J| = −log|det J_f|; what `f.inv` gives. */
export function invert(base: Transform): Transform {
  const inverted = defineTransform({
    name: 'InverseTransform',
    args: { base },
    isAffine: base.isAffine,
    domain: base.codomain,
    codomain: base.domain,
    forward: (x) => base.inverse(x),
    backward: (y) => base.call(y),
    ...(base.bijective && { logDet: (x, y) => tf.neg(base.logAbsDetJacobian(y, x)) }),
    forwardShape: (shape) => base.inverseShape(shape),
    inverseShape: (shape) => base.forwardShape(shape),
  });
  return Object.defineProperties(inverted, {
    inv: { value: base, enumerable: true },
    sign: { get: (): TensorLike => base.sign, enumerable: true },
    toString: { value: () => `${String(base)}.inv` },
  });
}

/** `transform.inv`, under the name that Pyro gives it. */
export const InverseTransform = (transform: Transform): Transform => transform.inv;
