/** The kernel table. A new family of kernels is a file, one import and one spread. */
import { linalgKernels } from '../linalg/kernels';
import { randomKernels } from '../random/kernels';
import { specialKernels } from '../special/kernels';
import { alongAxisKernels } from './along-axis';
import { binaryKernels } from './binary';
import { createKernels } from './create';
import { einsumKernels } from './einsum';
import { gatherKernels } from './gather';
import { joinKernels } from './join';
import type { KernelSpec } from './kernel';
import { matmulKernels } from './matmul';
import { matrixKernels } from './matrix';
import { orderKernels } from './order';
import { reduceKernels } from './reduce';
import { selectKernels } from './select';
import { shapeKernels } from './shape';
import { sliceKernels } from './slice';
import { unaryKernels } from './unary';

export const kernels = {
  ...unaryKernels,
  ...binaryKernels,
  ...selectKernels,
  ...reduceKernels,
  ...alongAxisKernels,
  ...matmulKernels,
  ...einsumKernels,
  ...shapeKernels,
  ...sliceKernels,
  ...joinKernels,
  ...createKernels,
  ...gatherKernels,
  ...orderKernels,
  ...matrixKernels,
  ...specialKernels,
  ...linalgKernels,
  ...randomKernels,
} satisfies Record<string, KernelSpec>;

export type KernelName = keyof typeof kernels;

/** The row of a kernel by its (unchecked) name. */
export function findKernel(name: string): KernelSpec | undefined {
  return Object.hasOwn(kernels, name) ? kernels[name as KernelName] : undefined;
}
