/**
 * The compiler's only representation of a program: values in single-assignment form, computed by kernels in
 * topological order. Immutable; every pass returns a new graph.
 */
import type { Attrs, NumericArray, Shape } from '@pyro-ts/ops';

/** `float` has the precision that compilation chooses; `int` is 32 bits; `bool` is 0 or 1 in a byte. */
export type ValueDType = 'float' | 'int' | 'bool';

export interface ValueType {
  readonly shape: Shape;
  readonly dtype: ValueDType;
}

/** Index into `Graph.values`. */
export type ValueId = number;

export interface GraphInput {
  readonly name: string;
  readonly value: ValueId;
}

export interface GraphNode {
  /** A kernel of the ops table, or one of the control kernels `Scan`, `Cond`, `While`. */
  readonly kernel: string;
  readonly inputs: readonly ValueId[];
  readonly outputs: readonly ValueId[];
  readonly attrs: Attrs;
  /** Bodies of control kernels. Each sees only its own inputs. */
  readonly subgraphs?: Readonly<Record<string, Graph>>;
  /** The sample site (or other label) under which the node was recorded, for messages. */
  readonly label?: string;
}

export interface Graph {
  readonly values: readonly ValueType[];
  readonly inputs: readonly GraphInput[];
  /** Values known when the graph was made: row-major; floats as Float64Array. */
  readonly constants: ReadonlyMap<ValueId, NumericArray>;
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly ValueId[];
}
