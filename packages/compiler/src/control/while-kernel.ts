/**
 * The tfjs kernel `While` of the trace backend: one node with a test and a body. A loop with a bound has a gradient: it is
 * run again as a scan of that many steps, each of which does nothing once the test has failed, and the scan is
 * differentiated.
 */
import { cond, scan, type tf, type TensorSpec } from '@pyro-ts/ops';
import { CompilerError } from '../errors';
import type { Graph } from '../graph/graph';
import { runControl, type ControlKernelRow } from './control-kernel';
import { forInputs, isFloat, pairing, zeros } from './cotangents';
import { inline } from './inline';
import { specOf, specOfValue } from './subgraph';
import { gradientsOf, isDifferentiating, withoutTape } from './tape';

export interface WhilePlan {
  /** [carries, shared] → a bool scalar. */
  readonly test: Graph;
  /** [carries, shared] → carries. */
  readonly body: Graph;
  readonly maxIterations?: number | undefined;
  /** One step on the carries as the user wrote it, in place of the graphs, for the gradient. */
  readonly step?: WhileStep | undefined;
}

export interface WhileStep {
  /** The tensors that stand for the shared inputs in what follows. */
  readonly shared: readonly tf.Tensor[];
  readonly test: (carry: readonly tf.Tensor[]) => tf.Tensor;
  readonly body: (carry: readonly tf.Tensor[]) => readonly tf.Tensor[];
}

const outputsOf = ({ body }: WhilePlan): TensorSpec[] =>
  body.outputs.map((output) => specOfValue(body, output));

export function whileAttrs({ body, maxIterations }: WhilePlan): Readonly<Record<string, number>> {
  return { numCarries: body.outputs.length, ...(maxIterations === undefined ? {} : { maxIterations }) };
}

export function runWhile(plan: WhilePlan, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  return runControl('While', plan, inputs);
}

function stepOfGraphs({ test, body }: WhilePlan, shared: readonly tf.Tensor[]): WhileStep {
  return {
    shared,
    test: (carry) => inline(test, [...carry, ...shared])[0],
    body: (carry) => inline(body, [...carry, ...shared]),
  };
}

/** The same loop as a scan over its bound. */
function asScan({ test, body }: WhileStep, init: readonly tf.Tensor[], length: number): readonly tf.Tensor[] {
  const step = (carry: readonly tf.Tensor[]): readonly [readonly tf.Tensor[], readonly tf.Tensor[]] => [
    cond(test(carry), body, (same: readonly tf.Tensor[]) => same, carry),
    [],
  ];
  return scan<readonly tf.Tensor[], readonly tf.Tensor[], readonly tf.Tensor[]>(step, init, null, { length })
    .carry;
}

export const whileKernelRow: ControlKernelRow<WhilePlan> = {
  name: 'While',
  describe: (plan) => ({
    attrs: whileAttrs(plan),
    outputs: outputsOf(plan),
    subgraphs: { test: plan.test, body: plan.body },
  }),
  gradient(dys, inputs, plan) {
    const { maxIterations } = plan;
    if (maxIterations === undefined)
      throw new CompilerError(
        'whileLoop: a compiled gradient must store the carry of every step, and this loop has no bound on their number.\n' +
          '  Fix: pass { maxIterations }, or run the gradient without compiling.',
      );
    const outputs = outputsOf(plan);
    const init = inputs.slice(0, outputs.length);
    const cotangents = dys.filter((_, i) => isFloat(outputs[i]));
    const step = plan.step ?? stepOfGraphs(plan, inputs.slice(outputs.length));
    const watched = [...init, ...step.shared].filter((input) => isFloat(specOf(input)));
    const differentiate = (): ReturnType<typeof gradientsOf> =>
      gradientsOf(() => pairing(asScan(step, init, maxIterations), cotangents), watched);
    // Within a gradient of higher order the outer one goes on recording.
    const grads = isDifferentiating() ? differentiate() : withoutTape(differentiate);
    return forInputs(
      inputs,
      watched.map((x, i) => grads[i] ?? zeros(x.shape)),
    );
  },
};
