/** A transform whose rightmost batch dims count as event dims. */
import { independent } from '../constraints';
import { sumLast } from '../constraints/parts';
import { defineTransform, type Transform } from './transform';

/** Same map; the log-determinant is summed over `reinterpretedBatchNdims` more dims. */
export function IndependentTransform(base: Transform, reinterpretedBatchNdims: number): Transform {
  if (reinterpretedBatchNdims === 0) return base;
  return defineTransform({
    name: 'IndependentTransform',
    args: { base, reinterpretedBatchNdims },
    isAffine: base.isAffine,
    domain: independent(base.domain, reinterpretedBatchNdims),
    codomain: independent(base.codomain, reinterpretedBatchNdims),
    get sign() {
      return base.sign;
    },
    forward: (x) => base.call(x),
    backward: (y) => base.inverse(y),
    ...(base.bijective && {
      logDet: (x, y, intermediates) =>
        sumLast(base.logAbsDetJacobian(x, y, intermediates), reinterpretedBatchNdims),
    }),
    forwardWithIntermediates: (x) => base.callWithIntermediates(x),
    forwardShape: (shape) => base.forwardShape(shape),
    inverseShape: (shape) => base.inverseShape(shape),
  });
}
