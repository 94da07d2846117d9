/** Jasmine's notion of equality, as far as the tests of tfjs use it. */
import { isDeepStrictEqual } from 'node:util';

/** Stands for an array with these elements in any order. */
export class ArrayWithExactContents {
  constructor(readonly elements: readonly unknown[]) {}

  matches(actual: unknown): boolean {
    if (!Array.isArray(actual) || actual.length !== this.elements.length) return false;
    const left: unknown[] = [...(actual as unknown[])];
    return this.elements.every((element) => {
      const at = left.findIndex((other) => isDeepStrictEqual(other, element));
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    });
  }
}

export function equals(actual: unknown, expected: unknown): boolean {
  if (expected instanceof ArrayWithExactContents) return expected.matches(actual);
  return isDeepStrictEqual(actual, expected);
}
