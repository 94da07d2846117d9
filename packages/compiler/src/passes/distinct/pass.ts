/**
 * What depends on constants of few distinct values, and on scalars, is computed once for each of those values: counts,
 * labels, groups and levels are such data, and log Γ(y + r) of a thousand counts y is a dozen of different numbers.
 * Constants that meet in one expression count as tuples. Σᵢ f(cᵢ, s) becomes Σₖ countₖ · f(uₖ, s), and with constant
 * weights Σₖ (Σ of the weights of class k) · f(uₖ, s); elsewhere the elements are handed out to their places again, if
 * what is saved costs more than that. Elements are the very bits that they were; sums differ by the order of rounding.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId, ValueType } from '../../graph/graph';
import { Rewriter } from '../../graph/rewriter';
import type { Pass } from '../pass';
import { RuleContext } from '../rules/rule';
import { fewestElements, placesOf, Repetition, type SumTerm } from './analysis';
import { totals, type Partition } from './partition';

const scalar: ValueType = { shape: [], dtype: 'float' };
const all = { axis: [0], keepDims: false };

/** A vector of an element a class; a scalar if there is one class. */
const shapeOf = ({ first }: Partition): readonly number[] => (first.length === 1 ? [] : [first.length]);

class Distinct {
  readonly rewriter: Rewriter;
  private readonly context: RuleContext;
  private readonly repetition: Repetition;
  /** Repeated values, old → new: an element a class. */
  private readonly classes = new Map<ValueId, ValueId>();

  constructor(private readonly graph: Graph) {
    this.rewriter = new Rewriter(graph);
    this.context = new RuleContext(this.rewriter);
    this.repetition = new Repetition(graph);
  }

  get isIdle(): boolean {
    const { sums, gathered } = this.repetition;
    return sums.size === 0 && gathered.size === 0;
  }

  private emit(kernel: string, inputs: readonly ValueId[], type: ValueType, attrs = {}): ValueId {
    return this.context.emit(kernel, inputs, attrs, type);
  }

  private partition(value: ValueId): Partition {
    const partition = this.repetition.partition(value);
    if (partition === undefined) throw new Error(`internal: %${value} does not repeat`);
    return partition;
  }

  /** An operand of what is computed by class: a scalar, or its element of each class of `to`. */
  private operand(value: ValueId, to: Partition): ValueId {
    const { dtype, shape } = this.graph.values[value];
    if (shape.every((n) => n === 1)) return this.context.reshape(this.rewriter.resolve(value), []);
    const data = this.graph.constants.get(value);
    if (data !== undefined) {
      const picked: NumericArray = data.slice(0, to.first.length);
      to.first.forEach((at, i) => (picked[i] = data[at]));
      return this.context.data(picked, { shape: shapeOf(to), dtype });
    }
    const own = this.partition(value);
    const classes = this.classes.get(value) as ValueId;
    if (own.first.length === 1 || own.first.length === to.first.length) return classes;
    // A coarser partition.
    const places = to.first.map((at) => own.classOf[at]);
    return this.gather(classes, places, { shape: shapeOf(to), dtype });
  }

  private gather(x: ValueId, places: Int32Array, type: ValueType): ValueId {
    const indices = this.context.data(places, { shape: type.shape, dtype: 'int' });
    return this.emit('GatherV2', [x, indices], type, { axis: 0, batchDims: 0 });
  }

  private byClass(node: GraphNode): void {
    const [output] = node.outputs;
    const partition = this.partition(output);
    const shape = shapeOf(partition);
    const { dtype } = this.graph.values[output];
    const places = placesOf(this.graph, node);
    if (places !== undefined) {
      const own = Int32Array.from(partition.first, (at) => places[at]);
      this.classes.set(output, this.gather(this.rewriter.resolve(node.inputs[0]), own, { shape, dtype }));
      return;
    }
    const inputs = node.inputs.map((input) => this.operand(input, partition));
    const isView = node.kernel === 'Reshape' || node.kernel === 'BroadcastTo';
    const value = isView
      ? inputs[0]
      : this.context.emit(node.kernel, inputs, node.attrs, { shape, dtype }, node.label);
    this.classes.set(output, this.filled(value, shape, dtype));
  }

