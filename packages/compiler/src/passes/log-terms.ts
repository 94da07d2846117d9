/** The terms of a sum over all elements that can be summed as logarithms of products. */
import { sizeOf } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueId } from '../graph/graph';
import { isNonnegative, type Known } from './rules/nonzero';
import { useCounts } from './uses';

/** A term of a full sum, in the source graph, added or subtracted. */
export type Term = { readonly sign: 1 | -1 } & (
  | { readonly kind: 'softplus'; readonly x: ValueId }
  /** log v, 1 ≤ v ≤ bound (or v is 0, ∞ or NaN). */
  | { readonly kind: 'bounded'; readonly v: ValueId; readonly bound: number }
  /** log1p t, t ≥ 0 or NaN. */
  | { readonly kind: 'log1p'; readonly t: ValueId }
  /** log v of any v that is itself rounded. */
  | { readonly kind: 'log'; readonly v: ValueId }
  | { readonly kind: 'other'; readonly value: ValueId }
);

/** Kernels that round: the logarithm of what they compute is off by half an ulp of one, whatever is done with it. */
const rounding = new Set(['Add', 'Sub', 'Multiply', 'RealDiv', 'Reciprocal', 'Square', 'Sum', 'BatchMatMul']);

export class LogTerms {
  private readonly producers = new Map<ValueId, GraphNode>();
  private readonly uses: Uint32Array;
  private readonly known: Known;

  constructor(private readonly graph: Graph) {
    this.uses = useCounts(graph);
    for (const node of graph.nodes) for (const output of node.outputs) this.producers.set(output, node);
    this.known = {
      constantOf: (value) => graph.constants.get(value),
      producer: (value, kernel) => this.producer(value, kernel),
    };
  }

  private producer(value: ValueId, kernel?: string): GraphNode | undefined {
    const node = this.producers.get(value);
    return kernel === undefined || node?.kernel === kernel ? node : undefined;
  }

  private size(value: ValueId): number {
    return sizeOf(this.graph.values[value].shape);
  }

  /** What a sum over all of a value adds up. */
  of(value: ValueId, sign: 1 | -1 = 1): readonly Term[] {
    const node = this.uses[value] === 1 ? this.producers.get(value) : undefined;
    const fits = (x: ValueId): boolean =>
      this.size(x) === this.size(value) && this.graph.values[x].dtype === 'float';
    const other: readonly Term[] = [{ kind: 'other', value, sign }];
    if (node?.inputs.every(fits) !== true) return other;
    const [x] = node.inputs;
    switch (node.kernel) {
      case 'Reshape':
        return this.of(x, sign);
      case 'Neg':
        return this.unlessOther(this.of(x, sign === 1 ? -1 : 1), other);
      case 'Softplus':
        return [{ kind: 'softplus', x, sign }];
      case 'Log1p':
        return isNonnegative(x, this.known) ? [{ kind: 'log1p', t: x, sign }] : other;
      case 'Log':
        return this.logarithm(x, sign) ?? other;
      case 'Add':
      case 'Sub': {
        const second = node.kernel === 'Add' ? sign : sign === 1 ? -1 : 1;
        return this.unlessOther([...this.of(x, sign), ...this.of(node.inputs[1], second)], other);
      }
      default:
        return other;
    }
  }

  private unlessOther(terms: readonly Term[], other: readonly Term[]): readonly Term[] {
    return terms.some(({ kind }) => kind !== 'other') ? terms : other;
  }

  private logarithm(v: ValueId, sign: 1 | -1): readonly Term[] | undefined {
    const bound = this.boundOf(v);
    if (bound !== undefined) return [{ kind: 'bounded', v, bound, sign }];
    const kernel = this.producers.get(v)?.kernel;
    return kernel !== undefined && rounding.has(kernel) ? [{ kind: 'log', v, sign }] : undefined;
  }

  /** K if the value is Σ exp(x − max x) over K terms, which lies between 1 and K (or is 0, ∞ or NaN). */
  private boundOf(value: ValueId): number | undefined {
    const sum = this.producer(value, 'Sum');
    const part = sum === undefined ? undefined : this.producers.get(sum.inputs[0]);
    const exp =
      part?.kernel === 'Select' ? this.unlessTruth(part, value) : part?.kernel === 'Exp' ? part : undefined;
    const gap = exp === undefined ? undefined : this.producer(exp.inputs[0], 'Sub');
    if (sum === undefined || gap === undefined) return undefined;
    const shift = this.producers.get(gap.inputs[1]);
    const top = shift?.kernel === 'Select' ? this.producers.get(shift.inputs[1]) : shift;
    if (top?.kernel !== 'Max' || top.inputs[0] !== gap.inputs[0]) return undefined;
    const terms = this.size(sum.inputs[0]) / this.size(value);
    return this.size(top.outputs[0]) === this.size(value) && terms <= 1024 ? terms : undefined;
  }

  /** The exponential of a selection by rows between it and truth values, which add up to a whole number. */
  private unlessTruth({ inputs }: GraphNode, rows: ValueId): GraphNode | undefined {
    const truth = this.producer(inputs[1], 'Cast')?.inputs[0];
    const isTruth = truth !== undefined && this.graph.values[truth].dtype === 'bool';
    return isTruth && this.size(inputs[0]) === this.size(rows) ? this.producer(inputs[2], 'Exp') : undefined;
  }
}
