import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../../graph/builder';
import type { ValueId } from '../../../graph/graph';
import { interpret } from '../../../reference/executor';
import { WasmProgram } from '../../program';
import { generator, randomArray } from '../cases';
import { compileGraph } from '../compile-graph';

/** A concatenation of what is read of one computed value. */
function check(shape: readonly number[], parts: (g: GraphBuilder, p: ValueId) => readonly ValueId[]): void {
  const g = new GraphBuilder();
  const computed = g.node('Neg', [g.input('x', shape)]);
  const graph = g.finish([g.node('Concat', parts(g, computed), { axis: 0 })]);
  const data = [randomArray(generator(4), shape)];
  const program = new WasmProgram(compileGraph(graph, { precision: 'float64', relaxed: false }));
  expectClose(program.run(data)[0], interpret(graph, data)[0]);
}

const reversed = (g: GraphBuilder, p: ValueId): ValueId => g.node('Reverse', [p], { dims: [0] });
const some = (g: GraphBuilder, p: ValueId): ValueId => g.node('Slice', [p], { begin: [2], size: [3] });

describe('a concatenation of a computed value, which is made in its place, with', () => {
  it.each([6, 60])('the same reversed, %i numbers', (n) => {
    check([n], (g, p) => [p, reversed(g, p)]);
    check([n], (g, p) => [reversed(g, p), p]);
  });

  it('a part of it', () => {
    check([40], (g, p) => [some(g, p), p]);
    check([40], (g, p) => [p, some(g, p)]);
  });

  it('itself, twice', () => check([40], (g, p) => [p, p, reversed(g, p), p]));

  it('itself in another order of axes', () =>
    check([9, 9], (g, p) => [g.node('Transpose', [p], { perm: [1, 0] }), p]));
});
