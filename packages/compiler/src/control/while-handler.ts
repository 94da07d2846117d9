/** While tracing, `whileLoop` of ops is recorded as one node. */
import { runKernel, tf, type WhileCall } from '@pyro-ts/ops';
import { specOf, traceSubgraph } from './subgraph';
import { runWhile } from './while-kernel';

/** The loop with a count of its steps as the first carry, which the test bounds. */
function counted({ init, test, body }: WhileCall, most: number): WhileCall {
  return {
    maxIterations: most,
    init: [tf.scalar(0, 'int32'), ...init],
    test: ([count, ...carry]) => tf.logicalAnd(tf.less(count, tf.scalar(most, 'int32')), test(carry)),
    body: ([count, ...carry]) => [runKernel('Add', { a: count, b: tf.scalar(1, 'int32') }), ...body(carry)],
  };
}

/** Undefined, which has the plain loop run, where the body is at fault. */
export function recordWhile(call: WhileCall): readonly tf.Tensor[] | undefined {
  const { maxIterations } = call;
  const step = maxIterations === undefined ? call : counted(call, maxIterations);
  const specs = step.init.map(specOf);
  const test = traceSubgraph((carry) => [step.test(carry)], specs);
  const body = traceSubgraph((carry) => step.body(carry), specs, test.captured);
  const isSame = body.outputs.every(
    ({ shape, dtype }, i) => dtype === specs[i].dtype && shape.join() === specs[i].shape.join(),
  );
  if (!isSame) return undefined;
  // The test once more, on the inputs of the body.
  const again = traceSubgraph((carry) => [step.test(carry)], specs, body.captured);
  const { captured: shared } = body;
  const plan = { test: again.graph, body: body.graph, maxIterations, step: { ...step, shared } };
  const results = runWhile(plan, [...step.init, ...shared]);
  return maxIterations === undefined ? results : results.slice(1);
}
