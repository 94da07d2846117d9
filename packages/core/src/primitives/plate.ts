/** `plate` and `plateStack`: independence, said in the model. */
import { checkOptions, describeValue, random, withLabel, defaultGenerator, type tf } from '@pyro-ts/ops';
import { PlateError } from '../errors';
import { Plate, reentered } from '../plates/plate';
import { plateOptionNames, type PlateOptions } from '../plates/plate-options';
import { defineKind } from '../stack/apply-stack';
import { checkName } from './check-name';

/**
 * Elements that are independent given what is outside.
 *
 * - `plate('data', n, () => …)`: inside the body every site has a batch dim of size n.
 * - `plate('data', {size, subsampleSize}, (idx) => …)`: a minibatch; densities are scaled by size / subsampleSize.
 * - `const p = plate('data', n)`: the plate itself; `p.run(body)` enters it, as often as wanted.
 * - `for (const i of plate('data', n))`: one element after the other.
 *
 * @throws {PlateError} if the options make no sense or the dim collides with that of an open plate
 */
export function plate(name: string, size: number | PlateOptions): Plate;
export function plate<R>(name: string, size: number | PlateOptions, body: (indices: tf.Tensor) => R): R;
export function plate<R>(
  name: string,
  size: number | PlateOptions,
  body?: (indices: tf.Tensor) => R,
): Plate | R {
  checkName('plate', name);
  if (typeof size !== 'number' && (typeof size !== 'object' || size === null || Array.isArray(size))) {
    throw new PlateError({
      problem: `plate '${name}': the second argument must be the number of elements, or options; it is ${describeValue(size)}`,
      fix: 'pass a number, or { size, subsampleSize, dim }.',
    });
  }
  const isNumber = typeof size === 'number';
  const options = isNumber ? { size } : checkOptions('plate', size, plateOptionNames, name);
  const opened = new Plate(name, options);
  return body === undefined ? opened : opened.run(body);
}

/**
 * Nested plates `${prefix}_0`, `${prefix}_1`, … of the given sizes; the last size is at `rightmostDim`.
 */
export function plateStack<R>(
  prefix: string,
  sizes: readonly number[],
  body: () => R,
  options: { readonly rightmostDim?: number } = {},
): R {
  const { rightmostDim = -1 } = options;
  const open = (i: number): R =>
    i === sizes.length
      ? body()
      : plate(`${prefix}_${i}`, { size: sizes[i], dim: rightmostDim - (sizes.length - 1 - i) }, () =>
          open(i + 1),
        );
  return open(0);
}

defineKind('plate', (message) => {
  const { name, size, subsampleSize, value, key } = message;
  const open = message.condIndepStack.find((frame) => frame.name === name);
  if (open !== undefined) throw reentered(open);
  if (value !== undefined || subsampleSize === size) return message;
  const drawn = withLabel(name, () => random.subsample(key ?? defaultGenerator.next(), size, subsampleSize));
  return { ...message, value: drawn };
});
