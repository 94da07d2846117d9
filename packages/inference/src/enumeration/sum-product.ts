/**
 * Sums of products over plates: tensor variable elimination.
 * Source: Obermeyer, Bingham, Jankowiak, Pradhan, Chiu, Rush & Goodman (2019), "Tensor Variable Elimination for Plated
 * Factor Graphs", algorithm 1.
 */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { EnumerationError } from '../errors';
import { eliminate } from './eliminate';
import { productOver, variablesOf, type Factor } from './factor';
import { isSubset, keyOf, ordinalOf, union, without, type Ordinal } from './ordinal';

/** A factor that is present once for each element of some plates. */
export interface PlatedFactor extends Factor {
  readonly ordinal: Ordinal;
}

export interface SumProductOptions {
  /** Variables that stay. Default: none. */
  readonly keep?: ReadonlySet<EnumeratedVariable>;
  /** Plates whose products are not taken. Default: none. */
  readonly target?: Ordinal;
}

/**
 * Variables are summed out in the innermost plates first; what is left of a plate is multiplied over its elements and
 * moves outwards to the plates of the variables it still depends on.
 * @returns factors in `target` or fewer plates, whose product is the result
 * @throws {EnumerationError} if a factor depends on sites of two plates that are not nested: the sum is exponential there
 */
export function sumProduct(
  factors: readonly PlatedFactor[],
  { keep = new Set(), target = new Map() }: SumProductOptions = {},
): readonly PlatedFactor[] {
  const plated = new Map<string, PlatedFactor[]>();
  const add = (factor: PlatedFactor): void => {
    const key = keyOf(factor.ordinal);
    const others = plated.get(key);
    if (others === undefined) plated.set(key, [factor]);
    else others.push(factor);
  };
  factors.forEach(add);
  const own = variablesByPlates(factors, keep);
  const done: PlatedFactor[] = [];
  while (plated.size > 0) {
    const [key, inside] = deepest(plated);
    plated.delete(key);
    const { ordinal } = inside[0];
    for (const rest of eliminate(inside, own.get(key) ?? new Set())) {
      if (isSubset(ordinal, target)) {
        done.push({ ...rest, ordinal });
        continue;
      }
      const pending = variablesOf(rest);
      const parent = union([
        new Map([...ordinal].filter(([name]) => target.has(name))),
        ...pending.map(({ condIndepStack }) => ordinalOf(condIndepStack)),
      ]);
      if (!isSubset(parent, ordinal) || parent.size === ordinal.size) {
        throw notNested(pending, ordinal);
      }
      add({ ...productOver(rest, without(ordinal, parent)), ordinal: parent });
    }
  }
  return done;
}

/** The variables to be summed out, by the plates they are in, in the order of the model. */
function variablesByPlates(
  factors: readonly PlatedFactor[],
  keep: ReadonlySet<EnumeratedVariable>,
): ReadonlyMap<string, Set<EnumeratedVariable>> {
  const found = new Map<string, Set<EnumeratedVariable>>();
  for (const variable of factors.flatMap(variablesOf)) {
    if (keep.has(variable)) continue;
    const key = keyOf(ordinalOf(variable.condIndepStack));
    const others = found.get(key) ?? new Set();
    found.set(key, others.add(variable));
  }
  return found;
}

function deepest(
  plated: ReadonlyMap<string, readonly PlatedFactor[]>,
): readonly [string, readonly PlatedFactor[]] {
  return [...plated].reduce((a, b) => (b[1][0].ordinal.size > a[1][0].ordinal.size ? b : a));
}

function notNested(pending: readonly EnumeratedVariable[], ordinal: Ordinal): EnumerationError {
  const describe = ({ site, condIndepStack }: EnumeratedVariable): string => {
    const plates = [...ordinalOf(condIndepStack).keys()].map((name) => `'${name}'`);
    return `'${site}' (in ${plates.length === 0 ? 'no plate' : `plate ${plates.join(', ')}`})`;
  };
  const plates = [...ordinal.keys()].map((name) => `'${name}'`).join(', ');
  return new EnumerationError(
    `expected plates nested as a tree, but something in plate ${plates} depends on enumerated sites of different plates: ${pending.map(describe).join(', ')}`,
    'turn one of the plates into a sequential one, for (const i of plate(…)), whose sum is exact but exponential in its size; or nest the sites.',
    pending[0]?.site,
  );
}
