/** Derivatives of elementwise functions. `xdivy` keeps masked places (zero cotangent) finite at poles. */
import { numberAttr } from '../kernels/attrs';
import { SELU_SCALE, SELU_SCALE_ALPHA } from '../kernels/unary';
import * as p from './primitives';
import type { GradientEntry } from './row';
import { fromBoth, fromCotangent, fromInput, fromOutput } from './row';

export const unaryGradients = {
  /** sign(0) = 0: the subgradient in the middle. */
  Abs: fromInput((dy, x) => p.mul(dy, p.sign(x))),
  Neg: fromCotangent((dy) => p.neg(dy)),
  Exp: fromOutput((dy, y) => p.mul(dy, y)),
  Expm1: fromInput((dy, x) => p.mul(dy, p.exp(x))),
  Log: fromInput((dy, x) => p.xdivy(dy, x)),
  Log1p: fromInput((dy, x) => p.xdivy(dy, p.plus(x, 1))),
  Sqrt: fromOutput((dy, y) => p.xdivy(dy, p.scale(y, 2))),
  /** −½ x^(−3/2), with x^(3/2) = x / y. */
  Rsqrt: fromBoth((dy, x, y) => p.xdivy(p.scale(dy, -0.5), p.div(x, y))),
  Square: fromInput((dy, x) => p.mul(dy, p.scale(x, 2))),
  Reciprocal: fromInput((dy, x) => p.xdivy(p.neg(dy), p.square(x))),
  Sign: null,
  Floor: null,
  Ceil: null,
  Round: null,
  Sin: fromInput((dy, x) => p.mul(dy, p.cos(x))),
  Cos: fromInput((dy, x) => p.neg(p.mul(dy, p.sin(x)))),
  Tan: fromOutput((dy, y) => p.mul(dy, p.plus(p.square(y), 1))),
  Asin: fromInput((dy, x) => p.xdivy(dy, p.sqrt(p.minusFrom(1, p.square(x))))),
  Acos: fromInput((dy, x) => p.xdivy(p.neg(dy), p.sqrt(p.minusFrom(1, p.square(x))))),
  Atan: fromInput((dy, x) => p.div(dy, p.plus(p.square(x), 1))),
  Sinh: fromInput((dy, x) => p.mul(dy, p.cosh(x))),
  Cosh: fromInput((dy, x) => p.mul(dy, p.sinh(x))),
  /** sech² x = 4 σ(2x) σ(−2x), which keeps its relative precision in the tails, unlike 1 − tanh² x. */
  Tanh: fromInput((dy, x) => {
    const twice = p.scale(x, 2);
    return p.mul(p.scale(dy, 4), p.mul(p.sigmoid(twice), p.sigmoid(p.neg(twice))));
  }),
  Asinh: fromInput((dy, x) => p.div(dy, p.sqrt(p.plus(p.square(x), 1)))),
  Acosh: fromInput((dy, x) => p.xdivy(dy, p.sqrt(p.plus(p.square(x), -1)))),
  Atanh: fromInput((dy, x) => p.xdivy(dy, p.minusFrom(1, p.square(x)))),
  /** σ(x) σ(−x): precise in both tails. */
  Sigmoid: fromBoth((dy, x, y) => p.mul(dy, p.mul(y, p.sigmoid(p.neg(x))))),
  Softplus: fromInput((dy, x) => p.mul(dy, p.sigmoid(x))),
  Relu: fromInput((dy, x) => p.keepWhere(p.greater(x, p.constant(0)), dy)),
  Relu6: fromInput((dy, x) =>
    p.keepWhere(p.and(p.greater(x, p.constant(0)), p.lessEqual(x, p.constant(6))), dy),
  ),
  Elu: fromInput((dy, x) => p.select(p.greater(x, p.constant(0)), dy, p.mul(dy, p.exp(clampBelow(x))))),
  Selu: fromInput((dy, x) =>
    p.select(
      p.greater(x, p.constant(0)),
      p.scale(dy, SELU_SCALE),
      p.mul(p.scale(dy, SELU_SCALE_ALPHA), p.exp(clampBelow(x))),
    ),
  ),
  Erf: fromInput((dy, x) => p.mul(p.scale(dy, 2 / Math.sqrt(Math.PI)), p.exp(p.neg(p.square(x))))),
  IsNan: null,
  IsInf: null,
  IsFinite: null,
  LogicalNot: null,
  OnesLike: null,
  ZerosLike: null,
  LeakyRelu: fromInput((dy, x, attrs) =>
    p.select(p.greater(x, p.constant(0)), dy, p.scale(dy, numberAttr(attrs, 'alpha', 0.2))),
  ),
  Step: null,
  ClipByValue: fromInput((dy, x, attrs) => {
    const low = p.constant(numberAttr(attrs, 'clipValueMin'));
    const high = p.constant(numberAttr(attrs, 'clipValueMax'));
    return p.keepWhere(p.and(p.greaterEqual(x, low), p.lessEqual(x, high)), dy);
  }),
  /** Floats pass on their cotangent; rounding to integers or booleans has derivative 0. */
  Cast: fromCotangent((dy, attrs) => (attrs['dtype'] === 'float32' ? p.identity(dy) : p.fill(dy.shape, 0))),
  Identity: fromCotangent((dy) => p.identity(dy)),
  StopGradient: null,
} satisfies Record<string, GradientEntry>;

/** min(x, 0), so that the branch not taken does not overflow. */
function clampBelow(x: Parameters<typeof p.exp>[0]): ReturnType<typeof p.exp> {
  return p.select(p.greater(x, p.constant(0)), p.fill(x.shape, 0), x);
}
