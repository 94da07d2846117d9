/** Makes a While smaller: carries that never change are shared by all steps, and what no step reads goes. */
import type { Graph, GraphNode } from '../../graph/graph';
import type { Rewriter } from '../../graph/rewriter';
import { pruneOperands } from './inputs';

export function rewriteWhile(node: GraphNode, _uses: Uint32Array, rewriter: Rewriter): boolean {
  const { test, body } = node.subgraphs as Readonly<Record<'test' | 'body', Graph>>;
  const { numCarries, ...rest } = node.attrs as Readonly<Record<string, number>>;
  const inputs = node.inputs.map((input) => rewriter.resolve(input));
  const isFixed = (i: number): boolean => i < numCarries && body.outputs[i] === body.inputs[i].value;
  const order = [
    ...inputs.map((_, i) => i).filter((i) => i < numCarries && !isFixed(i)),
    ...inputs.map((_, i) => i).filter((i) => i >= numCarries || isFixed(i)),
  ];
  const moving = node.outputs.filter((_, i) => !isFixed(i));
  const arrange = (graph: Graph): Graph => ({ ...graph, inputs: order.map((i) => graph.inputs[i]) });
  const step = { ...arrange(body), outputs: body.outputs.filter((_, i) => !isFixed(i)) };
  const given = order.map((i) => inputs[i]);
  const { outer, bodies } = pruneOperands(given, [arrange(test), step], rewriter, moving.length);
  if (moving.length === numCarries && outer.length === inputs.length) return false;
  node.outputs.forEach((output, i) => isFixed(i) && rewriter.replace(output, inputs[i]));
  const outputs = rewriter.addNode(
    {
      ...node,
      inputs: outer,
      attrs: { ...rest, numCarries: moving.length },
      subgraphs: { test: bodies[0], body: bodies[1] },
    },
    moving.map((output) => rewriter.source.values[output]),
  );
  moving.forEach((output, i) => rewriter.replace(output, outputs[i]));
  return true;
}