  /** In the given shape, which operands that are all scalars do not have yet. */
  private filled(value: ValueId, shape: readonly number[], dtype: ValueType['dtype']): ValueId {
    if (this.context.shapeOf(value).join() === shape.join()) return value;
    return this.emit('BroadcastTo', [value], { shape, dtype }, { shape });
  }

  private handOut(output: ValueId): void {
    const type = this.graph.values[output];
    const { classOf, first } = this.partition(output);
    const classes = this.classes.get(output) as ValueId;
    if (first.length === 1) {
      const whole = this.emit('BroadcastTo', [classes], type, {
        shape: type.shape,
      });
      this.rewriter.replace(output, whole);
      return;
    }
    const flat = this.gather(classes, classOf, { shape: [classOf.length], dtype: type.dtype });
    this.rewriter.replace(output, this.context.reshape(flat, type.shape));
  }

  private weightsOf(value: ValueId, weights: ValueId | undefined): ValueId {
    const partition = this.partition(value);
    const data = weights === undefined ? undefined : this.graph.constants.get(weights);
    return this.context.data(totals(partition, data), { shape: shapeOf(partition), dtype: 'float' });
  }

  private sumOfClasses({ value, weights }: SumTerm): ValueId {
    const classes = this.classes.get(value) as ValueId;
    const product = this.emit('Multiply', [classes, this.weightsOf(value, weights)], {
      shape: this.context.shapeOf(classes),
      dtype: 'float',
    });
    return this.context.shapeOf(product).length === 0 ? product : this.emit('Sum', [product], scalar, all);
  }

  /** Σ of the terms that do not repeat, over all elements at once. */
  private sumOfRest(rest: readonly SumTerm[]): ValueId | undefined {
    let total: ValueId | undefined;
    // Added terms first, so that nothing is negated unless all are.
    for (const { value, sign } of [...rest].sort((a, b) => b.sign - a.sign)) {
      const flat = this.context.reshape(this.rewriter.resolve(value), [this.sizeOf(value)]);
      const type = this.context.typeOf(flat);
      if (total !== undefined) total = this.emit(sign === 1 ? 'Add' : 'Sub', [total, flat], type);
      else total = sign === 1 ? flat : this.emit('Neg', [flat], type);
    }
    return total === undefined ? undefined : this.emit('Sum', [total], scalar, all);
  }

  private sizeOf(value: ValueId): number {
    return this.graph.values[value].shape.reduce((n, length) => n * length, 1);
  }

  visit(node: GraphNode): void {
    const [output] = node.outputs;
    const { sums, distinct, gathered } = this.repetition;
    const split = sums.get(node);
    if (split !== undefined) {
      const rest = this.sumOfRest(split.rest);
      const sum = split.repeated.reduce((total: ValueId | undefined, term) => {
        const part = this.sumOfClasses(term);
        if (total === undefined) return term.sign === 1 ? part : this.emit('Neg', [part], scalar);
        return this.emit(term.sign === 1 ? 'Add' : 'Sub', [total, part], scalar);
      }, rest);
      const { shape } = this.graph.values[output];
      this.rewriter.replace(output, this.context.reshape(sum as ValueId, shape));
      return;
    }
    if (distinct.has(output)) this.byClass(node);
    if (gathered.has(output)) this.handOut(output);
    else this.rewriter.copy(node);
  }
}

export const distinct: Pass = {
  name: 'distinct',
  isLate: true,
  run(graph) {
    const isLarge = ({ shape }: ValueType): boolean =>
      shape.reduce((n, length) => n * length, 1) >= fewestElements;
    if (!graph.values.some(isLarge)) return graph;
    const pass = new Distinct(graph);
    if (pass.isIdle) return graph;
    for (const node of graph.nodes) pass.visit(node);
    return pass.rewriter.finishIfChanged();
  },
};
