/** What a fused loop reads, writes and accumulates, and where it stands. */
import type { ValueDType, ValueId } from '../../graph/graph';
import type { Value, Variable } from '../assembler';
import type { Groups } from './block-order';
import type { Reduction } from './lowering';
import type { Motion } from './loop-nest';
import type { PlanNode } from './plan';
import type { Pointer } from './pointers';
import type { View } from './view';

/** An operand read from memory. */
export interface Load extends Motion {
  readonly view: View;
  readonly dtype: ValueDType;
  pointer: Pointer | null;
  /** Set where it does not change along the vector axis. */
  uniform: Value | null;
}

export interface Store extends Motion {
  readonly node: PlanNode;
  readonly dtype: ValueDType;
  pointer: Pointer | null;
}

/** A result that starts at the identity in memory. */
export interface Scatter {
  readonly node: PlanNode;
  readonly lowering: Reduction;
  readonly dtype: ValueDType;
}

export interface Accumulation extends Scatter, Motion {
  pointer: Pointer | null;
  /** The last axis along which results differ; -1 for a single result. */
  lastKept: number;
  /** Partial results in registers, while the axes after `lastKept` are walked. */
  partial: Variable[];
}

/** Whether a result is added to more than once: axes along which it stays lie outside of one along which it moves. */
export const addsInMemory = ({ strides, lastKept }: Accumulation): boolean =>
  strides.some((stride, axis) => stride === 0 && axis < lastKept);

/** One vector of each node's value. */
export interface Place {
  /** Elements from where the pointers stand. */
  readonly at: number;
  readonly count: number;
  /** Which of the partial results of a reduction it adds to. */
  readonly accumulator: number;
  /** Vectors read in this turn, by what they are and where they lie; shared with the other places of the turn. */
  readonly loaded: Map<string, Value>;
  readonly computed: Map<ValueId, Value>;
}

/** What is done around each block of rows of a loop. */
export interface Blocks {
  readonly rows: number;
  readonly groups: Groups | null;
  /** Values that begin anew in each block. */
  readonly local: ReadonlySet<ValueId>;
  readonly before: (row: Value, count: number, next: Value) => void;
  readonly after: (row: Value, count: number, group: Value) => void;
}
