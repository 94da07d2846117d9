import type { KernelSpec } from '../kernels/kernel';

export const linalgKernels = {} satisfies Record<string, KernelSpec>;
