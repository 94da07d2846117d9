/** Errors that a user of tensors can cause, each with the shapes or values at fault and what to do. */

import { currentLabel } from './control/label';

/** Names the sample site (or other label) on whose behalf the failing code ran. */
class LabelledError extends Error {
  readonly label: string | undefined;

  constructor(message: string) {
    const label = currentLabel();
    super(label === undefined ? message : `at '${label}': ${message}`);
    this.label = label;
  }
}

/** Shapes, axes or indices that do not fit together. */
export class ShapeError extends LabelledError {
  override readonly name: string = 'ShapeError';
}

/** A value or dtype that an operation cannot take. */
export class ValueError extends LabelledError {
  override readonly name: string = 'ValueError';
}

/** `[2,3]` for messages. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}
