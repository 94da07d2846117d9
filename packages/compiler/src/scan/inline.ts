/** Runs a graph's nodes as tfjs kernels, so that it becomes part of what is being traced or differentiated. */
import { findKernel, lift, scan, tf, TRACE_BACKEND, withLabel, type DType } from '@pyro-ts/ops';
import { CompilerError } from '../errors';
import type { Graph, GraphNode, ValueDType, ValueId } from '../graph/graph';
import { planOfNode, runScan } from './kernel';

const labels: Readonly<Record<ValueDType, DType>> = { float: 'float32', int: 'int32', bool: 'bool' };

/** A kernel's inputs in the form that tfjs passes them: by name, or as a list. */
export function kernelInputs(kernel: string, tensors: readonly tf.Tensor[]): tf.NamedTensorMap {
  const spec = findKernel(kernel);
  if (spec === undefined || spec.inputs === 'list') return tensors as unknown as tf.NamedTensorMap;
  const names = spec.inputs.map((name) => name.replace('?', ''));
  return Object.fromEntries(tensors.map((tensor, i) => [names[i], tensor]));
}

function runControlNode(node: GraphNode, tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const body = node.subgraphs?.['body'];
  if (node.kernel !== 'Scan' || body === undefined)
    throw new CompilerError(`${node.kernel} inside a scan has no gradient of second order.`);
  const plan = planOfNode(body, node.attrs);
  if (tf.getBackend() === TRACE_BACKEND) return runScan(plan, tensors);
  const { numCarries, numXs } = plan.body;
  const shared = tensors.slice(numCarries + numXs);
  const { carry, ys } = scan(
    (c: readonly tf.Tensor[], x: readonly tf.Tensor[]) => {
      const outputs = inline(body, [...c, ...x, ...shared]);
      return [outputs.slice(0, numCarries), outputs.slice(numCarries)] as const;
    },
    tensors.slice(0, numCarries),
    tensors.slice(numCarries, numCarries + numXs),
    { length: plan.length, reverse: plan.reverse },
  );
  return [...carry, ...ys];
}

function runNode(node: GraphNode, tensors: readonly tf.Tensor[]): tf.Tensor[] {
  if (node.subgraphs !== undefined) return runControlNode(node, tensors);
  const result: tf.Tensor | tf.Tensor[] = tf
    .engine()
    .runKernel(node.kernel, kernelInputs(node.kernel, tensors), node.attrs as tf.NamedAttrMap);
  return Array.isArray(result) ? result : [result];
}

export function inline(graph: Graph, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const tensors = new Map<ValueId, tf.Tensor>();
  for (const [value, data] of graph.constants) {
    const { shape, dtype } = graph.values[value];
    tensors.set(value, lift({ data, shape, dtype: labels[dtype] }));
  }
  graph.inputs.forEach(({ value }, i) => tensors.set(value, inputs[i]));
  const get = (value: ValueId): tf.Tensor => tensors.get(value) as tf.Tensor;
  for (const node of graph.nodes) {
    const run = (): tf.Tensor[] => runNode(node, node.inputs.map(get));
    const results = node.label === undefined ? run() : withLabel(node.label, run);
    node.outputs.forEach((output, i) => tensors.set(output, results[i]));
  }
  return graph.outputs.map(get);
}
