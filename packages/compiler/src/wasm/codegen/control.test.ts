import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { wasmExecutor } from '../executor';

/** carry' = 0.9·carry + x + shared, y = carry'·carry' */
function filterStep(size: number): Graph {
  const g = new GraphBuilder();
  const carry = g.input('carry', [size]);
  const x = g.input('x', [size]);
  const shared = g.input('shared', []);
  const next = g.node('Add', [g.node('Multiply', [carry, g.constant(0.9)]), g.node('Add', [x, shared])]);
  return g.finish([next, g.node('Square', [next])]);
}

function check(graph: Graph, data: Parameters<typeof interpret>[1]): void {
  const expected = interpret(graph, data);
  wasmExecutor
    .compile(graph)
    .run(data)
    .forEach((a, i) => expectClose(a, expected[i], {}, `output ${i}`));
}

describe('Scan', () => {
  it.each([
    [1, false, 10],
    [1, true, 10],
    [3, false, 7],
    [40, true, 5],
    [2, false, 0],
  ])('of carries of %d elements (reverse %s) runs %d steps', (size, reverse, length) => {
    const g = new GraphBuilder();
    const init = g.input('init', [size]);
    const xs = g.input('xs', [length, size]);
    const shared = g.input('shared', []);
    const attrs = { length, numCarries: 1, numXs: 1, reverse };
    const types = [
      { shape: [size], dtype: 'float' as const },
      { shape: [length, size], dtype: 'float' as const },
    ];
    const outputs = g.control('Scan', [init, xs, shared], attrs, { body: filterStep(size) }, types);
    const after = g.node('Sum', [outputs[0]], { axis: [0] });
    const data = [
      Float64Array.from({ length: size }, (_, i) => i + 1),
      Float64Array.from({ length: length * size }, (_, i) => Math.sin(i)),
      Float64Array.of(0.25),
    ];
    check(g.finish([...outputs, after]), data);
  });
});

describe('Cond', () => {
  it.each([0, 1])('runs the arm of predicate %d', (predicate) => {
    const arm = (kernel: string): Graph => {
      const b = new GraphBuilder();
      const x = b.input('x', [5]);
      return b.finish([b.node(kernel, [x]), x]);
    };
    const g = new GraphBuilder();
    const p = g.input('p', [], 'bool');
    const x = g.input('x', [5]);
    const type = { shape: [5], dtype: 'float' as const };
    const outputs = g.control('Cond', [p, x], {}, { then: arm('Exp'), else: arm('Neg') }, [type, type]);
    check(g.finish(outputs), [Uint8Array.of(predicate), Float64Array.of(1, 2, 3, 4, 5)]);
  });
});

describe('While', () => {
  it.each([0, 1, 17])('turns %d times, and carries may change places', (turns) => {
    const types = [
      { shape: [], dtype: 'int' as const },
      { shape: [2], dtype: 'float' as const },
      { shape: [2], dtype: 'float' as const },
    ];
    const carries = (b: GraphBuilder) => types.map(({ shape, dtype }, i) => b.input(`c${i}`, shape, dtype));
    const test = new GraphBuilder();
    const [i] = carries(test);
    const testGraph = test.finish([test.node('Less', [i, test.constant(Int32Array.of(turns), [], 'int')])]);
    const body = new GraphBuilder();
    const [j, a, b] = carries(body);
    const next = body.node('Add', [j, body.constant(Int32Array.of(1), [], 'int')]);
    const bodyGraph = body.finish([next, b, body.node('Add', [a, b])]);
    const g = new GraphBuilder();
    const start = carries(g);
    const outputs = g.control('While', start, { numCarries: 3 }, { test: testGraph, body: bodyGraph }, types);
    check(g.finish(outputs), [Int32Array.of(0), Float64Array.of(1, 2), Float64Array.of(3, 5)]);
  });
});
