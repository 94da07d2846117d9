/** Finds what can be computed once for each distinct value of the constants that it depends on, and what should. */
import { sizeOf, type NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId } from '../../graph/graph';
import { costOf } from '../costs';
import { pointwiseKernels } from '../rules/elementwise';
import { useCounts } from '../uses';
import { meet, partitionOf, uniform, type Partition } from './partition';

/** Arrays of fewer elements are left alone. */
export const fewestElements = 64;
/** A class has at least this many elements on average. */
const fewestRepeats = 4;
/** Handing elements out to the places where they stand, in units of an addition. */
const gatherCost = 8;

/** A term of a full sum, added or subtracted. */
export interface SumTerm {
  readonly value: ValueId;
  readonly sign: 1 | -1;
  /** Constant weights of the elements. */
  readonly weights?: ValueId;
}

export interface SplitSum {
  /** Terms that repeat: their classes are summed. */
  readonly repeated: readonly SumTerm[];
  readonly rest: readonly SumTerm[];
}

const views = new Set(['Reshape', 'BroadcastTo']);

/** The places in a vector from which a node takes its elements, if they are constant. */
export function placesOf(graph: Graph, { kernel, inputs }: GraphNode): NumericArray | undefined {
  const isVector = kernel === 'GatherV2' && graph.values[inputs[0]].shape.length === 1;
  return isVector ? graph.constants.get(inputs[1]) : undefined;
}

export class Repetition {
  private readonly partitions = new Map<ValueId, Partition | undefined>();
  private readonly meets = new Map<Partition, Map<Partition, Partition | undefined>>();
  private readonly uniforms = new Map<number, Partition>();
  private readonly producers = new Map<ValueId, GraphNode>();
  private readonly uses: Uint32Array;
  /** Repeated values that are needed once a class. */
  readonly distinct = new Set<ValueId>();
  /** Repeated values that are handed out from their classes. */
  readonly gathered = new Set<ValueId>();
  /** Full sums some of whose terms repeat. */
  readonly sums = new Map<GraphNode, SplitSum>();
  /** Values with terms that repeat, that nothing but a sum uses. */
  private readonly partly = new Set<ValueId>();
  /** Additions that became additions of sums. */
  private readonly dissolved = new Set<GraphNode>();
  private readonly cones = new Map<ValueId, number>();

