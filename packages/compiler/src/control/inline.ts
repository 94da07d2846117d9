/** Runs a graph's nodes as tfjs kernels, so that it becomes part of what is being traced or differentiated. */
import { findKernel, lift, scan, tf, TRACE_BACKEND, whileLoop, withLabel } from '@pyro-ts/ops';
import type { ControlKernel } from '../graph/control';
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { labels } from '../graph/labels';
import { runCond } from './cond-kernel';
import { planOfNode, runScan } from './scan-kernel';
import { runWhile } from './while-kernel';

/** A kernel's inputs in the form that tfjs passes them: by name, or as a list. */
export function kernelInputs(kernel: string, tensors: readonly tf.Tensor[]): tf.NamedTensorMap {
  const spec = findKernel(kernel);
  if (spec === undefined || spec.inputs === 'list') return tensors as unknown as tf.NamedTensorMap;
  const names = spec.inputs.map((name) => name.replace('?', ''));
  return Object.fromEntries(tensors.map((tensor, i) => [names[i], tensor]));
}

/** A node with subgraphs: as a node of its own where something is being traced, else step by step. */
function runControlNode(node: GraphNode, tensors: readonly tf.Tensor[]): tf.Tensor[] {
  const traces = tf.getBackend() === TRACE_BACKEND;
  const bodies = node.subgraphs as Readonly<Record<string, Graph>>;
  switch (node.kernel as ControlKernel) {
    case 'Scan': {
      const plan = planOfNode(bodies['body'], node.attrs);
      if (traces) return runScan(plan, tensors);
      const { numCarries, numXs } = plan.body;
      const shared = tensors.slice(numCarries + numXs);
      const { carry, ys } = scan(
        (c: readonly tf.Tensor[], x: readonly tf.Tensor[]) => {
          const outputs = inline(plan.body.graph, [...c, ...x, ...shared]);
          return [outputs.slice(0, numCarries), outputs.slice(numCarries)] as const;
        },
        tensors.slice(0, numCarries),
        tensors.slice(numCarries, numCarries + numXs),
        { length: plan.length, reverse: plan.reverse },
      );
      return [...carry, ...ys];
    }
    case 'Cond': {
      const branches = { then: bodies['then'], else: bodies['else'] };
      const [predicate, ...operands] = tensors;
      if (traces) return runCond({ branches }, predicate, operands);
      return inline(predicate.dataSync()[0] ? branches.then : branches.else, operands);
    }
    case 'While': {
      const { numCarries, maxIterations } = node.attrs as { numCarries: number; maxIterations?: number };
      const { test, body } = bodies;
      if (traces) return runWhile({ test, body, maxIterations }, tensors);
      const shared = tensors.slice(numCarries);
      const goesOn = (carry: readonly tf.Tensor[]): tf.Tensor => inline(test, [...carry, ...shared])[0];
      const step = (carry: readonly tf.Tensor[]): tf.Tensor[] => inline(body, [...carry, ...shared]);
      return [...whileLoop(goesOn, step, tensors.slice(0, numCarries))];
    }
  }
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
