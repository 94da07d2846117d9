/**
 * Sums of products over plates: tensor variable elimination.
 * Source: Obermeyer, Bingham, Jankowiak, Pradhan, Chiu, Rush & Goodman (2019), "Tensor Variable Elimination for Plated
 * Factor Graphs", algorithm 1.
 */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { EnumerationError } from '../errors';
import { eliminate } from './eliminate';
import { productOver, sumOver, variablesOf, type Factor, type Reduction } from './factor';
import { isSubset, keyOf, ordinalOf, union, without, type Ordinal } from './ordinal';

/** A factor that is present once for each element of some plates. */
export interface PlatedFactor extends Factor {
  readonly ordinal: Ordinal;
}

/** What a sum leaves behind. */
export interface SummedFactor extends PlatedFactor {
  /** Plates over which products were taken on the way; they are no longer in `ordinal`. */
  readonly multiplied: Ordinal;
}

/**
 * Variables are summed out in the innermost plates first; what is left of a plate is multiplied over its elements and
 * moves outwards to the plates of the variables that it still depends on and that are to be summed out.
 * @param keep variables that stay
 * @param reduce what is done instead of a sum over the values of a variable
 * @returns factors, still in their plates, whose product over all elements is the result
 * @throws {EnumerationError} if a factor depends on sites of two plates that are not nested: the sum is exponential
 * there; or if a product over a plate would have to keep a variable inside of it
 */
export function sumProduct(
  factors: readonly PlatedFactor[],
  keep: ReadonlySet<EnumeratedVariable> = new Set(),
  reduce: Reduction = sumOver,
): readonly SummedFactor[] {
  const plated = new Map<string, SummedFactor[]>();
  const add = (factor: SummedFactor): void => {
    const key = keyOf(factor.ordinal);
    const others = plated.get(key);
    if (others === undefined) plated.set(key, [factor]);
    else others.push(factor);
  };
  for (const factor of factors) add({ ...factor, multiplied: new Map() });
  const own = variablesByPlates(factors, keep);
  const done: SummedFactor[] = [];
  while (plated.size > 0) {
    const [key, inside] = deepest(plated);
    plated.delete(key);
    const { ordinal } = inside[0];
    const multiplied = union(inside.map((factor) => factor.multiplied));
    for (const rest of eliminate(inside, own.get(key) ?? new Set(), reduce)) {
      const variables = variablesOf(rest);
      const pending = variables.filter((variable) => !keep.has(variable));
      if (pending.length === 0) {
        done.push({ ...rest, ordinal, multiplied });
        continue;
      }
      const parent = union(pending.map(({ condIndepStack }) => ordinalOf(condIndepStack)));
      if (!isSubset(parent, ordinal) || parent.size === ordinal.size) throw notNested(pending, ordinal);
      const plates = without(ordinal, parent);
      const inner = variables.find((variable) => keep.has(variable) && meets(variable, plates));
      if (inner !== undefined) throw tooGlobal(pending, inner, plates);
      add({ ...productOver(rest, plates), ordinal: parent, multiplied: union([multiplied, plates]) });
    }
  }
  return done;
}

const meets = ({ condIndepStack }: EnumeratedVariable, plates: Ordinal): boolean =>
  condIndepStack.some(({ name }) => plates.has(name));

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
  plated: ReadonlyMap<string, readonly SummedFactor[]>,
): readonly [string, readonly SummedFactor[]] {
  return [...plated].reduce((a, b) => (b[1][0].ordinal.size > a[1][0].ordinal.size ? b : a));
}

function describe({ site, condIndepStack }: EnumeratedVariable): string {
  const plates = [...ordinalOf(condIndepStack).keys()].map((name) => `'${name}'`);
  return `'${site}' (in ${plates.length === 0 ? 'no plate' : `plate ${plates.join(', ')}`})`;
}

const names = (ordinal: Ordinal): string => [...ordinal.keys()].map((name) => `'${name}'`).join(', ');

function notNested(pending: readonly EnumeratedVariable[], ordinal: Ordinal): EnumerationError {
  return new EnumerationError(
    `expected plates nested as a tree, but something in plate ${names(ordinal)} depends on enumerated sites of different plates: ${pending.map(describe).join(', ')}`,
    'turn one of the plates into a sequential one, for (const i of plate(…)), whose sum is exact but exponential in its size; or nest the sites.',
    pending[0].site,
  );
}

function tooGlobal(
  pending: readonly EnumeratedVariable[],
  inner: EnumeratedVariable,
  plates: Ordinal,
): EnumerationError {
  return new EnumerationError(
    `expected sites enumerated in the model to be no more global than those enumerated in the guide, but ${pending.map(describe).join(', ')} of the model depends on all elements of ${describe(inner)} of the guide`,
    `leave '${inner.site}' out of the guide, so that the model sums it out; or enumerate ${pending.map(({ site }) => `'${site}'`).join(', ')} in the guide (sites outside of plate ${names(plates)} first).`,
    pending[0].site,
  );
}
