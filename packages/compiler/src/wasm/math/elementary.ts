/** All vectorised functions by name. */
import type { Value } from '../assembler';
import { exp, expm1 } from './exp';
import type { F64x2 } from './f64x2';
import { log, log1p } from './log';
import { logExcess, logExponent, logFraction } from './log-parts';
import { erf, erfc } from './error-function';
import { betaln, digamma, lgamma, trigamma } from './gamma-function';
import { portableExp } from './portable-exp';
import { pow } from './pow';
import { atan, cos, sin, tan } from './trigonometric';
import { expNegAbs, reciprocalOf, sigmoidFrom, softplusFrom, tanh } from './logistic';

export type Elementary = (v: F64x2, ...args: Value[]) => Value;

export const elementary = {
  exp,
  expm1,
  portableExp,
  log,
  log1p,
  logExcess,
  logExponent,
  logFraction,
  tanh,
  sin,
  cos,
  tan,
  atan,
  pow,
  erf,
  erfc,
  lgamma,
  digamma,
  trigamma,
  betaln,
  sigmoid: (v, x) => {
    const e = expNegAbs(v, x);
    return sigmoidFrom(v, x, e, reciprocalOf(v, e));
  },
  softplus: (v, x) => softplusFrom(v, x, expNegAbs(v, x)),
} satisfies Record<string, Elementary>;

export type ElementaryName = keyof typeof elementary;
