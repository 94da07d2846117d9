/** The gradient table: one entry for every kernel; a kernel without one does not compile. */
import { linalgGradients } from '../linalg/gradients';
import { randomGradients } from '../random/gradients';
import { specialGradients } from '../special/gradients';
import type { KernelName } from '../kernels';
import { binaryGradients } from './binary';
import { gatherGradients } from './gather';
import { matmulGradients } from './matmul';
import { reduceGradients } from './reduce';
import type { GradientEntry } from './row';
import { shapeGradients } from './shape';
import { unaryGradients } from './unary';

export const gradients: Readonly<Record<KernelName, GradientEntry>> = {
  ...unaryGradients,
  ...binaryGradients,
  ...reduceGradients,
  ...matmulGradients,
  ...shapeGradients,
  ...gatherGradients,
  ...specialGradients,
  ...linalgGradients,
  ...randomGradients,
};
