/** tfjs's creators with 53 bits. They take Float64Arrays too, flat or nested, which tfjs misreads. */
import * as tfjs from '@tensorflow/tfjs';
import { ShapeError, ValueError, formatShape } from '../errors';
import { isNdArray, isTensor, lift, toData, upload, type Nested } from '../data/tensor-like';
import type { DType, NdArray, Shape } from '../data/nd-array';
import { sizeOf } from '../data/nd-array';
import { sameShape } from '../kernels/attrs';
import { runKernel } from '../kernels/run';

type Values = Nested | NdArray | Parameters<typeof tfjs.tensor>[0];

const isNumericType = (dtype: tfjs.DataType | undefined): dtype is DType | undefined =>
  dtype === undefined || dtype === 'float32' || dtype === 'int32' || dtype === 'bool';

function isNumeric(values: unknown): values is Nested | NdArray {
  let leaf: unknown = values;
  while (Array.isArray(leaf)) leaf = (leaf as unknown[])[0];
  if (leaf === undefined) return Array.isArray(values);
  return (
    typeof leaf === 'number' || typeof leaf === 'boolean' || ArrayBuffer.isView(leaf) || isNdArray(values)
  );
}

function make(
  name: string,
  values: unknown,
  shape: Shape | undefined,
  dtype: tfjs.DataType | undefined,
): tfjs.Tensor {
  if (isTensor(values))
    throw new ValueError(`${name}: got a tensor\n  Fix: use tf.clone, tf.reshape or tf.cast.`);
  if (!isNumericType(dtype) || !isNumeric(values)) {
    return tfjs.tensor(values as string[], shape as number[] | undefined, dtype);
  }
  const data = toData(values, dtype);
  const target = shape ?? data.shape;
  const nested = data.shape.length > 1 && !sameShape(data.shape, target);
  if (nested || sizeOf(target) !== data.data.length) {
    throw new ShapeError(
      `${name}: values of shape ${formatShape(data.shape)} do not fit shape ${formatShape(target)}\n` +
        `  Fix: leave the shape out, or pass flat values of ${sizeOf(target)} elements.`,
    );
  }
  return upload(data.data, [...target], data.dtype);
}

/** tf.tensor, exact. */
export function tensor<R extends tfjs.Rank>(
  values: Values,
  shape?: tfjs.ShapeMap[R],
  dtype?: tfjs.DataType,
): tfjs.Tensor<R> {
  return make('tensor', values, shape, dtype) as tfjs.Tensor<R>;
}

/** tf.scalar, exact. */
export function scalar(value: number | boolean | string | Uint8Array, dtype?: tfjs.DataType): tfjs.Scalar {
  if (typeof value === 'string' || !isNumericType(dtype) || typeof value === 'object') {
    return tfjs.scalar(value, dtype);
  }
  return lift(value, dtype) as tfjs.Scalar;
}

type Creator<T, S> = (values: Values, shape?: S, dtype?: tfjs.DataType) => T;

/** A creator of one rank: nested values give the shape, flat ones need it. */
function creator<T, S extends Shape>(rank: number): Creator<T, S> {
  const name = `tensor${rank}d`;
  return (values, shape, dtype) => {
    if (shape !== undefined && shape.length !== rank) {
      throw new ShapeError(`${name}: shape ${formatShape(shape)} does not have rank ${rank}`);
    }
    const made = make(name, values, shape, dtype);
    if (made.rank !== rank) {
      const found = formatShape(made.shape);
      made.dispose();
      throw new ShapeError(
        `${name}: values have shape ${found}\n  Fix: nest them ${rank} deep, or pass a shape.`,
      );
    }
    return made as T;
  };
}

const oneDimensional = creator<tfjs.Tensor1D, [number]>(1);

/** tf.tensor1d, exact. */
export const tensor1d = (values: Values, dtype?: tfjs.DataType): tfjs.Tensor1D =>
  oneDimensional(values, undefined, dtype);
export const tensor2d = creator<tfjs.Tensor2D, [number, number]>(2);
export const tensor3d = creator<tfjs.Tensor3D, [number, number, number]>(3);
export const tensor4d = creator<tfjs.Tensor4D, [number, number, number, number]>(4);
export const tensor5d = creator<tfjs.Tensor5D, [number, number, number, number, number]>(5);
export const tensor6d = creator<tfjs.Tensor<tfjs.Rank.R6>, [number, number, number, number, number, number]>(
  6,
);

/** A tensor of one value, made by a kernel: nothing is uploaded, and a trace records it as such. */
function filled(shape: Shape, value: number, dtype: tfjs.DataType): tfjs.Tensor {
  return runKernel('Fill', {}, { shape: [...shape], value, dtype });
}

/** tf.zeros. */
export function zeros<R extends tfjs.Rank>(
  shape: tfjs.ShapeMap[R],
  dtype: tfjs.DataType = 'float32',
): tfjs.Tensor<R> {
  return (isNumericType(dtype) ? filled(shape, 0, dtype) : tfjs.zeros(shape, dtype)) as tfjs.Tensor<R>;
}

/** tf.ones. */
export function ones<R extends tfjs.Rank>(
  shape: tfjs.ShapeMap[R],
  dtype: tfjs.DataType = 'float32',
): tfjs.Tensor<R> {
  return (isNumericType(dtype) ? filled(shape, 1, dtype) : tfjs.ones(shape, dtype)) as tfjs.Tensor<R>;
}

/** tf.buffer whose floats have 53 bits (on backends that store them). */
export const buffer: typeof tfjs.buffer = (shape, dtype, values) => {
  const isFloat = (dtype ?? 'float32') === 'float32';
  const exact = isFloat && values === undefined && (tfjs.backend().floatPrecision() as number) === 64;
  return tfjs.buffer(
    shape,
    dtype,
    exact ? (new Float64Array(sizeOf(shape)) as unknown as typeof values) : values,
  );
};
