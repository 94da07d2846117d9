/**
 * Where the results of loops lie: those of one turn side by side in a record, records in the order of the turns, so that
 * whatever reads them in turns too walks along; one place for all turns where only the last result is read afterwards;
 * nowhere, where nothing outside of the turn reads it but the next turn.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueDType, ValueId, ValueType } from '../../../graph/graph';
import type { Plan } from '../plan';
import type { Unit } from '../schedule';
import type { RolledLoop } from './rolled-loop';

const alignment = 16;

/** Where a value lies within another one, in elements of its own dtype. */
export interface Within {
  readonly into: ValueId;
  readonly elements: number;
}

export interface RolledStorage {
  readonly within: ReadonlyMap<ValueId, Within>;
  /** Results that are never stored. */
  readonly unstored: ReadonlySet<ValueId>;
}

/** Who reads a result: nothing but its own turn and the next, what comes after the loop, or anything. */
type Readers = 'turns' | 'after' | 'any';

/** The values that the next turn takes over without reading them from memory, by the result of the body. */
function readersOf(loop: RolledLoop, unit: number, unitsReading: ReadonlyMap<ValueId, readonly number[]>) {
  const readWithin = new Set<ValueId>();
  const moving = new Set([...loop.moving.values()].flatMap((views) => views.map(({ root }) => root)));
  for (const carried of loop.carried.values()) readWithin.add(carried.from);
  return (results: readonly ValueId[]): Readers => {
    if (results.some((value) => moving.has(value))) return 'any';
    const isReadOutside = (value: ValueId): boolean =>
      (unitsReading.get(value) ?? []).some((reader) => reader !== unit);
    if (results.slice(0, -1).some(isReadOutside)) return 'any';
    return isReadOutside(results[results.length - 1]) ? 'after' : 'turns';
  };
}

/**
 * @param values types, to which those of records are added
 * @param placed values that have a place of their own: inputs and outputs of the program, parts of concatenations
 */
export function rolledStorage(
  plan: Plan,
  units: readonly Unit[],
  values: ValueType[],
  placed: (value: ValueId) => boolean,
  bytesOf: (dtype: ValueDType) => number,
): RolledStorage {
  const within = new Map<ValueId, Within>();
  const unstored = new Set<ValueId>();
  const ofLoops = new Map<ValueId, number[]>();
  units.forEach(({ rolled }) => {
    for (const results of rolled?.results.values() ?? []) for (const value of results) ofLoops.set(value, []);
  });
  if (ofLoops.size === 0) return { within, unstored };
  units.forEach(({ nodes }, u) => {
    for (const { operands } of nodes)
      for (const { root, literal } of operands) if (literal === undefined) ofLoops.get(root)?.push(u);
  });
  for (const output of plan.outputs) ofLoops.get(output)?.push(-1);
  units.forEach(({ rolled }, u) => {
    if (rolled === undefined) return;
    const readers = readersOf(rolled, u, ofLoops);
    const records = values.push({ shape: [0], dtype: 'bool' }) - 1;
    const inRecord: { results: readonly ValueId[]; at: number }[] = [];
    let recordBytes = 0;
    for (const [result, own] of rolled.results) {
      const bytes =
        Math.ceil((sizeOf(values[result].shape) * bytesOf(values[result].dtype)) / alignment) * alignment;
      const results = own.filter((value) => !placed(value));
      const last = own[own.length - 1];
      const kind = own.slice(0, -1).some(placed) ? 'any' : readers(own);
      if (kind === 'turns') results.forEach((value) => unstored.add(value));
      else if (kind === 'after') {
        const cell = placed(last) ? last : values.push(values[result]) - 1;
        results.forEach((value) => within.set(value, { into: cell, elements: 0 }));
      } else if (results.length > 0) {
        inRecord.push({ results: own, at: recordBytes });
        recordBytes += bytes;
      }
    }
    values[records] = { shape: [recordBytes * rolled.turns.length], dtype: 'bool' };
    for (const { results, at } of inRecord) {
      results.forEach((value, turn) => {
        if (placed(value)) return;
        const elements = (turn * recordBytes + at) / bytesOf(values[value].dtype);
        within.set(value, { into: records, elements });
      });
    }
  });
  return { within, unstored };
}
