/** Errors that a user of tensors can cause, each with the shapes or values at fault and what to do. */

/** Shapes, axes or indices that do not fit together. */
export class ShapeError extends Error {
  override readonly name: string = 'ShapeError';
}

/** A value or dtype that an operation cannot take. */
export class ValueError extends Error {
  override readonly name: string = 'ValueError';
}

/** `[2,3]` for messages. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(',')}]`;
}
