/** What the tests of control kernels share: everything that runs a function gives what the plain loop gives. */
import { setControlHandlers, tf, toNdArray, type NumericArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import type { Graph } from '../src/graph/graph';
import { verify } from '../src/graph/verify';
import { compile, load } from '../src/jit/compile';
import { executors } from '../src/jit/executors';
import { optimize } from '../src/passes/optimize';
import { trace } from '../src/trace/trace';

export type Fn = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Traced, optimised with every pass verified, run by every executor and from bytes, and compared with the eager run. */
export function compareWithEager(fn: Fn, ...inputs: tf.Tensor[]): { raw: Graph; graph: Graph } {
  const specs = inputs.map(({ shape }, i) => ({ name: `x${i}`, shape, dtype: 'float32' as const }));
  const raw = verify(trace((given) => [fn(...given)].flat(), specs));
  const graph = optimize(raw, { afterPass: (_name, g) => verify(g) });
  const data = inputs.map((input) => toNdArray(input).data);
  const former = setControlHandlers({});
  const eager = [fn(...inputs)].flat().map((t) => toNdArray(t));
  setControlHandlers(former);
  const agree = (what: string, results: readonly NumericArray[]): void =>
    results.forEach((actual, i) =>
      expectClose(actual, eager[i].data, { rel: 1e-12, abs: 1e-14 }, `${what}, output ${i}`),
    );
  for (const g of [raw, graph]) {
    eager.forEach(({ shape }, i) => expect(g.values[g.outputs[i]].shape).toEqual(shape));
    for (const executor of Object.values(executors)) agree(executor.name, executor.compile(g).run(data));
  }
  const bytes = compile((...given: tf.Tensor[]) => fn(...given), { inputs: specs }).toBytes();
  agree('bytes', load(bytes).run(data));
  return { raw, graph };
}

/** The value of `fn` and its gradients by all inputs. */
export const valueAndGradients =
  (fn: (...inputs: tf.Tensor[]) => tf.Tensor): Fn =>
  (...inputs) => {
    const { value, grads } = tf.valueAndGrads(fn as (...x: tf.Tensor[]) => tf.Scalar)(inputs);
    return [value, ...grads];
  };
