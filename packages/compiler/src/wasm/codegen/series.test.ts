import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator } from './cases';
import { compileGraph, compileToText } from './compile-graph';
import { findSeries } from './series';

const random = generator(11);
const series = Float64Array.from({ length: 300 }, () => random() - 0.5);
const window = (begin: number, length: number): Float64Array => series.slice(begin, begin + length);

describe('findSeries', () => {
  it('finds the places of windows on one series, in any order, and nothing else', () => {
    const arrays = new Map([
      [1, window(5, 200)],
      [2, window(3, 200)],
      [3, window(9, 205)],
      [4, Float64Array.from({ length: 200 }, () => random())],
      [5, window(0, 200)],
    ]);
    const found = findSeries(arrays);
    expect(found.series).toEqual([window(0, 214)]);
    expect([...found.windows]).toEqual([
      [1, { series: 0, offset: 5 }],
      [2, { series: 0, offset: 3 }],
      [3, { series: 0, offset: 9 }],
      [5, { series: 0, offset: 0 }],
    ]);
  });

  it('leaves an array alone that differs in one element, or in the sign of a zero', () => {
    const changed = window(4, 200);
    changed[150] += 1;
    const [positive, negative] = [window(0, 200), window(1, 200)];
    positive[100] = 0;
    negative[99] = -0;
    for (const pair of [
      [window(3, 200), changed],
      [positive, negative],
    ])
      expect(findSeries(new Map(pair.map((array, i) => [i, array]))).windows.size).toBe(0);
  });

  it('keeps apart what only overlaps in a part, and short arrays', () => {
    const far = new Map([
      [1, window(0, 200)],
      [2, window(40, 200)],
      [3, window(0, 100)],
    ]);
    expect(findSeries(far).windows.size).toBe(0);
    expect(
      findSeries(
        new Map([
          [1, window(0, 20)],
          [2, window(1, 20)],
        ]),
      ).windows.size,
    ).toBe(0);
  });
});

/** Residuals of an autoregression of some order on constants, their squares' sum and its gradient. */
function autoregression(order: number, n: number): Graph {
  const g = new GraphBuilder();
  const b = g.input('b', [order]);
  const lag = (p: number): number => g.constant(window(order - p, n), [n]);
  let rest = lag(0);
  for (let p = 1; p <= order; p++) {
    const factor = g.node('Slice', [b], { begin: [p - 1], size: [1] });
    rest = g.node('Sub', [rest, g.node('Multiply', [lag(p), factor])]);
  }
  const sum = (x: number): number => g.node('Sum', [x], { axis: [0], keepDims: false });
  const gradient = Array.from({ length: order }, (_, p) => sum(g.node('Multiply', [rest, lag(p + 1)])));
  return g.finish([sum(g.node('Square', [rest])), ...gradient]);
}

describe('loops over lags of a series', () => {
  it.each([
    [1, 64],
    [2, 65],
    [5, 100],
    [5, 103],
    [12, 200],
  ])('of order %i over %i steps have the reference’s values', (order, n) => {
    const graph = autoregression(order, n);
    const data = [Float64Array.from({ length: order }, (_, i) => 1 / (i + 2))];
    const expected = interpret(graph, data);
    for (const precision of ['float64', 'float32'] as const) {
      const tolerance = precision === 'float64' ? { rel: 1e-12, abs: 1e-12 } : { rel: 1e-4, abs: 1e-4 };
      const program = new WasmProgram(compileGraph(graph, { precision, relaxed: false }));
      program.run(data).forEach((actual, i) => expectClose(actual, expected[i], tolerance, `output ${i}`));
    }
  });

  it('hold the series once, and read each of its vectors once a turn', () => {
    const graph = autoregression(5, 200);
    const options = { precision: 'float64', relaxed: false } as const;
    const [body] = /loop\n[^]*?\n {2}end/.exec(compileToText(graph, options)) ?? [''];
    // Four vectors at each of 6 lags, 8 bytes apart: 6 + 3·2 different ones.
    expect(body.match(/v128\.load/g)?.length).toBe(12);
    expect(compileGraph(graph, options).constants.byteLength).toBeLessThan(2 * 205 * 8);
  });
});
