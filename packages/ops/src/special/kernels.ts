import type { KernelSpec } from '../kernels/kernel';

export const specialKernels = {} satisfies Record<string, KernelSpec>;
