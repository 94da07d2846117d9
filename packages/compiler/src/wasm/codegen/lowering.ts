/** The ways in which a kernel can become WebAssembly. One row of the lowering table is one of these. */
import type { Attrs, Shape } from '@pyro-ts/ops';
import type { GraphBuilder } from '../../graph/builder';
import type { ValueDType, ValueId, ValueType } from '../../graph/graph';
import type { Value } from '../assembler';
import type { KernelContext } from './kernel-context';
import type { Lane, Lanes } from './lanes';
import type { GraphPlan } from './plan';
import type { View } from './view';

export interface NodeTypes {
  readonly inputs: readonly ValueType[];
  readonly outputs: readonly ValueType[];
  readonly attrs: Attrs;
}

/** One vector of the output from one vector of each (broadcast) input. */
export interface Elementwise {
  readonly kind: 'elementwise';
  readonly accepts?: (types: NodeTypes) => boolean;
  readonly emit: (l: Lanes, args: readonly Lane[], out: ValueDType, attrs: Attrs) => Value;
  /** Operand 0 is read at the places that operand 1 (known, in range) names, instead of element by element. */
  readonly gathers?: true;
  /** For quotients whose last operand is one number all through a loop: the same from its reciprocal. */
  readonly byReciprocal?: (l: Lanes, numerator: Value, reciprocal: Value) => Value;
}

/** The outputs are windows on the first input; null where a copy is needed first. */
export interface ViewLowering {
  readonly kind: 'view';
  readonly accepts?: (types: NodeTypes) => boolean;
  /** For what is not accepted; else the fallback. */
  readonly otherwise?: Composite;
  readonly view: (input: View, types: NodeTypes, output: number) => View | null;
}

export interface Reduction {
  readonly kind: 'reduction';
  readonly accepts?: (types: NodeTypes) => boolean;
  /** The value that leaves the other operand as it is, per dtype of the output. */
  readonly identity: (dtype: ValueDType) => number;
  readonly combine: (l: Lanes, a: Value, b: Value, dtype: ValueDType) => Value;
  /** Each element of operand 0 is added at the place that operand 1 (known, in range) names. */
  readonly scatters?: true;
}

/** Written in terms of other kernels. */
export interface Composite {
  readonly kind: 'composite';
  readonly accepts?: (types: NodeTypes) => boolean;
  /** For what is not accepted; else the fallback. */
  readonly otherwise?: Composite;
  readonly build: (g: GraphBuilder, inputs: readonly ValueId[], types: NodeTypes) => readonly ValueId[];
}

/** Known when compiling. */
export interface Constant {
  readonly kind: 'constant';
}

/** Loops of its own over operands in memory. */
export interface Loops {
  readonly kind: 'loops';
  readonly accepts?: (types: NodeTypes) => boolean;
  /**
   * Operands may be strided windows (`forward`: with strides that are not negative); otherwise they are copied when they
   * are not contiguous.
   */
  readonly strided?: true | 'forward';
  /** Operands without elements are no reason for the fallback. */
  readonly takesEmpty?: true;
  /** Element offset at which each operand lies in one piece in the output; null where it does not. */
  readonly placement?: (
    operands: readonly Shape[],
    output: Shape,
    attrs: Attrs,
  ) => readonly (number | null)[];
  /** Values that only the emitted loops use: appended to the outputs. */
  readonly scratch?: (types: NodeTypes) => readonly ValueType[];
  readonly emit: (context: KernelContext) => void;
}

/** Runs the kernel's `compute` in JavaScript on views of the memory. */
export interface Fallback {
  readonly kind: 'fallback';
}

/** Holds subgraphs. */
export interface Control {
  readonly kind: 'control';
  /** Bytes of each piece of work space for the bodies: appended to the outputs. */
  readonly scratch: (bodies: Readonly<Record<string, GraphPlan>>) => readonly number[];
  readonly emit: (context: KernelContext, bodies: Readonly<Record<string, GraphPlan>>) => void;
}

export type Lowering =
  Elementwise | ViewLowering | Reduction | Composite | Constant | Loops | Fallback | Control;
