/**
 * Σ log v → log Πv: one logarithm for hundreds of numbers. Log likelihoods of binary data, of mixtures and of heavy
 * tails are such sums.
 *
 * - Σ log1p t, t ≥ 0: with u = 1 + t = 2^k (1 + f), 0 ≤ f < 1, it is ln 2 · Σk + log1p(Π(1 + f) − 1), where f = t if
 *   t < 1. The product less 1 is accumulated without ever adding the 1 (`Prod1p`), so that terms far below an ulp of one
 *   count in full: n factors lose n · 2e-16 of the sum, as n rounded logarithms do.
 * - Σ softplus x = Σ max(x, 0) + Σ log1p(e^−|x|), whose terms need no exponents. The sigmoids of the same x, which
 *   gradients ask for, share the exponential.
 * - Σ log v of rounded v in the same way, off by n · 2e-16: as much as rounding v moves it.
 * - Σ log v where 1 ≤ v ≤ K, as in logsumexp: plain products, off by n · 1.1e-16.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import { LogTerms, type Term } from './log-terms';
import type { Pass } from './pass';
import { RuleContext } from './rules/rule';

/** Sums of fewer terms are left as they are. */
const fewestTerms = 32;
/** Products stay below two to this power: within float32 too (2^128), since a graph does not know its precision. */
const mostBits = 120;

const scalar: ValueType = { shape: [], dtype: 'float' };

type Product = 'Prod' | 'Prod1p';

