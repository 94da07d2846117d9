/** Every kernel of the ops table and what becomes of it: a missing row does not compile. */
import type { KernelName } from '@pyro-ts/ops';
import type { ControlKernel } from '../../../graph/control';
import type { Fallback, Lowering } from '../lowering';
import { alongAxis } from './along-axis';
import { arithmetic } from './arithmetic';
import { composites } from './composites';
import { control } from './control';
import { indexing } from './indexing';
import { joins } from './joins';
import { linalg } from './linalg';
import { copyLowering, logicRows } from './logic';
import { matmul } from './matmul';
import { random } from './random';
import { subsamples } from './subsample';
import { reductions } from './reductions';
import { special } from './special';
import { transcendental } from './transcendental';
import { views } from './views';

export { copyLowering };

export const fallbackLowering: Fallback = { kind: 'fallback' };

/** Kernels that run in JavaScript on views of the memory: correct, slow, and to become fewer. */
export const fallbackKernels = [
  'Bincount', 'DenseBincount', 'BitwiseAnd',
  'LogMatrixDeterminant', 'LowerBound', 'MatrixBandPart', 'MatrixInverse', 'MirrorPad', 'PhiloxBinomial', 'PhiloxCategorical', 'PhiloxGamma', 'PhiloxLogGamma',
  'PhiloxMultinomial', 'PhiloxPoisson',
  'SearchSorted', 'SparseToDense', 'StridedSliceGrad', 'TensorScatterUpdate', 'TopK', 'UpperBound',
] as const satisfies readonly KernelName[]; // prettier-ignore

const fallbacks = Object.fromEntries(fallbackKernels.map((name) => [name, fallbackLowering])) as Record<
  (typeof fallbackKernels)[number],
  Fallback
>;

export const lowerings: Readonly<Record<KernelName | ControlKernel, Lowering>> = {
  ...fallbacks,
  ...alongAxis,
  ...arithmetic,
  ...composites,
  ...control,
  ...indexing,
  ...joins,
  ...linalg,
  ...logicRows,
  ...matmul,
  ...random,
  ...subsamples,
  ...reductions,
  ...special,
  ...transcendental,
  ...views,
};

/** The row of a kernel; JavaScript for kernels that were added to the ops table from outside. */
export function loweringOf(kernel: string): Lowering {
  return (lowerings as Readonly<Record<string, Lowering | undefined>>)[kernel] ?? fallbackLowering;
}
