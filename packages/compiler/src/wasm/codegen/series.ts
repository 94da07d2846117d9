/**
 * Constants that are windows on one series (a time series and its lags, written out one by one) share its memory: the
 * cache holds it once, and loops that read several windows find many of their loads to be the same.
 */
import type { NumericArray } from '@pyro-ts/ops';

/** Windows begin at most so many elements apart; a lag farther back is a series of its own. */
const mostLags = 16;
/** Shorter constants are not worth looking at. */
const shortest = 64;

/** Elements known so far; index 0 is element `first` of the series' first window. */
interface Series {
  first: number;
  data: Float64Array;
  windows: number;
}

export interface Window {
  readonly series: number;
  /** Elements from the start of the series. */
  readonly offset: number;
}

/** Finds windows on common series. `windows` has no entry for arrays that stay alone. */
export function findSeries(arrays: ReadonlyMap<number, NumericArray>): {
  readonly series: readonly Float64Array[];
  readonly windows: ReadonlyMap<number, Window>;
} {
  const found: Series[] = [];
  const members: { readonly id: number; readonly series: Series; readonly shift: number }[] = [];
  /** The series with a value among the first elements of their first window, and where. */
  const byValue = new Map<number, { readonly series: Series; readonly at: number }[]>();
  for (const [id, array] of arrays) {
    if (array.length < shortest) continue;
    const candidates = byValue.get(array[mostLags]) ?? [];
    const known = candidates.find(({ series, at }) => extend(series, array, at - mostLags));
    if (known !== undefined) {
      known.series.windows++;
      members.push({ id, series: known.series, shift: known.at - mostLags });
      continue;
    }
    const series = { first: 0, data: Float64Array.from(array), windows: 1 };
    found.push(series);
    members.push({ id, series, shift: 0 });
    for (let at = 0; at <= 2 * mostLags; at++) {
      const entries = byValue.get(array[at]);
      // Values that occur everywhere tell nothing.
      if (entries === undefined) byValue.set(array[at], [{ series, at }]);
      else if (entries.length < mostLags) entries.push({ series, at });
    }
  }
  const shared = found.filter((series) => series.windows > 1);
  const places = new Map(shared.map((series, index) => [series, index]));
  const windows = new Map<number, Window>();
  for (const { id, series, shift } of members) {
    const index = places.get(series);
    if (index !== undefined) windows.set(id, { series: index, offset: shift - series.first });
  }
  return { series: shared.map(({ data }) => data), windows };
}

/** Adds an array that begins `shift` elements after the series' first window, if all known elements agree. */
function extend(series: Series, array: NumericArray, shift: number): boolean {
  const { first, data } = series;
  const end = Math.max(first + data.length, shift + array.length);
  const begin = Math.min(first, shift);
  const overlap = Math.min(first + data.length, shift + array.length) - Math.max(first, shift);
  // Nearly all of it must be there already: a few equal elements are a coincidence.
  if (overlap < array.length - mostLags || overlap < data.length - 4 * mostLags) return false;
  for (let i = Math.max(first, shift); i < Math.min(first + data.length, shift + array.length); i++)
    if (!Object.is(data[i - first], array[i - shift])) return false;
  if (begin < first || end > first + data.length) {
    const longer = new Float64Array(end - begin);
    longer.set(data, first - begin);
    longer.set(array, shift - begin);
    series.first = begin;
    series.data = longer;
  }
  return true;
}
