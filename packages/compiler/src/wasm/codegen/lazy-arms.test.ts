import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, ValueId } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator, randomArray } from './cases';
import { compileGraph, compileToText } from './compile-graph';

/** Selections within selections, whose arms share some of what they need. */
function nested(n: number, condition: 'scalar' | 'vector'): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', [n]);
  const limit = g.input('limit', condition === 'scalar' ? [] : [n]);
  const shared = g.node('Exp', [x]);
  const far = (y: ValueId): ValueId => g.node('Log', [g.node('Add', [g.node('Square', [y]), g.constant(2)])]);
  const near = g.node('Digamma', [g.node('Add', [shared, g.constant(1)])]);
  const inner = g.node('Select', [
    g.node('Greater', [x, g.constant(1)]),
    far(shared),
    g.node('RealDiv', [near, far(x)]),
  ]);
  const outer = g.node('Select', [
    g.node('Greater', [limit, g.constant(0)]),
    g.node('Multiply', [inner, g.node('Sigmoid', [x])]),
    g.node('Select', [g.node('Less', [x, g.constant(0)]), g.node('Sin', [x]), g.constant(0)]),
  ]);
  const guarded = g.node('Select', [g.node('Greater', [x, limit]), g.constant(0), g.node('Cos', [outer])]);
  const sum = g.node('Sum', [outer], { axis: [0], keepDims: false });
  return g.finish([outer, guarded, sum, g.node('Add', [shared, g.node('Sigmoid', [x])])]);
}

describe('arms of selections that are left out', () => {
  it.each([17, 33, 64, 101])(
    'do not change any of %i values, for conditions of one number and of many',
    (n) => {
      for (const condition of ['scalar', 'vector'] as const) {
        const graph = nested(n, condition);
        for (const level of [-8, 0, 8]) {
          const random = generator(n + level);
          const limits = randomArray(random, condition === 'scalar' ? [] : [n]).map((v) => v + level);
          const data = [randomArray(random, [n]), limits];
          const expected = interpret(graph, data);
          for (const precision of ['float64', 'float32'] as const) {
            const tolerance = precision === 'float64' ? { rel: 1e-11, abs: 1e-12 } : { rel: 2e-4, abs: 2e-4 };
            const actual = new WasmProgram(compileGraph(graph, { precision, relaxed: false })).run(data);
            expected.forEach((e, i) =>
              expectClose(actual[i], e, tolerance, `${condition} ${level} ${precision} output ${i}`),
            );
          }
        }
      }
    },
  );

  it('are under a branch if they are worth one, and selected without if not', () => {
    const build = (expensive: boolean): string => {
      const g = new GraphBuilder();
      const x = g.input('x', [1000]);
      const arm = g.node('Neg', [
        expensive ? g.node('Sqrt', [g.node('RealDiv', [x, g.node('Sqrt', [x])])]) : x,
      ]);
      const graph = g.finish([g.node('Select', [g.node('Greater', [x, g.constant(0)]), arm, g.constant(1)])]);
      return compileToText(graph, { precision: 'float64', relaxed: false }).split('\n\n')[0];
    };
    expect(build(true)).toContain('any_true');
    expect(build(false)).not.toContain('any_true');
  });
});