  constructor(private readonly graph: Graph) {
    this.uses = useCounts(graph);
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.producers.set(output, node);
      this.classify(node);
    }
    this.decide();
  }

  private size(value: ValueId): number {
    return sizeOf(this.graph.values[value].shape);
  }

  /** The classes of a value's elements, if they are few. */
  partition(value: ValueId): Partition | undefined {
    const data = this.graph.constants.get(value);
    if (data !== undefined && !this.partitions.has(value)) {
      const few = data.length >= fewestElements;
      this.partitions.set(value, few ? partitionOf(data, this.most(data.length)) : undefined);
    }
    return this.partitions.get(value);
  }

  private most(n: number): number {
    return Math.floor(n / fewestRepeats);
  }

  private uniform(n: number): Partition {
    const known = this.uniforms.get(n) ?? uniform(n);
    this.uniforms.set(n, known);
    return known;
  }

  private meet(a: Partition, b: Partition): Partition | undefined {
    const known = this.meets.get(a) ?? new Map<Partition, Partition | undefined>();
    this.meets.set(a, known);
    if (!known.has(b)) known.set(b, meet(a, b, this.most(a.classOf.length)));
    return known.get(b);
  }

  private classify(node: GraphNode): void {
    const [output] = node.outputs;
    const n = this.size(output);
    if (n < fewestElements || node.outputs.length !== 1) return;
    if (placesOf(this.graph, node) !== undefined) {
      this.partitions.set(output, this.partition(node.inputs[1]));
      return;
    }
    if (!views.has(node.kernel) && !pointwiseKernels.has(node.kernel)) return;
    if (this.splits(node)) this.partly.add(output);
    let partition = this.uniform(n);
    for (const input of node.inputs) {
      const size = this.size(input);
      if (size === 1) continue;
      const own = size === n ? this.partition(input) : undefined;
      const both = own === undefined ? undefined : this.meet(partition, own);
      if (both === undefined) return;
      partition = both;
    }
    this.partitions.set(output, partition);
  }

  private isRepeated(value: ValueId): boolean {
    return this.producers.has(value) && this.partitions.get(value) !== undefined;
  }

  /** The cost of a repeated value and what it is made of, to where that no longer matters. */
  private cone(value: ValueId): number {
    let cost = this.cones.get(value);
    if (cost === undefined) {
      const node = this.producers.get(value);
      cost = 0;
      if (node !== undefined && this.isRepeated(value)) {
        const isPlaced = placesOf(this.graph, node) !== undefined;
        cost = views.has(node.kernel) || isPlaced ? 0 : costOf(node.kernel);
        for (const input of isPlaced ? [] : node.inputs) cost = Math.min(1000, cost + this.cone(input));
      }
      this.cones.set(value, cost);
    }
    return cost;
  }

  private decide(): void {
    const { graph } = this;
    const full = new Set<ValueId>(graph.outputs);
    for (let i = graph.nodes.length - 1; i >= 0; i--) {
      const node = graph.nodes[i];
      const [output] = node.outputs;
      if (this.dissolved.has(node)) continue;
      if (!this.isRepeated(output)) {
        const split = this.isFullSum(node) ? this.split(node.inputs[0]) : undefined;
        if (split !== undefined) this.sums.set(node, split);
        for (const { value } of split?.repeated ?? []) this.distinct.add(value);
        for (const value of split?.rest.map((term) => term.value) ?? node.inputs) full.add(value);
        continue;
      }
      const isFull = full.has(output);
      if (isFull && this.cone(output) > gatherCost) this.gathered.add(output);
      else if (isFull) node.inputs.forEach((input) => full.add(input));
      if (this.gathered.has(output)) this.distinct.add(output);
      if (this.distinct.has(output))
        node.inputs.filter((x) => this.isRepeated(x)).forEach((x) => this.distinct.add(x));
    }
  }

  private isFullSum({ kernel, inputs, outputs }: GraphNode): boolean {
    const isFloat = kernel === 'Sum' && this.graph.values[inputs[0]].dtype === 'float';
    return isFloat && this.size(outputs[0]) === 1 && this.size(inputs[0]) >= fewestElements;
  }

  /** Whether a node adds up what repeats and what does not. */
  private splits(node: GraphNode): boolean {
    const [output] = node.outputs;
    const fits = (x: ValueId): boolean =>
      this.size(x) === this.size(output) && this.graph.values[x].dtype === 'float';
    if (this.uses[output] !== 1 || !node.inputs.every(fits)) return false;
    if (['Add', 'Sub', 'Neg', 'Reshape'].includes(node.kernel))
      return node.inputs.some((x) => this.isRepeated(x) || this.partly.has(x));
    return this.weighted(node) !== undefined;
  }

  /** A repeated value times constant weights. */
  private weighted({ kernel, inputs }: GraphNode): Omit<SumTerm, 'sign'> | undefined {
    if (kernel !== 'Multiply') return undefined;
    for (const side of [0, 1]) {
      const [value, weights] = [inputs[side], inputs[1 - side]];
      if (this.isRepeated(value) && this.graph.constants.has(weights)) return { value, weights };
    }
    return undefined;
  }

  private split(whole: ValueId): SplitSum | undefined {
    const repeated: SumTerm[] = [];
    const rest: SumTerm[] = [];
    const stack: SumTerm[] = [{ value: whole, sign: 1 }];
    for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
      const { value, sign } = term;
      const node = this.producers.get(value);
      if (this.isRepeated(value)) repeated.push(term);
      else if (node === undefined || !this.partly.has(value)) rest.push(term);
      else {
        this.dissolved.add(node);
        const factor = this.weighted(node);
        if (factor !== undefined) repeated.push({ ...factor, sign });
        else {
          const opposite = sign === 1 ? -1 : 1;
          if (node.inputs.length === 2)
            stack.push({ value: node.inputs[1], sign: node.kernel === 'Sub' ? opposite : sign });
          stack.push({ value: node.inputs[0], sign: node.kernel === 'Neg' ? opposite : sign });
        }
      }
    }
    return repeated.length > 0 ? { repeated, rest } : undefined;
  }
}