class LogProducts {
  readonly rewriter: Rewriter;
  private readonly context: RuleContext;
  private readonly sums = new Map<GraphNode, readonly Term[]>();
  /** Arguments whose softplus is summed this way, now or in an earlier round → e^−|x|, once it is needed. */
  private readonly exponentials = new Map<ValueId, ValueId | undefined>();
  /** Sigmoids of arguments whose exponential is there already. */
  private hasSigmoids = false;

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
    this.context = new RuleContext(this.rewriter);
    const terms = new LogTerms(graph);
    for (const node of graph.nodes) this.collect(node, terms);
    const sigmoids = graph.nodes.filter(({ kernel }) => kernel === 'Sigmoid');
    const known = sigmoids.length === 0 ? new Set<ValueId>() : exponentials(graph);
    for (const { inputs } of sigmoids) {
      if (!known.has(inputs[0])) continue;
      this.hasSigmoids = true;
      this.exponentials.set(inputs[0], undefined);
    }
  }

  get isIdle(): boolean {
    return this.sums.size === 0 && !this.hasSigmoids;
  }

  private collect(node: GraphNode, found: LogTerms): void {
    const [x] = node.inputs;
    if (node.kernel !== 'Sum' || sizeOf(this.graph.values[node.outputs[0]].shape) !== 1) return;
    if (this.graph.values[x].dtype !== 'float' || sizeOf(this.graph.values[x].shape) < fewestTerms) return;
    const terms = found.of(x);
    if (terms.every(({ kind }) => kind === 'other')) return;
    this.sums.set(node, terms);
    for (const term of terms) if (term.kind === 'softplus') this.exponentials.set(term.x, undefined);
  }

  private emit(kernel: string, inputs: readonly ValueId[], type: ValueType, attrs = {}): ValueId {
    return this.context.emit(kernel, inputs, attrs, type);
  }

  private number(x: number): ValueId {
    return this.context.constant(x, 'float');
  }

  /** e^−|x|. */
  private exponential(x: ValueId): ValueId {
    let known = this.exponentials.get(x);
    if (known === undefined) {
      const type = this.graph.values[x];
      const magnitude = this.emit('Abs', [this.rewriter.resolve(x)], type);
      known = this.emit('Exp', [this.emit('Neg', [magnitude], type)], type);
      this.exponentials.set(x, known);
    }
    return known;
  }

  private total(value: ValueId): ValueId {
    const { shape } = this.context.typeOf(value);
    return this.emit('Sum', [value], scalar, { axis: shape.map((_, i) => i), keepDims: false });
  }

  /** log of the product of all elements, in groups that cannot overflow. @param bits of the largest factor */
  private logOfProduct(kernel: Product, value: ValueId, bits: number): ValueId {
    const log = kernel === 'Prod' ? 'Log' : 'Log1p';
    const n = sizeOf(this.context.shapeOf(value));
    const flat = this.context.reshape(value, [n]);
    const group = Math.floor(mostBits / Math.max(1, bits));
    const product = (x: ValueId, shape: readonly number[]): ValueId =>
      this.emit(kernel, [x], { shape, dtype: 'float' }, { axis: [shape.length], keepDims: false });
    if (n <= group) return this.emit(log, [product(flat, [])], scalar);
    const rows = Math.floor(n / group);
    const slice = (begin: number, size: number): ValueId =>
      this.emit('Slice', [flat], { shape: [size], dtype: 'float' }, { begin: [begin], size: [size] });
    const main = rows * group === n ? flat : slice(0, rows * group);
    const products = product(this.context.reshape(main, [rows, group]), [rows]);
    const sum = this.total(this.emit(log, [products], { shape: [rows], dtype: 'float' }));
    if (rows * group === n) return sum;
    const rest = this.emit(log, [product(slice(rows * group, n - rows * group), [])], scalar);
    return this.emit('Add', [sum, rest], scalar);
  }

  private sumOf(term: Term): ValueId {
    switch (term.kind) {
      case 'other':
        return this.total(this.rewriter.resolve(term.value));
      case 'bounded':
        return this.logOfProduct('Prod', this.rewriter.resolve(term.v), Math.log2(term.bound));
      case 'softplus': {
        const inputs = [this.rewriter.resolve(term.x), this.number(0)];
        const ramp = this.total(this.emit('Maximum', inputs, this.graph.values[term.x]));
        return this.emit('Add', [ramp, this.logOfProduct('Prod1p', this.exponential(term.x), 1)], scalar);
      }
      case 'log1p': {
        const t = this.rewriter.resolve(term.t);
        const type = this.graph.values[term.t];
        return this.byExponents(this.emit('Add', [t, this.number(1)], type), t, type);
      }
      case 'log':
        return this.byExponents(this.rewriter.resolve(term.v), undefined, this.graph.values[term.v]);
      default:
        return term satisfies never;
    }
  }

  /** Σ log u; the fraction of u in [1, 2) is `small` where that is given. */
  private byExponents(u: ValueId, small: ValueId | undefined, type: ValueType): ValueId {
    const exponent = this.emit('LogExponent', [u], type);
    let fraction = this.emit('LogFraction', [u], type);
    if (small !== undefined) {
      const isSmall = this.emit('Equal', [exponent, this.number(0)], { ...type, dtype: 'bool' });
      fraction = this.emit('Select', [isSmall, small, fraction], type);
    }
    const whole = this.emit('Multiply', [this.total(exponent), this.number(Math.LN2)], scalar);
    return this.emit('Add', [whole, this.logOfProduct('Prod1p', fraction, 1)], scalar);
  }

  private sigmoid(x: ValueId, type: ValueType): ValueId {
    const e = this.exponential(x);
    const r = this.emit('Reciprocal', [this.emit('Add', [e, this.number(1)], type)], type);
    const isPositive = this.emit('GreaterEqual', [this.rewriter.resolve(x), this.number(0)], {
      ...type,
      dtype: 'bool',
    });
    return this.emit('Select', [isPositive, r, this.emit('Multiply', [e, r], type)], type);
  }

  visit(node: GraphNode): void {
    const terms = this.sums.get(node);
    if (terms !== undefined) {
      const [first, ...others] = [...terms].sort((a, b) => b.sign - a.sign);
      const start = this.sumOf(first);
      const sum = others.reduce(
        (total, term) => this.emit(term.sign === 1 ? 'Add' : 'Sub', [total, this.sumOf(term)], scalar),
        first.sign === 1 ? start : this.emit('Neg', [start], scalar),
      );
      this.rewriter.replace(
        node.outputs[0],
        this.context.reshape(sum, this.graph.values[node.outputs[0]].shape),
      );
    } else if (node.kernel === 'Sigmoid' && this.exponentials.has(node.inputs[0])) {
      const type = this.graph.values[node.outputs[0]];
      this.rewriter.replace(node.outputs[0], this.sigmoid(node.inputs[0], type));
    } else this.rewriter.copy(node);
  }
}

/** Every x of which e^−|x| is computed. */
function exponentials(graph: Graph): Set<ValueId> {
  const magnitudes = new Map<ValueId, ValueId>();
  const negated = new Map<ValueId, ValueId>();
  const found = new Set<ValueId>();
  for (const { kernel, inputs, outputs } of graph.nodes) {
    const [input] = inputs;
    const from = { Abs: input, Neg: magnitudes.get(input), Exp: negated.get(input) }[kernel];
    if (from === undefined) continue;
    if (kernel === 'Abs') magnitudes.set(outputs[0], from);
    else if (kernel === 'Neg') negated.set(outputs[0], from);
    else found.add(from);
  }
  return found;
}

export const logProducts: Pass = {
  name: 'log-products',
  run(graph) {
    const pass = new LogProducts(graph);
    if (pass.isIdle) return graph;
    for (const node of graph.nodes) pass.visit(node);
    return pass.rewriter.finishIfChanged();
  },
};
