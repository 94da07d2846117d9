import { expectClose } from '@pyro-ts/testing';
import { sizeOf } from '@pyro-ts/ops';
import { GraphBuilder } from '../../../graph/builder';
import { interpret } from '../../../reference/executor';
import { wasmExecutor } from '../../executor';

const numbers = (n: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.7 + n));

describe('a matrix product of an operand in reverse order', () => {
  const shapes = [
    { a: [2, 8, 12], b: [2, 8, 12], transposeA: false, transposeB: true },
    { a: [2, 12, 8], b: [2, 12, 8], transposeA: true, transposeB: false },
    { a: [40, 30], b: [30, 1], transposeA: false, transposeB: false },
    { a: [30, 40], b: [30, 1], transposeA: true, transposeB: false },
    { a: [3, 3], b: [3, 3], transposeA: false, transposeB: false },
    { a: [64, 64], b: [64, 64], transposeA: false, transposeB: false },
    { a: [40, 30], b: [30, 3], transposeA: false, transposeB: false },
  ];

  it.each(shapes)('$a by $b', ({ a, b, transposeA, transposeB }) => {
    for (const which of [0, 1]) {
      for (const axis of a.map((_, i) => i)) {
        const g = new GraphBuilder();
        const operands = [a, b].map((shape, i) => {
          const x = g.input(`x${i}`, shape);
          return i === which ? g.node('Reverse', [x], { dims: [axis] }) : x;
        });
        const graph = g.finish([g.node('BatchMatMul', operands, { transposeA, transposeB })]);
        const data = [a, b].map((shape) => numbers(sizeOf(shape)));
        const [expected] = interpret(graph, data);
        expectClose(wasmExecutor.compile(graph).run(data)[0], expected, { rel: 1e-12, abs: 1e-12 });
      }
    }
  });
});
