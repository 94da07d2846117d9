/** A Slice's attributes with tfjs's shorthands written out. */
import type { Attrs } from '@pyro-ts/ops';

export interface Box {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

function listOf(value: unknown): readonly number[] {
  return typeof value === 'number' ? [value] : ((value ?? []) as readonly number[]);
}

/** Missing trailing axes, and sizes of −1, reach to the end. */
export function boxOf(attrs: Attrs, shape: readonly number[]): Box {
  const given = { begin: listOf(attrs['begin']), size: listOf(attrs['size']) };
  const begin = shape.map((_, i) => given.begin[i] ?? 0);
  const size = shape.map((n, i) => {
    const wanted = given.size[i] ?? -1;
    return wanted < 0 ? n - begin[i] : wanted;
  });
  return { begin, size };
}
