/** The kernels, shapes and values of the conformance tests. */
import type { Attrs } from '@pyro-ts/ops';
import type { Domain, InputCase } from './cases';

export type Case = readonly [string, readonly InputCase[], Attrs?, { rel?: number; abs?: number }?];

export const describeCase = (inputs: readonly InputCase[], attrs: Attrs): string =>
  `${inputs.map((i) => `${i.dtype ?? 'float'}[${i.shape.join(',')}]${i.domain ? `:${i.domain}` : ''}`).join(' ')} ${JSON.stringify(attrs)}`;

export const on = (domain: Domain, ...shape: number[]): InputCase => ({ shape, domain });

export const unary: readonly (readonly [string, Domain])[] = [
  ['Abs', 'real'], ['Neg', 'real'], ['Exp', 'real'], ['Expm1', 'real'], ['Log', 'positive'], ['Log1p', 'positive'],
  ['Sqrt', 'positive'], ['Rsqrt', 'positive'], ['Square', 'real'], ['Reciprocal', 'real'], ['Sign', 'real'],
  ['Floor', 'real'], ['Ceil', 'real'], ['Round', 'real'], ['Sin', 'real'], ['Cos', 'real'], ['Tan', 'real'],
  ['Asin', 'small'], ['Acos', 'small'], ['Atan', 'real'], ['Sinh', 'real'], ['Cosh', 'real'], ['Tanh', 'real'],
  ['Asinh', 'real'], ['Acosh', 'positive'], ['Atanh', 'small'], ['Sigmoid', 'real'], ['Softplus', 'real'],
  ['Relu', 'real'], ['Relu6', 'real'], ['Elu', 'real'], ['Selu', 'real'], ['Erf', 'real'], ['IsNan', 'real'],
  ['IsInf', 'real'], ['IsFinite', 'real'], ['LogicalNot', 'real'], ['OnesLike', 'real'], ['ZerosLike', 'real'],
  ['LeakyRelu', 'real'], ['Identity', 'real'], ['StopGradient', 'real'], ['Lgamma', 'positive'],
  ['Digamma', 'positive'], ['Erfc', 'real'], ['Erfinv', 'small'], ['Ndtr', 'real'], ['LogNdtr', 'real'],
  ['Ndtri', 'unit'], ['I0e', 'real'], ['I1e', 'real'], ['Log1mexp', 'positive'],
  ['LogExponent', 'positive'], ['LogFraction', 'positive'],
]; // prettier-ignore

export const binary: readonly string[] = [
  'Add', 'Sub', 'Multiply', 'RealDiv', 'FloorDiv', 'Mod', 'Maximum', 'Minimum', 'SquaredDifference', 'Atan2',
  'Prelu', 'EluGrad', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd',
  'LogicalOr', 'LogicalXor',
]; // prettier-ignore

export const reduced: readonly (readonly [readonly number[], number[] | null])[] = [
  [[], null], [[5], [0]], [[1], [0]], [[33], [0]], [[100], null], [[4, 3], [0]], [[4, 3], [1]], [[4, 3], [-1]],
  [[40, 7], [0]], [[40, 7], [1]], [[7, 40], [0]], [[7, 40], [1]], [[7, 40], null], [[3, 4, 5], [0, 2]],
  [[6, 7, 9], [0, 2]], [[6, 7, 9], [1]], [[6, 7, 9], [0, 1]], [[6, 7, 9], [1, 2]], [[1000, 3], [1]],
  [[1000, 3], [0]], [[0, 3], [0]], [[3, 0], [0]], [[2, 30, 3], [0, 2]], [[200, 1], [1]], [[30, 2, 40, 2], [1, 3]],
]; // prettier-ignore

export const products: readonly (readonly [number, number, number])[] = [
  [1, 1, 1], [10, 7, 1], [1, 7, 10], [100, 10, 1], [33, 5, 1], [1, 100, 10], [5, 6, 7], [40, 30, 20], [3, 9, 2],
  [2, 300, 17], [9, 1, 9], [16, 16, 16], [8, 2, 3], [1, 40, 1],
]; // prettier-ignore

export const positiveDefinite = (...shape: number[]): InputCase => {
  const n = shape[shape.length - 1];
  const count = shape.slice(0, -2).reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: count * n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n) % n, at % n];
    return (i === j ? n + 1 : 0) + Math.sin(1 + i * j + i + j) + at * 1e-4;
  });
  return { shape, data };
};

export const indices = (limit: number, ...shape: number[]): InputCase => ({
  shape,
  dtype: 'int',
  data: Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 7 + 3) % limit),
});

export const fixed = (c: InputCase): InputCase => ({ ...c, constant: true });

export const key: InputCase = { shape: [2], dtype: 'int', data: Int32Array.of(123456789, -987654321) };
