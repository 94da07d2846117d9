/**
 * Σ f(xᵢ) → f(Σ xᵢ) where f is linear and the same in several terms: the adjoint of what every step of a loop uses is
 * carried back through it once, not once a step.
 *
 * It changes a sum by a few ulp of Σ |terms|. Where f itself is not finite (a factor ∞, a divisor 0 or NaN), terms of
 * both signs may give an infinity, or 0, that gave NaN one by one.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import { attrsKey } from '../graph/attrs';
import type { Pass } from './pass';
import { broadcastShape } from './rules/broadcast';
import { RuleContext, sameShape } from './rules/rule';
import { steppedValues } from './steps';
import { isSignedSum, SumTerms, type Term } from './sum-terms';

/** Operands in which a kernel is linear, the others given. */
const linearIn: Readonly<Record<string, readonly number[]>> = {
  Multiply: [0, 1], RealDiv: [0], Xdivy: [0], BatchMatMul: [0, 1], Select: [1, 2], Reshape: [0], Transpose: [0],
  BroadcastTo: [0], PadV2: [0], GatherV2Grad: [0], Reverse: [0], Cumsum: [0], Sum: [0], Slice: [0],
}; // prettier-ignore

/** Kernels whose result is smaller: beyond some elements it costs less to add up what they give. */
const shrinking = new Set(['Sum', 'Slice']);
const fewElements = 16;

/** A term as a linear function of one of its operands. */
interface Application {
  readonly node: GraphNode;
  readonly operand: number;
  readonly key: string;
}

