/** Broadcasting kernels of two operands: arithmetic, comparisons, logic. */
import { binary, toBool, toFloat, toNumber, upcast } from './elementwise';

/** The remainder with the sign of the divisor, as TensorFlow has it. */
export function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

export const binaryKernels = {
  Add: binary(
    (a, b) => a + b,
    toNumber,
    (a, b, y, n) => {
      for (let i = 0; i < n; i++) y[i] = a[i] + b[i];
    },
  ),
  Sub: binary(
    (a, b) => a - b,
    toNumber,
    (a, b, y, n) => {
      for (let i = 0; i < n; i++) y[i] = a[i] - b[i];
    },
  ),
  Multiply: binary(
    (a, b) => a * b,
    upcast,
    (a, b, y, n) => {
      for (let i = 0; i < n; i++) y[i] = a[i] * b[i];
    },
  ),
  RealDiv: binary(
    (a, b) => a / b,
    toFloat,
    (a, b, y, n) => {
      for (let i = 0; i < n; i++) y[i] = a[i] / b[i];
    },
  ),
  /** a / b, but 0 where a is 0, whatever b is (TensorFlow's Xdivy): a zero cotangent stays zero next to a pole. */
  Xdivy: binary((a, b) => (a === 0 ? 0 : a / b), toFloat),
  /** Integers whatever the operands are, as in tfjs. */
  FloorDiv: binary(
    (a, b) => Math.floor(a / b),
    () => 'int32',
  ),
  Mod: binary(floorMod, toNumber),
  Pow: binary((a, b) => (a === 1 ? 1 : a ** b), toNumber),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  SquaredDifference: binary((a, b) => (a - b) * (a - b), toNumber),
  Atan2: binary(Math.atan2, toFloat),
  Prelu: { ...binary((x, alpha) => (x < 0 ? alpha * x : x), toFloat), inputs: ['x', 'alpha'] },
  EluGrad: { ...binary((dy, y) => (y >= 0 ? dy : dy * (y + 1)), toFloat), inputs: ['dy', 'y'] },
  BitwiseAnd: binary((a, b) => a & b),
  Equal: binary((a, b) => Number(a === b), toBool),
  NotEqual: binary((a, b) => Number(a !== b), toBool),
  Greater: binary((a, b) => Number(a > b), toBool),
  GreaterEqual: binary((a, b) => Number(a >= b), toBool),
  Less: binary((a, b) => Number(a < b), toBool),
  LessEqual: binary((a, b) => Number(a <= b), toBool),
  LogicalAnd: binary((a, b) => Number(a !== 0 && b !== 0), toBool),
  LogicalOr: binary((a, b) => Number(a !== 0 || b !== 0), toBool),
  LogicalXor: binary((a, b) => Number((a !== 0) !== (b !== 0)), toBool),
};
