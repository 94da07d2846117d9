/** Makes a Cond smaller, or the branch that it is. */
import type { Graph, GraphNode, ValueId } from '../../graph/graph';
import type { Rewriter } from '../../graph/rewriter';
import { pruneOperands } from './inputs';

/** The nodes of a branch in the place of the Cond. */
function inlineBranch(branch: Graph, operands: readonly ValueId[], rewriter: Rewriter): ValueId[] {
  const known = new Map<ValueId, ValueId>();
  branch.inputs.forEach(({ value }, i) => known.set(value, operands[i]));
  const get = (value: ValueId): ValueId => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const data = branch.constants.get(value);
    if (data === undefined) throw new Error(`internal: %${value} of a branch is not defined`);
    const constant = rewriter.addConstant(branch.values[value], data);
    known.set(value, constant);
    return constant;
  };
  for (const node of branch.nodes) {
    const types = node.outputs.map((output) => branch.values[output]);
    const outputs = rewriter.addNode({ ...node, inputs: node.inputs.map(get) }, types);
    node.outputs.forEach((output, i) => known.set(output, outputs[i]));
  }
  return branch.outputs.map(get);
}

export function rewriteCond(node: GraphNode, uses: Uint32Array, rewriter: Rewriter): boolean {
  const { then, else: otherwise } = node.subgraphs as Readonly<Record<'then' | 'else', Graph>>;
  const [predicate, ...operands] = node.inputs.map((input) => rewriter.resolve(input));
  const decided = rewriter.constantOf(predicate);
  if (decided !== undefined) {
    const outputs = inlineBranch(decided[0] ? then : otherwise, operands, rewriter);
    node.outputs.forEach((output, i) => rewriter.replace(output, outputs[i]));
    return true;
  }
  const used = node.outputs.map((output) => uses[output] > 0);
  const left = node.outputs.filter((_, i) => used[i]);
  const cut = (branch: Graph): Graph => ({ ...branch, outputs: branch.outputs.filter((_, i) => used[i]) });
  const { outer, bodies } = pruneOperands(operands, [cut(then), cut(otherwise)], rewriter);
  if (left.length === node.outputs.length && outer.length === operands.length) return false;
  const outputs = rewriter.addNode(
    { ...node, inputs: [predicate, ...outer], subgraphs: { then: bodies[0], else: bodies[1] } },
    left.map((output) => rewriter.source.values[output]),
  );
  left.forEach((output, i) => rewriter.replace(output, outputs[i]));
  return true;
}
