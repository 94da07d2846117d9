/** What a batching rule sees: a node, which of its operands have a batch axis (always the first), and a builder. */
import { sizeOf, type Attrs } from '@pyro-ts/ops';
import type { GraphBuilder } from '../graph/builder';
import type { ValueId, ValueType } from '../graph/graph';

export interface Operand {
  readonly value: ValueId;
  readonly batched: boolean;
  /** Without the batch axis. */
  readonly type: ValueType;
}

export interface BatchNode {
  readonly kernel: string;
  readonly operands: readonly Operand[];
  readonly attrs: Attrs;
  /** Types of the outputs without the batch axis. */
  readonly types: readonly ValueType[];
  readonly label: string | undefined;
}

/** The outputs, all with the batch axis. Called only if at least one operand has one. */
export type BatchRule = (node: BatchNode, batch: BatchContext) => readonly ValueId[];

export class BatchContext {
  constructor(
    readonly builder: GraphBuilder,
    /** Length of the batch axis. */
    readonly size: number,
  ) {}

  emit(node: BatchNode, inputs: readonly ValueId[], attrs: Attrs = node.attrs): readonly ValueId[] {
    return this.builder.nodeAll(node.kernel, inputs, attrs, node.label);
  }

  reshape(value: ValueId, shape: readonly number[]): ValueId {
    if (this.builder.typeOf(value).shape.join() === shape.join()) return value;
    return this.builder.node('Reshape', [value], { shape });
  }

  broadcast(value: ValueId, shape: readonly number[]): ValueId {
    if (this.builder.typeOf(value).shape.join() === shape.join()) return value;
    return this.builder.node('BroadcastTo', [value], { shape });
  }

  transpose(value: ValueId, perm: readonly number[]): ValueId {
    return this.builder.node('Transpose', [value], { perm });
  }

  /** Operands that broadcast against each other in `rank` dimensions: the batch axis goes before all of them. */
  aligned({ value, batched, type: { shape } }: Operand, rank: number): ValueId {
    if (!batched || shape.length >= rank) return value;
    const ones = new Array<number>(rank - shape.length).fill(1);
    return this.reshape(value, [this.size, ...ones, ...shape]);
  }

  /** The operand with a batch axis, repeated if it has none. */
  materialised({ value, batched, type: { shape } }: Operand): ValueId {
    return batched ? value : this.broadcast(value, [this.size, ...shape]);
  }

  /** 0 … size − 1 in the first of `rank` dimensions. */
  indices(rank: number): ValueId {
    const ones = new Array<number>(rank - 1).fill(1);
    return this.builder.constant(
      Int32Array.from({ length: this.size }, (_, i) => i),
      [this.size, ...ones],
    );
  }

  elements(type: ValueType): number {
    return sizeOf(type.shape);
  }
}

/** An axis counted from the front, with the batch axis before it. */
export function shifted(axis: number, rank: number): number {
  return (axis < 0 ? axis + rank : axis) + 1;
}
