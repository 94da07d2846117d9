/** Special functions: those in the vector math table, compositions of them, and the rest element by element. */
import { cotangentDerivative } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import { log1p } from '../../math/log';
import { exp, expm1 } from '../../math/exp';
import { log } from '../../math/log';
import type { F64x2 } from '../../math';
import type { Elementwise, Lowering } from '../lowering';
import { floatOutput, floats, mathFunction } from './elementwise';

/** A function of doubles, also in float32 programs. */
export const inDouble = (emit: (v: F64x2, ...args: Value[]) => Value): Elementwise =>
  floats((l, ...args) => l.inDouble((...xs) => emit(l.f64x2, ...xs), args));

/** A kernel without attributes, computed one number at a time by the same steps as its `compute`. */
export const scalarKernel = (kernel: string): Elementwise =>
  inDouble((v, ...args) => v.scalarCall(kernel, ...args));

const log1mexp = inDouble((v, x) => {
  const y = v.or(x, v.signMask);
  const near = v.gt(y, -Math.LN2);
  const far = log1p(v, v.neg(exp(v, y)));
  return v.blend(near, far, () => log(v, v.neg(expm1(v, y))));
});

const logaddexp = inDouble((v, a, b) => {
  const smaller = v.lt(a, b);
  const largest = v.select(smaller, b, a);
  const usual = v.add(largest, log1p(v, exp(v, v.neg(v.abs(v.sub(a, b))))));
  // The distance of equal infinities is not ∞ − ∞.
  return v.select(v.eq(a, b), v.add(a, Math.LN2), usual);
});

/** x·f(y), 0 where x is 0 unless y is NaN. */
const timesLog = (f: (v: F64x2, y: Value) => Value): Elementwise =>
  inDouble((v, x, y) => {
    const zero = v.and(v.eq(x, 0), v.eq(y, y));
    return v.select(zero, 0, v.mul(x, f(v, y)));
  });

/** Orders 0 and 1 in vectors, higher ones number by number. */
const polygamma: Elementwise = {
  kind: 'elementwise',
  accepts: ({ attrs, ...rest }) => {
    const { n = 1 } = attrs as { n?: number };
    return floatOutput({ attrs, ...rest }) && Number.isInteger(n) && n >= 0;
  },
  emit: (l, [x], _out, attrs) => {
    const { n = 1 } = attrs as { n?: number };
    const float = l.convert(x, 'float');
    if (n < 2) return l.math(n === 0 ? 'digamma' : 'trigamma', float);
    return l.inDouble(
      (y) => l.f64x2.call(`polygamma${n}`, (v, [z]) => polygammaOfOrder(v, n, z), y),
      [float],
    );
  },
};

function polygammaOfOrder(v: F64x2, n: number, x: Value): Value {
  const coefficients = Float64Array.from(cotangentDerivative(n));
  const address = v.env.memory.place(`cotangents${n}`, () => coefficients);
  return v.lanewise('polygammaOfOrder', v.const(n), v.const(address), v.const(coefficients.length), x);
}

const scalars = [
  'Asin', 'Acos', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Atan2', 'Erfcx', 'Erfinv', 'Erfcinv', 'Ndtr',
  'LogNdtr', 'Ndtri', 'I0e', 'I1e', 'LogI0', 'BesselRatio', 'Logit', 'Lbinom', 'Gammainc', 'Gammaincc',
  'GammaincGradA', 'RandomGammaGrad', 'Gammaincinv', 'Logdiffexp', 'Mod', 'Betainc', 'BetaincGradA', 'BetaincGradB',
  'Betaincinv',
] as const; // prettier-ignore

export const special = {
  ...(Object.fromEntries(scalars.map((k) => [k, scalarKernel(k)])) as Record<
    (typeof scalars)[number],
    Elementwise
  >),
  Sin: mathFunction('sin'),
  Cos: mathFunction('cos'),
  Tan: mathFunction('tan'),
  Atan: mathFunction('atan'),
  Pow: mathFunction('pow'),
  Erf: mathFunction('erf'),
  Erfc: mathFunction('erfc'),
  Lgamma: mathFunction('lgamma'),
  Betaln: mathFunction('betaln'),
  Digamma: mathFunction('digamma'),
  Polygamma: polygamma,
  Log1mexp: log1mexp,
  LogExcess: mathFunction('logExcess'),
  LogExponent: mathFunction('logExponent'),
  LogFraction: mathFunction('logFraction'),
  Logaddexp: logaddexp,
  Xlogy: timesLog(log),
  Xlog1py: timesLog(log1p),
  Xdivy: {
    ...floats((l, a, b) => l.without(l.op('eq', a, l.float(0)), l.op('div', a, b))),
    byReciprocal: (l, a, r) => l.without(l.op('eq', a, l.float(0)), l.op('mul', a, r)),
  },
} satisfies Record<string, Lowering>;
