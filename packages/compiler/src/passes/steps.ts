/**
 * Values of which a step function is taken. A last bit decides there: ⌊49/49⌋ is 1, ⌊49 · (1/49)⌋ is 0. What feeds them
 * is computed as it is written.
 */
import type { Graph, ValueId } from '../graph/graph';

const steps = new Set([
  'Floor', 'Ceil', 'Round', 'Rint', 'FloorDiv', 'Mod', 'Sign', 'Step', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual',
  'Less', 'LessEqual', 'ArgMax', 'ArgMin', 'TopK', 'LogExponent', 'LogFraction',
]); // prettier-ignore

/** Kernels that hand elements on as they are. */
const views = new Set([
  'Reshape', 'Transpose', 'BroadcastTo', 'Tile', 'Slice', 'StridedSlice', 'Concat', 'Pack', 'Unpack', 'SplitV', 'PadV2',
  'GatherV2', 'Reverse', 'Neg', 'Abs', 'Select', 'Maximum', 'Minimum', 'ClipByValue',
]); // prettier-ignore

export function steppedValues(graph: Graph): ReadonlySet<ValueId> {
  const stepped = new Set<ValueId>();
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const { kernel, inputs, outputs, subgraphs } = graph.nodes[i];
    const isInteger = kernel === 'Cast' && graph.values[outputs[0]].dtype !== 'float';
    const handsOn = views.has(kernel) && outputs.some((output) => stepped.has(output));
    if (steps.has(kernel) || isInteger || handsOn) for (const input of inputs) stepped.add(input);
    if (subgraphs === undefined) continue;
    for (const body of Object.values(subgraphs)) {
      // A Cond's bodies do not see its predicate.
      const given = inputs.slice(inputs.length - body.inputs.length);
      const inside = steppedValues(body);
      body.inputs.forEach(({ value }, k) => inside.has(value) && stepped.add(given[k]));
    }
  }
  return stepped;
}
