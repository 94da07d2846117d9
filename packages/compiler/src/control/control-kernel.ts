/** How a kernel with subgraphs is known to tfjs: as a kernel of the trace backend, its plan among the attributes. */
import { orderedInputs, runKernel, tf, type Attrs, type TensorSpec } from '@pyro-ts/ops';
import type { ControlKernel } from '../graph/control';
import type { Graph } from '../graph/graph';
import { traceBackend, traceBackendName } from '../trace/backend';

export interface ControlKernelRow<Plan> {
  readonly name: ControlKernel;
  /** What stands in the graph. */
  readonly describe: (plan: Plan) => {
    readonly attrs: Attrs;
    readonly outputs: readonly TensorSpec[];
    readonly subgraphs: Readonly<Record<string, Graph>>;
  };
  /** The cotangent of every input from those of all outputs. */
  readonly gradient: (
    dys: readonly tf.Tensor[],
    inputs: readonly tf.Tensor[],
    plan: Plan,
  ) => readonly tf.Tensor[];
}

export function runControl(name: ControlKernel, plan: object, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const attrs = { plan } as unknown as tf.NamedAttrMap;
  const result: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs);
  return Array.isArray(result) ? result : [result];
}

/** Registers kernel and gradient. */
export function registerControl<Plan>({ name, describe, gradient }: ControlKernelRow<Plan>): void {
  const planOf = (attrs: unknown): Plan => (attrs as { plan: Plan }).plan;
  tf.registerKernel({
    kernelName: name,
    backendName: traceBackendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { attrs: plain, outputs, subgraphs } = describe(planOf(attrs));
      const tensors = orderedInputs({ inputs: 'list' }, inputs);
      return traceBackend().recordControl(name, tensors, plain, outputs, subgraphs);
    },
  });
  tf.registerGradient({
    kernelName: name,
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const grads = gradient(Array.isArray(dy) ? dy : [dy], saved, planOf(attrs));
      return Object.fromEntries(
        grads.map((grad, i) => [String(i), () => runKernel('Identity', { x: grad })]),
      );
    },
  });
}
