/** Elementwise kernels of one operand. Smooth functions of integers give floats; the others keep the type. */
import { numberAttr } from './attrs';
import { toBool, toFloat, toNumber, unary } from './elementwise';
import { erf } from '../special/scalar/erf';

/** Half to even, as TensorFlow rounds. */
function roundHalfEven(x: number): number {
  const base = Math.floor(x);
  const rest = x - base;
  const up = rest > 0.5 || (rest === 0.5 && base % 2 !== 0);
  return up ? base + 1 || Math.sign(x) * 0 : base;
}

/** 1 / (1 + e^−x) without overflow. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + e^x) = max(x, 0) + log1p(e^−|x|). */
export const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Klambauer et al. 2017, "Self-normalizing neural networks", appendix: fixed point of mean 0, variance 1. */
export const SELU_SCALE = 1.0507009873554805;
export const SELU_SCALE_ALPHA = 1.7580993408473768;

const sign = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : Number.isNaN(x) ? NaN : 0);
const relu = (x: number): number => (x < 0 ? 0 : x);

export const unaryKernels = {
  Abs: unary(Math.abs, toNumber),
  Neg: unary((x) => -x, toNumber),
  Exp: unary(Math.exp),
  Expm1: unary(Math.expm1),
  Log: unary(Math.log),
  Log1p: unary(Math.log1p),
  Sqrt: unary(Math.sqrt),
  Rsqrt: unary((x) => 1 / Math.sqrt(x)),
  Square: unary((x) => x * x, toNumber),
  Reciprocal: unary((x) => 1 / x),
  Sign: unary(sign, toNumber),
  Floor: unary(Math.floor, toNumber),
  Ceil: unary(Math.ceil, toNumber),
  Round: unary(roundHalfEven, toNumber),
  Sin: unary(Math.sin),
  Cos: unary(Math.cos),
  Tan: unary(Math.tan),
  Asin: unary(Math.asin),
  Acos: unary(Math.acos),
  Atan: unary(Math.atan),
  Sinh: unary(Math.sinh),
  Cosh: unary(Math.cosh),
  Tanh: unary(Math.tanh),
  Asinh: unary(Math.asinh),
  Acosh: unary(Math.acosh),
  Atanh: unary(Math.atanh),
  Sigmoid: unary(sigmoid),
  Softplus: unary(softplus),
  Relu: unary(relu, toNumber),
  Relu6: unary((x) => Math.min(relu(x), 6), toNumber),
  Elu: unary((x) => (x >= 0 ? x : Math.expm1(x))),
  Selu: unary((x) => (x >= 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * Math.expm1(x))),
  Erf: unary(erf),
  IsNan: unary((x) => Number(Number.isNaN(x)), toBool),
  IsInf: unary((x) => Number(x === Infinity || x === -Infinity), toBool),
  IsFinite: unary((x) => Number(Number.isFinite(x)), toBool),
  LogicalNot: unary((x) => (x === 0 ? 1 : 0), toBool),
  OnesLike: unary(
    () => 1,
    (d) => d,
  ),
  ZerosLike: unary(
    () => 0,
    (d) => d,
  ),
  LeakyRelu: unary(relu, toFloat, (attrs) => {
    const alpha = numberAttr(attrs, 'alpha', 0.2);
    return (x) => (x < 0 ? alpha * x : x);
  }),
  Step: unary(sign, toNumber, (attrs) => {
    const alpha = numberAttr(attrs, 'alpha');
    return (x) => (Number.isNaN(x) ? NaN : x > 0 ? 1 : alpha);
  }),
  ClipByValue: unary(relu, toNumber, (attrs) => {
    const low = numberAttr(attrs, 'clipValueMin');
    const high = numberAttr(attrs, 'clipValueMax');
    return (x) => (x > high ? high : x < low ? low : x);
  }),
};
