/** A loop that a model wrote out: the same nodes again and again on other values. */
import type { ValueId } from '../../../graph/graph';
import type { PlanNode } from '../plan';
import type { View } from '../view';

/** What the body takes from the turn before. */
export interface Carried {
  /** The result of the body that it is. */
  readonly from: ValueId;
  /** What the first turn takes instead, and how many elements further it lies there. */
  readonly first: ValueId;
  readonly shift: number;
}

/** Operands and results of the body are values of their own, which stand for those of each turn. */
export interface RolledLoop {
  readonly turns: readonly (readonly PlanNode[])[];
  readonly body: readonly PlanNode[];
  /** Operands that lie somewhere else in every turn: where they begin, or the number that they are. */
  readonly moving: ReadonlyMap<ValueId, readonly View[]>;
  readonly carried: ReadonlyMap<ValueId, Carried>;
  /** What each turn calls a result. */
  readonly results: ReadonlyMap<ValueId, readonly ValueId[]>;
}
