/**
 * Σ log v → log Πv, where v is known to lie between 1 and a small bound: one logarithm for hundreds of numbers. So is
 * Σ softplus(x) = Σ max(x, 0) + Σ log(1 + e^−|x|), whose terms 1 + e^−|x| lie in [1, 2]; what rounding took from each
 * is added back as (e − ((1 + e) − 1))/(1 + e). The sigmoids of the same x, which gradients ask for, share the
 * exponential and the division. Log likelihoods of binary data and of mixtures are such sums.
 *
 * A product of n factors is off by at most n/2 ulp, its logarithm by n · 1.1e-16: no more than the n rounded logarithms.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { RuleContext } from './rules/rule';
import { useCounts } from './uses';

/** Sums of fewer terms are left as they are. */
const fewestTerms = 32;
/** Products stay below two to this power: within float32 too (2^128), since a graph does not know its precision. */
const mostBits = 120;

const scalar: ValueType = { shape: [], dtype: 'float' };

/** A term of a full sum, in the source graph. */
type Term =
  | { readonly kind: 'softplus'; readonly x: ValueId }
  | { readonly kind: 'log'; readonly v: ValueId; readonly bound: number }
  | { readonly kind: 'other'; readonly value: ValueId };

class LogProducts {
  readonly rewriter: Rewriter;
  private readonly context: RuleContext;
  private readonly producers = new Map<ValueId, GraphNode>();
  private readonly uses: Uint32Array;
  private readonly sums = new Map<GraphNode, readonly Term[]>();
  /** Arguments whose softplus is summed this way → 1/(1 + e) and e, once they are needed. */
  private readonly arguments = new Map<ValueId, { e: ValueId; u: ValueId; r: ValueId } | undefined>();

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
    this.context = new RuleContext(this.rewriter);
    this.uses = useCounts(graph);
    for (const node of graph.nodes) for (const output of node.outputs) this.producers.set(output, node);
    for (const node of graph.nodes) this.collect(node);
  }

  get isIdle(): boolean {
    return this.sums.size === 0;
  }

  private size(value: ValueId): number {
    return sizeOf(this.graph.values[value].shape);
  }

  private collect(node: GraphNode): void {
    if (node.kernel !== 'Sum' || this.size(node.outputs[0]) !== 1) return;
    if (this.graph.values[node.inputs[0]].dtype !== 'float' || this.size(node.inputs[0]) < fewestTerms)
      return;
    const terms = this.terms(node.inputs[0]);
    if (terms.every(({ kind }) => kind === 'other')) return;
    this.sums.set(node, terms);
    for (const term of terms) if (term.kind === 'softplus') this.arguments.set(term.x, undefined);
  }

  /** What a sum over all of a value adds up. */
  private terms(value: ValueId): readonly Term[] {
    const node = this.uses[value] === 1 ? this.producers.get(value) : undefined;
    const fits = (x: ValueId): boolean =>
      this.size(x) === this.size(value) && this.graph.values[x].dtype === 'float';
    const whole = node?.inputs.every(fits) === true;
    if (node === undefined || !whole) return [{ kind: 'other', value }];
    if (node.kernel === 'Reshape') return this.terms(node.inputs[0]);
    if (node.kernel === 'Softplus') return [{ kind: 'softplus', x: node.inputs[0] }];
    if (node.kernel === 'Log') {
      const bound = this.boundOf(node.inputs[0]);
      if (bound !== undefined) return [{ kind: 'log', v: node.inputs[0], bound }];
    }
    if (node.kernel === 'Add') {
      const parts = node.inputs.flatMap((input) => this.terms(input));
      if (parts.some(({ kind }) => kind !== 'other')) return parts;
    }
    return [{ kind: 'other', value }];
  }

  /** K if the value is Σ exp(x − max x) over K terms, which lies between 1 and K (or is 0, ∞ or NaN). */
  private boundOf(value: ValueId): number | undefined {
    const sum = this.producers.get(value);
    const exp = sum?.kernel === 'Sum' ? this.producers.get(sum.inputs[0]) : undefined;
    const gap = exp?.kernel === 'Exp' ? this.producers.get(exp.inputs[0]) : undefined;
    if (sum === undefined || gap?.kernel !== 'Sub') return undefined;
    const shift = this.producers.get(gap.inputs[1]);
    const top = shift?.kernel === 'Select' ? this.producers.get(shift.inputs[1]) : shift;
    if (top?.kernel !== 'Max' || top.inputs[0] !== gap.inputs[0]) return undefined;
    const terms = this.size(sum.inputs[0]) / this.size(value);
    return this.size(top.outputs[0]) === this.size(value) && terms <= 1024 ? terms : undefined;
  }

  private emit(kernel: string, inputs: readonly ValueId[], type: ValueType, attrs = {}): ValueId {
    return this.context.emit(kernel, inputs, attrs, type);
  }

  /** e = exp(−|x|), u = 1 + e and r = 1/u. */
  private parts(x: ValueId): { e: ValueId; u: ValueId; r: ValueId } {
    let known = this.arguments.get(x);
    if (known === undefined) {
      const type = this.graph.values[x];
      const magnitude = this.emit('Abs', [this.rewriter.resolve(x)], type);
      const e = this.emit('Exp', [this.emit('Neg', [magnitude], type)], type);
      const u = this.emit('Add', [e, this.context.constant(1, 'float')], type);
      known = { e, u, r: this.emit('Reciprocal', [u], type) };
      this.arguments.set(x, known);
    }
    return known;
  }

  private total(value: ValueId): ValueId {
    const { shape } = this.context.typeOf(value);
    return this.emit('Sum', [value], scalar, { axis: shape.map((_, i) => i), keepDims: false });
  }

  /** log of the product of all elements, in groups that cannot overflow. */
  private logOfProduct(value: ValueId, bound: number): ValueId {
    const n = sizeOf(this.context.shapeOf(value));
    const flat = this.context.reshape(value, [n]);
    const group = Math.floor(mostBits / Math.max(1, Math.log2(bound)));
    const product = (x: ValueId, shape: readonly number[]): ValueId =>
      this.emit('Prod', [x], { shape, dtype: 'float' }, { axis: [shape.length], keepDims: false });
    if (n <= group) return this.emit('Log', [product(flat, [])], scalar);
    const rows = Math.floor(n / group);
    const slice = (begin: number, size: number): ValueId =>
      this.emit('Slice', [flat], { shape: [size], dtype: 'float' }, { begin: [begin], size: [size] });
    const main = rows * group === n ? flat : slice(0, rows * group);
    const products = product(this.context.reshape(main, [rows, group]), [rows]);
    const sum = this.total(this.emit('Log', [products], { shape: [rows], dtype: 'float' }));
    if (rows * group === n) return sum;
    const rest = this.emit('Log', [product(slice(rows * group, n - rows * group), [])], scalar);
    return this.emit('Add', [sum, rest], scalar);
  }

  private sumOf(term: Term): ValueId {
    if (term.kind === 'other') return this.total(this.rewriter.resolve(term.value));
    if (term.kind === 'log') return this.logOfProduct(this.rewriter.resolve(term.v), term.bound);
    const type = this.graph.values[term.x];
    const { e, u, r } = this.parts(term.x);
    const zero = this.context.constant(0, 'float');
    const ramp = this.total(this.emit('Maximum', [this.rewriter.resolve(term.x), zero], type));
    const kept = this.emit('Sub', [u, this.context.constant(1, 'float')], type);
    const lost = this.total(this.emit('Multiply', [this.emit('Sub', [e, kept], type), r], type));
    const logs = this.logOfProduct(u, 2);
    return this.emit('Add', [ramp, this.emit('Add', [logs, lost], scalar)], scalar);
  }

  private sigmoid(x: ValueId, type: ValueType): ValueId {
    const { e, r } = this.parts(x);
    const inputs = [this.rewriter.resolve(x), this.context.constant(0, 'float')];
    const isPositive = this.emit('GreaterEqual', inputs, { ...type, dtype: 'bool' });
    return this.emit('Select', [isPositive, r, this.emit('Multiply', [e, r], type)], type);
  }

  visit(node: GraphNode): void {
    const terms = this.sums.get(node);
    if (terms !== undefined) {
      const sum = terms.map((term) => this.sumOf(term)).reduce((a, b) => this.emit('Add', [a, b], scalar));
      this.rewriter.replace(
        node.outputs[0],
        this.context.reshape(sum, this.graph.values[node.outputs[0]].shape),
      );
    } else if (node.kernel === 'Sigmoid' && this.arguments.has(node.inputs[0])) {
      const type = this.graph.values[node.outputs[0]];
      this.rewriter.replace(node.outputs[0], this.sigmoid(node.inputs[0], type));
    } else this.rewriter.copy(node);
  }
}

export const logProducts: Pass = {
  name: 'log-products',
  run(graph) {
    const pass = new LogProducts(graph);
    if (pass.isIdle) return graph;
    for (const node of graph.nodes) pass.visit(node);
    return pass.rewriter.finish();
  },
};
