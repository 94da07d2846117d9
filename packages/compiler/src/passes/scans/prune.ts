/** Drops carries, inputs and outputs of a scan that nothing needs, and merges inputs that are fed the same. */
import type { ValueId } from '../../graph/graph';
import { substitute, type Feed, type Slots } from './slots';

/** The body values that the given ones depend on. */
function needed(slots: Slots, roots: Iterable<ValueId>): Set<ValueId> {
  const live = new Set(roots);
  for (let i = slots.nodes.length - 1; i >= 0; i--) {
    const { inputs, outputs } = slots.nodes[i];
    if (outputs.some((output) => live.has(output))) for (const input of inputs) live.add(input);
  }
  return live;
}

/** @param isUsed whether an output of the old node is used outside */
export function dropUnused(slots: Slots, isUsed: (value: ValueId) => boolean): Slots {
  const ys = slots.ys.filter(({ result }) => isUsed(result));
  const roots = new Set(ys.map(({ inner }) => inner));
  for (const { next, final } of slots.carries) if (isUsed(final)) roots.add(next);
  // A carry is alive if its last value is, or if anything alive reads it: until no more are found.
  let live = needed(slots, roots);
  for (let grew = true; grew;) {
    grew = false;
    for (const { inner, next } of slots.carries) {
      if (!live.has(inner) || roots.has(next)) continue;
      roots.add(next);
      grew = true;
    }
    if (grew) live = needed(slots, roots);
  }
  const keep = ({ inner }: Feed): boolean => live.has(inner);
  return {
    ...slots,
    ys,
    carries: slots.carries.filter((carry) => keep(carry) || isUsed(carry.final)),
    xs: slots.xs.filter(keep),
    shared: slots.shared.filter(keep),
    nodes: slots.nodes.filter(({ outputs }) => outputs.some((output) => live.has(output))),
    constants: new Map([...slots.constants].filter(([value]) => live.has(value))),
  };
}

/** One input for all that are fed the same outer value. */
export function mergeFeeds(slots: Slots): Slots {
  const substitutes = new Map<ValueId, ValueId>();
  const distinct = (feeds: readonly Feed[]): Feed[] => {
    const first = new Map<ValueId, ValueId>();
    return feeds.filter(({ outer, inner }) => {
      const known = first.get(outer);
      if (known === undefined) first.set(outer, inner);
      else substitutes.set(inner, known);
      return known === undefined;
    });
  };
  const merged = { ...slots, xs: distinct(slots.xs), shared: distinct(slots.shared) };
  return substitute(merged, substitutes);
}
