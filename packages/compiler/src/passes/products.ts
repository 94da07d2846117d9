/**
 * Takes chains of products as one product: signs and constants are multiplied once and for all, scalars among each other
 * first, and what remains is one product of the large factors, scaled last — where sums, matrix products and scatters let
 * the scale through (rules/linear.ts). The derivatives of a density repeat its own products up to such a scale, so that
 * most of them are found to be there already.
 *
 * Reassociating a product of k factors changes it by at most k ulp. Only products of many elements are touched; a product
 * of scalars may overflow where the product as written, one factor at a time, would not.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { Rewriter } from '../graph/rewriter';
import type { Pass } from './pass';
import { RuleContext, sameShape } from './rules/rule';
import { steppedValues } from './steps';
import { useCounts } from './uses';

/** From this many elements on. */
const manyElements = 8;

/** coefficient · Π scalars · Π factors */
interface Product {
  readonly coefficient: number;
  /** Of one element. */
  readonly scalars: readonly ValueId[];
  /** The others, in the order in which they are written. */
  readonly factors: readonly ValueId[];
  /** How often the graph uses the one factor, if it is one. */
  readonly uses: number;
}

class Products {
  private readonly known = new Map<ValueId, Product>();
  readonly rewriter: Rewriter;
  readonly context: RuleContext;
  private readonly uses: Uint32Array;
  private readonly stepped: ReadonlySet<ValueId>;

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
    this.context = new RuleContext(this.rewriter);
    this.uses = useCounts(graph);
    this.stepped = steppedValues(graph);
  }

  private single(value: ValueId): Product {
    const resolved = this.rewriter.resolve(value);
    const splat = this.context.splat(resolved);
    if (splat !== undefined) return { coefficient: splat, scalars: [], factors: [], uses: 0 };
    return sizeOf(this.graph.values[value].shape) === 1
      ? { coefficient: 1, scalars: [resolved], factors: [], uses: 0 }
      : { coefficient: 1, scalars: [], factors: [resolved], uses: this.uses[value] };
  }

  /**
   * The product that an operand is, if nobody else needs it, or if it is the scale of something that others need too:
   * the scale is moved on, what is scaled is shared.
   */
  private operand(value: ValueId): Product {
    const product = this.known.get(value);
    if (product === undefined) return this.single(value);
    const isShared = product.factors.length === 1 && product.uses > 1;
    return this.uses[value] === 1 || isShared ? product : this.single(value);
  }

  private times(a: Product, b: Product): Product {
    return {
      coefficient: a.coefficient * b.coefficient,
      scalars: [...a.scalars, ...b.scalars],
      factors: [...a.factors, ...b.factors],
      uses: a.uses + b.uses,
    };
  }

  /** The node as a product of more than it says; undefined if it is no product of floats. */
  private productOf({ kernel, inputs, outputs }: GraphNode): Product | undefined {
    const type = this.graph.values[outputs[0]];
    if (type.dtype !== 'float' || sizeOf(type.shape) < manyElements) return undefined;
    if (this.stepped.has(outputs[0])) return undefined;
    if (inputs.some((input) => this.graph.values[input].dtype !== 'float')) return undefined;
    if (kernel === 'Neg') {
      const x = this.operand(inputs[0]);
      return { ...x, coefficient: -x.coefficient };
    }
    if (kernel === 'Multiply') return this.times(this.operand(inputs[0]), this.operand(inputs[1]));
    if (kernel === 'RealDiv') return this.quotient(inputs, type);
    return undefined;
  }

  /** Only what scales the numerator leaves a quotient. */
  private quotient([x, y]: readonly ValueId[], type: ValueType): Product | undefined {
    if (sizeOf(this.graph.values[y].shape) < sizeOf(type.shape)) return undefined;
    const { coefficient, scalars, factors } = this.operand(x);
    if (coefficient === 1 && scalars.length === 0) return undefined;
    const divisor = this.rewriter.resolve(y);
    const quotient =
      factors.length === 0
        ? this.context.emit('Reciprocal', [divisor], {}, this.graph.values[y])
        : this.context.emit('RealDiv', [this.multiply(factors), divisor], {}, type);
    return { coefficient, scalars, factors: [quotient], uses: 1 };
  }

  /** The product of some values, left to right; equal ones as squares. */
  private multiply(values: readonly ValueId[]): ValueId {
    const powers: ValueId[] = [];
    const left = [...values];
    for (let x = left.shift(); x !== undefined; x = left.shift()) {
      const twin = left.indexOf(x);
      if (twin >= 0) left.splice(twin, 1);
      powers.push(twin >= 0 ? this.context.emit('Square', [x], {}, this.context.typeOf(x)) : x);
    }
    return powers.reduce((a, b) => {
      const shapes = [this.context.shapeOf(a), this.context.shapeOf(b)];
      const rank = Math.max(...shapes.map((shape) => shape.length));
      const shape = Array.from({ length: rank }, (_, i) => {
        const sizes = shapes.map((s) => s[i - rank + s.length] ?? 1);
        return sizes.find((n) => n !== 1) ?? 1;
      });
      return this.context.emit('Multiply', [a, b], {}, { shape, dtype: 'float' });
    });
  }

  private scale({ coefficient, scalars }: Product): ValueId | undefined {
    const flat = scalars.map((x) => this.context.reshape(x, []));
    if (flat.length === 0) return coefficient === 1 ? undefined : this.context.constant(coefficient, 'float');
    const product = this.multiply(flat);
    const type: ValueType = { shape: [], dtype: 'float' };
    if (coefficient === 1) return product;
    if (coefficient === -1) return this.context.emit('Neg', [product], {}, type);
    return this.context.emit('Multiply', [product, this.context.constant(coefficient, 'float')], {}, type);
  }

  /** The value of a product, small factors after the large ones, the scale last. */
  private emit(product: Product, node: GraphNode): ValueId | undefined {
    const type = this.graph.values[node.outputs[0]];
    if (product.factors.length === 0 || !Number.isFinite(product.coefficient)) return undefined;
    if (product.coefficient === 0) return undefined;
    const size = (value: ValueId): number => sizeOf(this.context.shapeOf(value));
    const large = product.factors.filter((x) => size(x) === sizeOf(type.shape));
    const small = product.factors.filter((x) => size(x) !== sizeOf(type.shape));
    const value = this.multiply([...large, ...small]);
    if (!sameShape(this.context.shapeOf(value), type.shape)) return undefined;
    const scale = this.scale(product);
    if (scale === undefined) return value;
    if (this.context.splat(scale) === -1) return this.context.emit('Neg', [value], {}, type, node.label);
    return this.context.emit('Multiply', [value, scale], {}, type, node.label);
  }

  /** A product that is worth writing anew, and its value. */
  visit(node: GraphNode): void {
    const product = node.outputs.length === 1 ? this.productOf(node) : undefined;
    const value = product && this.isWritten(node, product) ? undefined : product && this.emit(product, node);
    if (product !== undefined) this.known.set(node.outputs[0], product);
    if (value === undefined) this.rewriter.copy(node);
    else this.rewriter.replace(node.outputs[0], value);
  }

  /** Whether the node already has the form in which `emit` would write it. */
  private isWritten({ kernel, inputs, outputs }: GraphNode, product: Product): boolean {
    const { coefficient, scalars, factors } = product;
    if (kernel === 'RealDiv') return false;
    const isScaled = coefficient !== 1 || scalars.length > 0;
    if (kernel === 'Neg') return coefficient === -1 && scalars.length === 0 && factors.length === 1;
    const [x, y] = inputs.map((input) => this.rewriter.resolve(input));
    if (!isScaled) return factors.length === 2 && x !== y;
    const [first] = factors;
    const one = factors.length === 1 && scalars.length + (coefficient === 1 ? 0 : 1) === 1;
    return one && (x === first || y === first) && sizeOf(this.graph.values[outputs[0]].shape) > 0;
  }
}

export const products: Pass = {
  name: 'products',
  run(graph) {
    const pass = new Products(graph);
    for (const node of graph.nodes) pass.visit(node);
    return pass.rewriter.finishIfChanged();
  },
};
