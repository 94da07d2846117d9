/**
 * What the project knows of a kernel: its inputs, the shape and dtype of its outputs, and its values in float64.
 *
 * The names and attributes are tfjs's own, plus the kernels of this package. The `ref64` backend, the compiler's
 * `reference` executor and its constant folding all run `compute`; the trace backend runs `infer` alone.
 */
import type { NdArray, NumericArray, TensorSpec } from '../data/nd-array';

export type AttrValue =
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly AttrValue[]
  | { readonly [name: string]: AttrValue };

export type Attrs = Readonly<Record<string, AttrValue>>;

export interface KernelSpec {
  /** Input names in tfjs's order; a trailing `?` marks an optional one; `'list'` takes any number (Concat, Pack, AddN). */
  readonly inputs: readonly string[] | 'list';
  /** Set where ops expect a list even of one output (Unpack, SplitV). */
  readonly returnsList?: true;
  /** Shapes and dtypes of the outputs. Throws on shapes that do not fit. */
  infer(inputs: readonly TensorSpec[], attrs: Attrs): readonly TensorSpec[];
  /** Fills one array per output, laid out row-major for the shapes that `infer` gave. Never writes to its inputs;
   *  an array that comes out may be an input's own (Reshape), to be shared and not written to either. */
  compute(inputs: readonly NdArray[], attrs: Attrs, outputs: readonly TensorSpec[]): readonly NumericArray[];
}