class LinearSums {
  readonly rewriter: Rewriter;
  private readonly context: RuleContext;
  private readonly sumTerms: SumTerms;
  private readonly stepped: ReadonlySet<ValueId>;
  /** Of linear kernels, by what they compute. */
  private readonly producers: (GraphNode | undefined)[];

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
    this.context = new RuleContext(this.rewriter);
    this.sumTerms = new SumTerms(graph, isSignedSum);
    this.stepped = steppedValues(graph);
    this.producers = new Array<GraphNode | undefined>(graph.values.length);
    for (const node of graph.nodes) if (node.kernel in linearIn) this.producers[node.outputs[0]] = node;
  }

  visit(node: GraphNode): void {
    const [output] = node.outputs;
    const value =
      this.sumTerms.isRoot(node) && !this.stepped.has(output)
        ? this.total(this.sumTerms.termsOf(node), this.graph.values[output], node.label)
        : undefined;
    if (value === undefined) this.rewriter.copy(node);
    else this.rewriter.replace(output, value);
  }

  /** The kernel of a term that nothing else needs, if it is a linear one. */
  private kernelOf({ value }: Term): string | undefined {
    return this.sumTerms.uses[value] === 1 ? this.producers[value]?.kernel : undefined;
  }

  /** Whether there may be anything to do at all: two terms by the same kernel, or two numbers. */
  private isWorthALook(terms: readonly Term[]): boolean {
    const kernels = new Set<string>();
    let numbers = 0;
    for (const term of terms) {
      const kernel = this.kernelOf(term);
      if (kernel !== undefined && kernels.has(kernel)) return true;
      if (kernel !== undefined) kernels.add(kernel);
      if (this.graph.constants.has(term.value) && ++numbers === 2) return true;
    }
    return false;
  }

  private isNumber({ value }: Term): boolean {
    return this.graph.constants.has(value) && this.context.splat(value) !== undefined;
  }

  /** As what a term can be seen, if nothing else needs it. */
  private applications({ value }: Term): Application[] {
    const node = this.sumTerms.uses[value] === 1 ? this.producers[value] : undefined;
    if (node === undefined) return [];
    const types = node.inputs.map((input) => this.graph.values[input]);
    return linearIn[node.kernel].flatMap((operand): Application[] => {
      const { shape, dtype } = types[operand];
      if (dtype !== 'float' || (shrinking.has(node.kernel) && sizeOf(shape) > fewElements)) return [];
      const others = node.inputs.map((input, i) => (i === operand ? -1 : this.rewriter.resolve(input)));
      if (!this.isLinear(node, others)) return [];
      // Factors commute.
      const given = node.kernel === 'Multiply' ? others.filter((input) => input >= 0) : others;
      const key = `${node.kernel}${attrsKey(node.attrs)}(${given.join()})[${shape.join()}]`;
      return [{ node, operand, key }];
    });
  }

  /** What only some attributes and operands make linear. */
  private isLinear({ kernel, attrs, outputs }: GraphNode, others: readonly ValueId[]): boolean {
    // Sums to one number are taken apart, not put together (rules/linear.ts).
    if (kernel === 'Sum') return sizeOf(this.graph.values[outputs[0]].shape) > 1;
    if (kernel === 'PadV2') return attrs['constantValue'] === 0;
    if (kernel !== 'Select') return true;
    return others.slice(1).some((branch) => branch >= 0 && this.context.splat(branch) === 0);
  }

  /** Σ terms with equal functions applied once, and numbers added up; undefined if there are none of either. */
  private total(terms: readonly Term[], type: ValueType, label: string | undefined): ValueId | undefined {
    if (!this.isWorthALook(terms)) return undefined;
    const seen = terms.map((term) => this.applications(term));
    const counts = new Map<string, number>();
    for (const { key } of seen.flat()) counts.set(key, (counts.get(key) ?? 0) + 1);
    const count = ({ key }: Application): number => counts.get(key) ?? 0;
    const groups = new Map<string, { of: Application; terms: Term[] }>();
    const left: Term[] = [];
    terms.forEach(({ value, isNegative }, i) => {
      const chosen = seen[i].reduce<Application | undefined>(
        (best, next) => (best === undefined || count(next) > count(best) ? next : best),
        undefined,
      );
      if (chosen === undefined || count(chosen) < 2) return left.push({ value, isNegative });
      const term = { value: chosen.node.inputs[chosen.operand], isNegative };
      const group = groups.get(chosen.key);
      return group === undefined
        ? groups.set(chosen.key, { of: chosen, terms: [term] })
        : group.terms.push(term);
    });
    const shared = [...groups.values()].filter((group) => group.terms.length > 1);
    if (shared.length === 0 && terms.filter((term) => this.isNumber(term)).length < 2) return undefined;
    for (const { of, terms: alone } of groups.values())
      if (alone.length === 1) left.push({ value: of.node.outputs[0], isNegative: alone[0].isNegative });
    const added = left.map(({ value, isNegative }) => ({ value: this.rewriter.resolve(value), isNegative }));
    for (const { of, terms: operands } of shared) added.push(this.applied(of, operands));
    return this.chain(added, type, label);
  }

  /** The function of the sum of its operands; the sign that the first of them has is that of the whole. */
  private applied({ node, operand }: Application, operands: readonly Term[]): Term {
    const type = this.graph.values[node.inputs[operand]];
    const { isNegative } = operands[0];
    const terms = operands
      .map((term) => ({ ...term, isNegative: term.isNegative !== isNegative }))
      .flatMap((term) => this.sumTerms.termsIn(term));
    const inner = this.total(terms, type, node.label) ?? this.chain(this.resolved(terms), type, node.label);
    const inputs = node.inputs.map((input, i) => (i === operand ? inner : this.rewriter.resolve(input)));
    const [output] = node.outputs;
    const value = this.context.emit(node.kernel, inputs, node.attrs, this.graph.values[output], node.label);
    return { value, isNegative };
  }

  private resolved(terms: readonly Term[]): Term[] {
    return terms.map(({ value, isNegative }) => ({ value: this.rewriter.resolve(value), isNegative }));
  }

  /** The terms (new values) added up in their order, those of one shape among each other first, numbers last. */
  private chain(terms: readonly Term[], type: ValueType, label: string | undefined): ValueId {
    const shapes = new Map<string, Term[]>();
    let constant = 0;
    for (const term of terms) {
      const number = this.context.splat(term.value);
      if (number !== undefined) {
        constant += term.isNegative ? -number : number;
        continue;
      }
      const key = this.context.shapeOf(term.value).join();
      const known = shapes.get(key);
      if (known === undefined) shapes.set(key, [term]);
      else known.push(term);
    }
    const sums = [...shapes.values()].map((same) => this.sumOf(same, label));
    if (constant !== 0 || sums.length === 0)
      sums.push({ value: this.context.constant(constant, 'float'), isNegative: false });
    const { value, isNegative } = this.sumOf(sums, label);
    const { context } = this;
    const sum = isNegative ? context.emit('Neg', [value], {}, context.typeOf(value), label) : value;
    if (sameShape(context.shapeOf(sum), type.shape)) return sum;
    return context.emit('BroadcastTo', [sum], { shape: type.shape }, type, label);
  }

  /** Signs are differences; what is left of them is that of the whole. */
  private sumOf(terms: readonly Term[], label: string | undefined): Term {
    const start = terms.find(({ isNegative }) => !isNegative) ?? terms[0];
    const value = terms
      .filter((term) => term !== start)
      .reduce((sum, { value: next, isNegative }) => {
        const shape = broadcastShape([this.context.shapeOf(sum), this.context.shapeOf(next)]);
        const kernel = isNegative === start.isNegative ? 'Add' : 'Sub';
        return this.context.emit(kernel, [sum, next], {}, { shape, dtype: 'float' }, label);
      }, start.value);
    return { value, isNegative: start.isNegative };
  }
}

export const linearSums: Pass = {
  name: 'linear-sums',
  run(graph) {
    const pass = new LinearSums(graph);
    for (const node of graph.nodes) pass.visit(node);
    return pass.rewriter.finishIfChanged();
  },
};
