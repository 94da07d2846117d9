/** What tests of rules look at: the kernels that are left when all passes have run. */
import type { tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { verify } from '../src/graph/verify';
import { optimize } from '../src/passes/optimize';
import { interpret } from '../src/reference/executor';
import { trace } from '../src/trace/trace';

/** The kernels that are left of a function of one vector, after its values have been compared. */
export function kernelsLeft(fn: (x: tf.Tensor) => tf.Tensor, length: number): string[] {
  const raw = verify(trace(([x]) => [fn(x)], [{ name: 'x', shape: [length], dtype: 'float32' }]));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const x = Float64Array.from({ length }, (_, i) => Math.cos(2 * i + 1));
  const expected = interpret(raw, [x]);
  interpret(graph, [x]).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-12, abs: 1e-12 }));
  return graph.nodes.map((node) => node.kernel);
}
