/** Elementary and special functions, from the vector math table. */
import type { Lowering } from '../lowering';
import { floats, mathFunction } from './elementwise';
import { expNegAbs, reciprocalOf, sigmoidFrom, softplusFrom } from '../../math/logistic';
import type { Lanes } from '../lanes';
import type { Value } from '../../assembler';

/** x of −x: what both have in common is kept under x. */
const unsigned = (x: Value): Value =>
  x.def.kind === 'op' && x.def.op.name === 'f64x2.neg' ? x.def.args[0] : x;

/** e^−|x|, which the sigmoids and softplus of x and −x share. */
const exponential = (l: Lanes, x: Value): Value =>
  l.once('expNegAbs', unsigned(x), () => expNegAbs(l.f64x2, x));

const sigmoid = floats((l, x) =>
  l.inDouble(
    (d) => {
      const e = exponential(l, d);
      const reciprocal = l.once('1/(1+e)', unsigned(d), () => reciprocalOf(l.f64x2, e));
      return sigmoidFrom(l.f64x2, d, e, reciprocal);
    },
    [x],
  ),
);

const softplus = floats((l, x) => l.inDouble((d) => softplusFrom(l.f64x2, d, exponential(l, d)), [x]));

export const transcendental = {
  Exp: mathFunction('exp'),
  Expm1: mathFunction('expm1'),
  Log: mathFunction('log'),
  Log1p: mathFunction('log1p'),
  Tanh: mathFunction('tanh'),
  Sigmoid: sigmoid,
  Softplus: softplus,
} satisfies Record<string, Lowering>;
