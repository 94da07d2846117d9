/** Arguments of constraints and transforms: how they are compared and printed. No tensor value is ever read here. */
import { tf, type NdArray, type TensorLike } from '@pyro-ts/ops';

/** Anything with a structural `equals`: a constraint, a transform. */
export interface Comparable {
  equals(other: unknown): boolean;
  toString(): string;
}

export type Argument = TensorLike | string | Comparable | readonly Argument[] | undefined;

export type Arguments = Readonly<Record<string, Argument>>;

const isTensor = (x: unknown): x is tf.Tensor => x instanceof tf.Tensor;

function isComparable(x: unknown): x is Comparable {
  return typeof x === 'object' && x !== null && typeof (x as { equals?: unknown }).equals === 'function';
}

const isNdArray = (x: unknown): x is NdArray =>
  typeof x === 'object' && x !== null && 'data' in x && 'shape' in x && 'dtype' in x;

const isList = (x: unknown): x is ArrayLike<unknown> => Array.isArray(x) || ArrayBuffer.isView(x);

function sameList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  return a.length === b.length && Array.from(a).every((x, i) => sameArgument(x, b[i]));
}

/** Structural equality; tensors are the same only if they are one tensor, since reading them is not allowed here. */
export function sameArgument(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (isTensor(a) || isTensor(b)) return false;
  if (isComparable(a)) return a.equals(b);
  if (isNdArray(a))
    return isNdArray(b) && a.dtype === b.dtype && sameList(a.shape, b.shape) && sameList(a.data, b.data);
  return isList(a) && isList(b) && sameList(a, b);
}

/** Equality of two argument records, missing and `undefined` being the same. */
export function sameArguments(a: Arguments, b: Arguments): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameArgument(a[name], b[name]));
}

/** `0.5`, `[1, 2]`, `Tensor[3]`, `independent(real, 1)`: how an argument is written in messages. */
export function describeArgument(x: Argument): string {
  if (isTensor(x)) return `Tensor[${x.shape.join(', ')}]`;
  if (isNdArray(x)) return x.data.length === 1 ? String(x.data[0]) : `NdArray[${x.shape.join(', ')}]`;
  if (isList(x)) {
    return x.length > 6 ? `Array[${x.length}]` : `[${Array.from(x, (y) => describeArgument(y)).join(', ')}]`;
  }
  return String(x);
}

/** `name` or `name(argument, …)`. */
export function describeCall(name: string, args: Arguments): string {
  const given = Object.values(args).filter((x) => x !== undefined);
  return given.length === 0 ? name : `${name}(${given.map(describeArgument).join(', ')})`;
}
