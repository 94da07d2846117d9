/** A graph made ready for scheduling: composites expanded, views resolved, every operand a window on a stored value. */
import type { Attrs, NumericArray, Shape } from '@pyro-ts/ops';
import type { ValueId, ValueType } from '../../graph/graph';
import type { Elementwise, Fallback, Loops, Reduction, Control } from './lowering';
import type { MemoryPlan } from './memory-plan';
import type { Unit } from './schedule';
import type { View } from './view';

export interface PlanNode {
  readonly index: number;
  readonly kernel: string;
  readonly lowering: Elementwise | Reduction | Loops | Fallback | Control;
  readonly operands: readonly View[];
  readonly outputs: readonly ValueId[];
  readonly attrs: Attrs;
  /** What the loop runs over: the output's shape, or the input's for reductions. */
  readonly space: Shape;
  /** Axes of a reduction. */
  readonly axes: readonly number[];
  /** Of control kernels. */
  readonly bodies: Readonly<Record<string, GraphPlan>>;
}

export interface Plan {
  /** Types of all values, those of the graph first. */
  readonly values: readonly ValueType[];
  readonly constants: ReadonlyMap<ValueId, NumericArray>;
  readonly inputs: readonly ValueId[];
  readonly nodes: readonly PlanNode[];
  /** Stored values, one per output of the graph, all different and computed by nodes. */
  readonly outputs: readonly ValueId[];
}

/** Everything that is decided about a graph before code is emitted. */
export interface GraphPlan {
  readonly plan: Plan;
  readonly units: readonly Unit[];
  readonly memory: MemoryPlan;
}
