/** Applies the rules of rules/ to every node until none fits. */
import type { GraphNode, ValueId } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { arithmeticRules } from './rules/arithmetic';
import { broadcastRules } from './rules/broadcast';
import { columnRules } from './rules/columns';
import { complementRules } from './rules/complement';
import { contractionRules } from './rules/contraction';
import { divisionRules } from './rules/division';
import { inverseRules } from './rules/inverse';
import { lagRules } from './rules/lags';
import { layoutRules } from './rules/layout';
import { linearRules } from './rules/linear';
import { RuleContext, type Candidate, type Rule, type Rules } from './rules/rule';
import { scalingRules } from './rules/scaling';
import { selectRules } from './rules/select';
import { shapeRules } from './rules/shape';
import { signRules } from './rules/signs';
import { slicingRules } from './rules/slicing';
import { stridedRules } from './rules/strided';
import { steppedValues } from './steps';

const tables: readonly Rules[] = [
  arithmeticRules,
  selectRules,
  scalingRules,
  inverseRules,
  divisionRules,
  shapeRules,
  layoutRules,
  linearRules,
  lagRules,
  contractionRules,
  complementRules,
  columnRules,
  broadcastRules,
  signRules,
  slicingRules,
  stridedRules,
];

function rulesFor(kernel: string): readonly Rule[] {
  return tables.flatMap((table) => table[kernel] ?? []);
}

const byKernel = new Map<string, readonly Rule[]>();

function cachedRules(kernel: string): readonly Rule[] {
  let rules = byKernel.get(kernel);
  if (rules === undefined) byKernel.set(kernel, (rules = rulesFor(kernel)));
  return rules;
}

function rewrite(
  node: GraphNode,
  isStepped: boolean,
  rewriter: Rewriter,
  context: RuleContext,
): ValueId | undefined {
  const candidate: Candidate = {
    kernel: node.kernel,
    inputs: node.inputs.map((input) => rewriter.resolve(input)),
    attrs: node.attrs,
    type: rewriter.source.values[node.outputs[0]],
    label: node.label,
    isStepped,
  };
  for (const rule of cachedRules(node.kernel)) {
    const value = rule(candidate, context);
    if (value !== undefined) return value;
  }
  return undefined;
}

export const simplify: Pass = {
  name: 'simplify',
  run(graph) {
    const rewriter = new Rewriter(graph);
    const context = new RuleContext(rewriter);
    const stepped = steppedValues(graph);
    for (const node of graph.nodes) {
      const [output] = node.outputs;
      const value =
        node.outputs.length === 1 ? rewrite(node, stepped.has(output), rewriter, context) : undefined;
      if (value === undefined) rewriter.copy(node);
      else rewriter.replace(node.outputs[0], value);
    }
    return rewriter.finishIfChanged();
  },
};
