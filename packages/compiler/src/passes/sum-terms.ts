/** Chains of additions as one sum of many terms. */
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { sameShape } from './rules/rule';
import { useCounts } from './uses';

export interface Term {
  readonly value: ValueId;
  readonly isNegative: boolean;
}

/** Additions that broadcast nothing and convert nothing. */
export function isSum(graph: Graph, node: GraphNode): boolean {
  if (node.kernel !== 'Add' && node.kernel !== 'AddN') return false;
  const type = graph.values[node.outputs[0]];
  return node.inputs.every((input) => {
    const { shape, dtype } = graph.values[input];
    return dtype === type.dtype && sameShape(shape, type.shape);
  });
}

const signed = new Set(['Add', 'AddN', 'Sub', 'Neg']);

/** Sums of floats, differences and negations among them; their terms may be of smaller shapes. */
export function isSignedSum(graph: Graph, { kernel, inputs, outputs }: GraphNode): boolean {
  return (
    signed.has(kernel) && [...inputs, ...outputs].every((value) => graph.values[value].dtype === 'float')
  );
}

/** The sums of a graph, and which of them are only a part of another one. */
export class SumTerms {
  /** By the value that they compute. */
  private readonly sums: (GraphNode | undefined)[];
  private readonly parts: Uint8Array;
  readonly uses: Uint32Array;

  constructor(graph: Graph, isTaken: (graph: Graph, node: GraphNode) => boolean) {
    this.uses = useCounts(graph);
    this.sums = new Array<GraphNode | undefined>(graph.values.length);
    this.parts = new Uint8Array(graph.values.length);
    for (const node of graph.nodes) {
      if (!isTaken(graph, node)) continue;
      this.sums[node.outputs[0]] = node;
      for (const input of node.inputs)
        if (this.sums[input] !== undefined && this.uses[input] === 1) this.parts[input] = 1;
    }
  }

  /** Whether a node is a sum that is no part of another one. */
  isRoot(node: GraphNode): boolean {
    const [output] = node.outputs;
    return this.sums[output] === node && this.parts[output] === 0;
  }

  /** What a sum adds up, from left to right, the terms of its parts among them. */
  termsOf(node: GraphNode): Term[] {
    const terms: Term[] = [];
    const stack: Term[] = [];
    const open = ({ kernel, inputs }: GraphNode, isNegative: boolean): void => {
      for (let i = inputs.length - 1; i >= 0; i--) {
        const turned = kernel === 'Neg' || (kernel === 'Sub' && i === 1);
        stack.push({ value: inputs[i], isNegative: isNegative !== turned });
      }
    };
    open(node, false);
    for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
      const part = this.parts[term.value] === 1 ? this.sums[term.value] : undefined;
      if (part === undefined) terms.push(term);
      else open(part, term.isNegative);
    }
    return terms;
  }

  /** The same for an operand that nothing else uses; the operand itself if it is no sum. */
  termsIn({ value, isNegative }: Term): Term[] {
    const sum = this.uses[value] === 1 ? this.sums[value] : undefined;
    if (sum === undefined) return [{ value, isNegative }];
    return this.termsOf(sum).map((term) => ({ ...term, isNegative: term.isNegative !== isNegative }));
  }
}
