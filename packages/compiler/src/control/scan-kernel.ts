/**
 * The tfjs kernel `Scan` of the trace backend: one node with a subgraph. Its gradient runs the scan again with the
 * carries of every step as outputs (which common subexpressions make one with the first run) and then a scan in the
 * other direction.
 */
import type { tf, TensorSpec } from '@pyro-ts/ops';
import type { Graph } from '../graph/graph';
import { forInputs, isFloat, zeros } from './cotangents';
import { runControl, type ControlKernelRow } from './control-kernel';
import { backwardBody, rerunGraph, withHistory, type ScanBodyGraph } from './scan-body';
import { specOf, specOfValue } from './subgraph';

const scanKernel = 'Scan';

/** A plan of a scan: what stands in the attributes while it travels through tfjs. */
interface ScanPlan {
  readonly body: ScanBodyGraph;
  /** `body.graph` with the incoming carries as further outputs. */
  readonly recorded: Graph;
  readonly length: number;
  readonly reverse: boolean;
  /** The body of the gradient, if it was made from the function itself; else the recorded graph is differentiated. */
  readonly backward?: ScanBodyGraph | undefined;
}

const stackedSpec = (length: number, { shape, dtype }: TensorSpec): TensorSpec => ({
  shape: [length, ...shape],
  dtype,
});

/** Shapes of the outputs: final carries, stacked ys, stacked history. */
function outputSpecs({ body, length }: ScanPlan): TensorSpec[] {
  const { numCarries } = body;
  const carries = body.inputs.slice(0, numCarries);
  const ys = [...body.outputs.slice(numCarries), ...carries];
  return [...carries, ...ys.map((y) => stackedSpec(length, y))];
}

export function scanAttrs({ body, length, reverse }: ScanPlan): Readonly<Record<string, number | boolean>> {
  return { length, numCarries: body.numCarries, numXs: body.numXs, reverse };
}

export interface ScanRequest {
  readonly body: ScanBodyGraph;
  readonly length: number;
  readonly reverse: boolean;
  readonly backward?: ScanBodyGraph | undefined;
}

/** Final carries, then stacked ys. */
export function runScan(request: ScanRequest, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const outputs = runControl(scanKernel, { ...request, recorded: withHistory(request.body) }, inputs);
  return outputs.slice(0, request.body.outputs.length);
}

function gradient(
  dys: readonly tf.Tensor[],
  inputs: readonly tf.Tensor[],
  plan: ScanPlan,
): readonly tf.Tensor[] {
  const { body, length, reverse } = plan;
  const { numCarries, numXs } = body;
  const history = runControl(scanKernel, plan, inputs).slice(body.outputs.length);
  const backward = plan.backward ?? backwardBody(body, rerunGraph(body.graph));
  const shared = inputs.slice(numCarries + numXs);
  const floats = dys.filter((_, i) => isFloat(outputSpecs(plan)[i]));
  const floatCarries = body.inputs.slice(0, numCarries).filter(isFloat).length;
  const sums = shared.filter((s) => isFloat(specOf(s)));
  const results = runScan({ body: backward, length, reverse: !reverse }, [
    ...floats.slice(0, floatCarries),
    ...sums.map((s) => zeros(s.shape)),
    ...history,
    ...inputs.slice(numCarries, numCarries + numXs),
    ...floats.slice(floatCarries),
    ...shared,
  ]);
  const dCarries = results.slice(0, floatCarries);
  const dShared = results.slice(floatCarries, floatCarries + sums.length);
  const dXs = results.slice(floatCarries + sums.length);
  return forInputs(inputs, [...dCarries, ...dXs, ...dShared]);
}

export const scanKernelRow: ControlKernelRow<ScanPlan> = {
  name: scanKernel,
  describe: (plan) => ({
    attrs: scanAttrs(plan),
    outputs: outputSpecs(plan),
    subgraphs: { body: plan.recorded },
  }),
  gradient,
};

/** The plan of a scan that was recorded before, to run it again inside of another function. */
export function planOfNode(
  graph: Graph,
  attrs: Readonly<Record<string, unknown>>,
): Omit<ScanPlan, 'recorded'> {
  const { length, numCarries, numXs, reverse } = attrs as Readonly<Record<string, number>>;
  const spec = (value: number): TensorSpec => specOfValue(graph, value);
  return {
    body: {
      graph,
      inputs: graph.inputs.map(({ value }) => spec(value)),
      outputs: graph.outputs.map(spec),
      numCarries,
      numXs,
    },
    length,
    reverse: Boolean(reverse),
  };
}
