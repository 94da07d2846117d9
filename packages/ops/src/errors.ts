/** Errors that a user can cause: what all of them have in common, and those of tensors. */

import { currentLabel } from './control/label';

/**
 * An error that a user can cause. Its message says where, what is wrong (names, shapes, values) and, in a line `Fix: …`,
 * what to do. Printed, the class comes first: `ShapeError at site 'y': observed value has shape [8]; …`.
 */
export abstract class PyroError extends Error {
  /** The sample site (or other name) on whose behalf the failing code ran, if there is one. */
  readonly site: string | undefined;

  /** @param text what is wrong; the place is put before it */
  constructor(kind: string, text: string, site?: string) {
    super(site === undefined ? text : `at site '${site}': ${text}`);
    this.name = kind;
    this.site = site;
    // Engines put `Error: ` before the message when they write the stack.
    const end = (this.stack?.indexOf(this.message) ?? -1) + this.message.length;
    if (/^\w*Error: $/.test(this.stack?.slice(0, end - this.message.length) ?? ''))
      this.stack = this.toString() + (this.stack as string).slice(end);
  }

  override toString(): string {
    return this.site === undefined ? `${this.name}: ${this.message}` : `${this.name} ${this.message}`;
  }
}

/** Shapes, axes or indices that do not fit together. */
export class ShapeError extends PyroError {
  constructor(text: string) {
    super('ShapeError', text, currentLabel());
  }
}

/** A value or dtype that an operation cannot take. */
export class ValueError extends PyroError {
  constructor(text: string) {
    super('ValueError', text, currentLabel());
  }
}

/** An option that does not exist, or options that are not an object. */
export class OptionError extends PyroError {
  constructor(text: string, site?: string) {
    super('OptionError', text, site ?? currentLabel());
  }
}

/** `[2, 3]`; a scalar is `[]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
