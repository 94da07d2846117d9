/** What a plate may be given, and whether it makes sense. */
import type { OptionNames, TensorLike, tf } from '@pyro-ts/ops';
import { PlateError } from '../errors';

export interface PlateOptions {
  /** How many elements there are in all. */
  readonly size: number;
  /** How many of them this run looks at: a minibatch, drawn without replacement. Default: all. */
  readonly subsampleSize?: number | undefined;
  /** The minibatch itself: int32 indices. */
  readonly subsample?: TensorLike | undefined;
  /** Negative; counted from the right of the batch shape. Default: the rightmost that is free where the plate opens. */
  readonly dim?: number | undefined;
}

export const plateOptionNames = {
  size: 'required',
  subsampleSize: 'optional',
  subsample: 'optional',
  dim: 'optional',
} as const satisfies OptionNames<PlateOptions>;

/** @throws {PlateError} naming the first option that makes no sense */
export function checkPlateOptions(
  name: string,
  options: PlateOptions,
  given: tf.Tensor | undefined,
  used: number,
): void {
  const { size, subsampleSize, dim } = options;
  const refuse = (problem: string, fix: string): never => {
    throw new PlateError({ problem: `plate '${name}': ${problem}`, fix });
  };
  if (!Number.isInteger(size) || size < 1) {
    refuse(
      `size must be a positive integer; it is ${size}`,
      size === 0 ? 'look whether the data is empty.' : 'pass the number of elements.',
    );
  }
  if (dim !== undefined && (!Number.isInteger(dim) || dim >= 0)) {
    refuse(
      `dim must be a negative integer; it is ${dim}`,
      'count from the right: -1 is the rightmost batch dim.',
    );
  }
  if (given !== undefined && given.rank !== 1)
    refuse(
      `subsample must be a vector of indices; its rank is ${given.rank}`,
      'pass a flat array of indices.',
    );
  if (given !== undefined && subsampleSize !== undefined && subsampleSize !== given.size) {
    throw subsampleMismatch(name, subsampleSize, given.size);
  }
  if (!Number.isInteger(used) || used < 1 || used > size) {
    refuse(`subsampleSize must be an integer from 1 to size ${size}; it is ${used}`, 'draw fewer elements.');
  }
}

/** The plate of a guide and that of its model disagree. */
export function subsampleMismatch(name: string, wanted: number, got: number): PlateError {
  return new PlateError({
    problem: `plate '${name}' has subsampleSize ${wanted}, but its subsample has ${got} elements`,
    fix: 'give the plate the same size and subsampleSize in the model and in the guide.',
  });
}
