/** Computes, with the float64 reference kernels, what depends on constants alone. */
import { kernels, sizeOf, type KernelSpec, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { labels } from '../graph/labels';

/** Results this small are always stored; larger ones only if they are not larger than four times what they replace. */
const alwaysFolded = 64;

/** Kernels whose whole point is to repeat numbers: folding them would store the repetitions. */
const repeating = new Set(['BroadcastTo', 'Tile', 'Fill', 'ZerosLike', 'OnesLike']);

function isWorthStoring(graph: Graph, node: GraphNode): boolean {
  const size = (value: ValueId): number => sizeOf(graph.values[value].shape);
  const total = (values: readonly ValueId[]): number => values.reduce((sum, value) => sum + size(value), 0);
  const stored = total(node.outputs);
  if (stored <= alwaysFolded) return true;
  return !repeating.has(node.kernel) && stored <= 4 * total(node.inputs);
}

export const constantFolding: Pass = {
  name: 'constant-folding',
  run(graph) {
    const rewriter = new Rewriter(graph);
    for (const node of graph.nodes) {
      const isConstant = node.inputs.every(
        (input) => rewriter.constantOf(rewriter.resolve(input)) !== undefined,
      );
      const spec = isConstant
        ? (kernels as Readonly<Record<string, KernelSpec | undefined>>)[node.kernel]
        : undefined;
      if (spec === undefined || !isWorthStoring(graph, node)) {
        rewriter.copy(node);
        continue;
      }
      const inputs = node.inputs.map((input): NdArray => {
        const value = rewriter.resolve(input);
        const { shape, dtype } = rewriter.typeOf(value);
        return { data: rewriter.constantOf(value) as NumericArray, shape, dtype: labels[dtype] };
      });
      const types = node.outputs.map((output) => graph.values[output]);
      const specs = types.map(({ shape, dtype }) => ({ shape, dtype: labels[dtype] }));
      const results = spec.compute(inputs, node.attrs, specs);
      node.outputs.forEach((output, i) =>
        rewriter.replace(output, rewriter.addConstant(types[i], results[i])),
      );
    }
    return rewriter.finishIfChanged();
  },
};
