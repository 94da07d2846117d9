/** Which nodes do the same, but for the places of what they read and write. */
import { sizeOf, type NumericArray } from '@pyro-ts/ops';
import { hashAttrs, mix, sameAttrs } from '../../../graph/attrs';
import type { Plan, PlanNode } from '../plan';
import type { Unit } from '../schedule';
import type { View } from '../view';

/** Whether operand `i` is read when compiling: it has to be the very same. */
export const isKnownOperand = ({ lowering }: PlanNode, i: number): boolean =>
  lowering.kind === 'elementwise' && lowering.gathers === true && i === 1;

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameData(a: NumericArray | undefined, b: NumericArray | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((x: number, i: number) => x === b[i]);
}

class Signatures {
  private readonly kernels = new Map<string, number>();
  /** The first node of each signature, by hash. */
  private readonly buckets = new Map<number, number[]>();
  private readonly firsts: PlanNode[] = [];

  constructor(private readonly plan: Plan) {}

  of(node: PlanNode): number {
    const hash = this.hash(node);
    const bucket = this.buckets.get(hash);
    for (const signature of bucket ?? []) if (this.isLike(node, this.firsts[signature])) return signature;
    const signature = this.firsts.push(node) - 1;
    if (bucket === undefined) this.buckets.set(hash, [signature]);
    else bucket.push(signature);
    return signature;
  }

  private hash({ kernel, attrs, space, operands }: PlanNode): number {
    let number = this.kernels.get(kernel);
    if (number === undefined) this.kernels.set(kernel, (number = this.kernels.size));
    let hash = hashAttrs(attrs, number);
    for (const n of space) hash = mix(hash, n);
    for (const { literal, strides } of operands) {
      if (literal !== undefined) hash = mix(hash, -1);
      else for (const stride of strides) hash = mix(hash, stride);
    }
    return hash;
  }

  private isLike(a: PlanNode, b: PlanNode): boolean {
    const { values } = this.plan;
    if (a.kernel !== b.kernel || a.operands.length !== b.operands.length) return false;
    if (!sameAttrs(a.attrs, b.attrs) || !sameNumbers(a.space, b.space) || !sameNumbers(a.axes, b.axes))
      return false;
    const [x, y] = [values[a.outputs[0]], values[b.outputs[0]]];
    if (x.dtype !== y.dtype || sizeOf(x.shape) !== sizeOf(y.shape)) return false;
    for (let i = 0; i < a.operands.length; i++) {
      const [v, w] = [a.operands[i], b.operands[i]];
      if (!this.isLikeView(v, w) || (isKnownOperand(a, i) && !this.isSame(v, w))) return false;
    }
    return true;
  }

  private isLikeView(a: View, b: View): boolean {
    if (this.plan.values[a.root].dtype !== this.plan.values[b.root].dtype) return false;
    if ((a.literal === undefined) !== (b.literal === undefined)) return false;
    return sameNumbers(a.shape, b.shape) && (a.literal !== undefined || sameNumbers(a.strides, b.strides));
  }

  private isSame(a: View, b: View): boolean {
    if (!Object.is(a.literal, b.literal) || a.offset !== b.offset) return false;
    return (
      a.literal !== undefined || sameData(this.plan.constants.get(a.root), this.plan.constants.get(b.root))
    );
  }
}

/** A number for each node that stands alone in its unit, by its index: equal for those that do the same; else −1. */
export function signatures(plan: Plan, units: readonly Unit[]): Int32Array {
  const found = new Signatures(plan);
  const numbers = new Int32Array(plan.nodes.length).fill(-1);
  for (const { kind, nodes } of units) {
    const [node] = nodes;
    const isScatter = node.lowering.kind === 'reduction' && node.lowering.scatters === true;
    if (kind === 'tiny' && !isScatter) numbers[node.index] = found.of(node);
  }
  return numbers;
}
