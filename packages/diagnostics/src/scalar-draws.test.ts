import { quantile, quantiles } from './quantile';
import { rankScores } from './rank';
import { halvesOf, rowsOf } from './rows';
import { ScalarDraws } from './scalar-draws';
import { sortingOrder } from './sorting-order';

/** Sines of growing numbers, rounded so that many are equal if `digits` is small. */
const chains = (draws: number, digits: number): number[][] =>
  [1, 2, 3].map((c) => Array.from({ length: draws }, (_, i) => Number(Math.sin(c + i * i).toFixed(digits))));

describe.each([
  ['distinct', 100, 15],
  ['tied', 100, 1],
  ['an odd number of', 51, 15],
])('ScalarDraws of %s draws', (_name, draws, digits) => {
  const rows = rowsOf(chains(draws, digits));
  const scalar = new ScalarDraws(rows);
  const halves = halvesOf(rows).values;

  it('folds as ranking the absolute deviations afresh does', () => {
    const center = quantile(halves, 0.5);
    const deviations = halves.map((x) => Math.abs(x - center));
    const order = sortingOrder(deviations);
    expect(scalar.folded.values).toEqual(rankScores(deviations.slice().sort(), order));
  });

  it('has the quantiles of all draws', () => {
    const p = [0, 0.05, 0.5, 0.77, 1];
    expect(scalar.quantiles(p)).toEqual(quantiles(chains(draws, digits).flat(), p));
  });
});

describe('halvesOf', () => {
  it('leaves out the middle of an odd number of draws', () => {
    const rows = rowsOf([
      [1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10],
    ]);
    expect([...halvesOf(rows).values]).toEqual([1, 2, 4, 5, 6, 7, 9, 10]);
  });
});
