/** Whether arguments are those of the last call, without describing them: a comparison costs about 1 ns a number. */
import { isTensor, type tf } from '@pyro-ts/ops';
import { isPlainObject } from './tree';

/** Adds the tensors that it meets. */
type Check = (other: unknown, tensors: tf.Tensor[]) => boolean;

/** −0 and 0 differ; NaN is NaN. */
function sameNumbers(a: ArrayLike<number>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

const isNumbers = (node: readonly unknown[]): boolean => node.every((item) => typeof item === 'number');

function checkOf(node: unknown): Check {
  if (isTensor(node)) {
    const { dtype, shape } = node;
    return (other, tensors) => {
      if (!isTensor(other) || other.dtype !== dtype || !sameNumbers(shape, other.shape)) return false;
      tensors.push(other);
      return true;
    };
  }
  if (Array.isArray(node)) {
    const items = node as readonly unknown[];
    if (isNumbers(items)) {
      const copy = Float64Array.from(items as readonly number[]);
      return (other) => Array.isArray(other) && sameNumbers(copy, other);
    }
    const parts = items.map(checkOf);
    return (other, tensors) =>
      Array.isArray(other) &&
      other.length === parts.length &&
      parts.every((part, i) => part(other[i], tensors));
  }
  if (ArrayBuffer.isView(node) && !(node instanceof DataView)) {
    const copy = (node as Float64Array).slice();
    return (other) =>
      ArrayBuffer.isView(other) &&
      other.constructor === node.constructor &&
      sameNumbers(copy, other as Float64Array);
  }
  if (typeof node === 'object' && node !== null && isPlainObject(node)) {
    const parts = Object.entries(node).map(([name, value]) => ({ name, check: checkOf(value) }));
    return (other, tensors) => {
      if (typeof other !== 'object' || other === null || !isPlainObject(other)) return false;
      const names = Object.keys(other);
      return (
        names.length === parts.length &&
        parts.every(({ name, check }, i) => names[i] === name && check(other[name], tensors))
      );
    };
  }
  return (other) => Object.is(node, other);
}

/**
 * Remembers a value; arrays are copied, so that a later change to them is seen.
 * @returns for another value, its tensors if `flatten` would give both the same key, otherwise undefined. Arrays of
 *   different kinds of elements may be taken for different where their keys are equal.
 */
export function snapshot(value: unknown): (other: unknown) => readonly tf.Tensor[] | undefined {
  const check = checkOf(value);
  return (other) => {
    const tensors: tf.Tensor[] = [];
    return check(other, tensors) ? tensors : undefined;
  };
}
