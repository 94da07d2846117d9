/** Rows of the kernel table for linear algebra. */
import type { KernelSpec } from '../kernels/kernel';
import { choleskyKernels } from './cholesky-kernels';
import { luKernels } from './lu-kernels';
import { triangularKernels } from './triangular-kernel';

export const linalgKernels = {
  ...choleskyKernels,
  ...triangularKernels,
  ...luKernels,
} satisfies Record<string, KernelSpec>;
