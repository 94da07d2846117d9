/** Elementary and special functions, from the vector math table. */
import type { Lowering } from '../lowering';
import { floats, mathFunction } from './elementwise';
import { expNegAbs, sigmoidFrom, softplusFrom } from '../../math/logistic';
import type { Lanes } from '../lanes';
import type { Value } from '../../assembler';

/** x of −x: what both have in common is kept under x. */
const unsigned = (x: Value): Value =>
  x.def.kind === 'op' && x.def.op.name === 'f64x2.neg' ? x.def.args[0] : x;

/** sigmoid and softplus of one argument and of its negative share e^−|x|. */
function logistic(from: typeof sigmoidFrom) {
  return floats((l: Lanes, x: Value) =>
    l.inDouble(
      (d) =>
        from(
          l.f64x2,
          d,
          l.once('expNegAbs', unsigned(d), () => expNegAbs(l.f64x2, d)),
        ),
      [x],
    ),
  );
}

export const transcendental = {
  Exp: mathFunction('exp'),
  Expm1: mathFunction('expm1'),
  Log: mathFunction('log'),
  Log1p: mathFunction('log1p'),
  Tanh: mathFunction('tanh'),
  Sigmoid: logistic(sigmoidFrom),
  Softplus: logistic(softplusFrom),
} satisfies Record<string, Lowering>;
