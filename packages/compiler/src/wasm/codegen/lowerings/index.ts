/** Every kernel of the ops table and what becomes of it: a missing row does not compile. */
import type { KernelName } from '@pyro-ts/ops';
import type { ControlKernel } from '../../../graph/control';
import type { Fallback, Loops, Lowering } from '../lowering';
import { alongAxis } from './along-axis';
import { arithmetic } from './arithmetic';
import { composites } from './composites';
import { control } from './control';
import { elimination } from './elimination';
import { indexing } from './indexing';
import { joins } from './joins';
import { linalg } from './linalg';
import { copyLowering, logicRows } from './logic';
import { matmul } from './matmul';
import { order } from './order';
import { random } from './random';
import { randomDraws } from './random-draws';
import { rearrangements } from './rearrangements';
import { subsamples } from './subsample';
import { reductions } from './reductions';
import { special } from './special';
import { transcendental } from './transcendental';
import { views } from './views';

export { copyLowering };

/** JavaScript on views of the memory: for kernels added from outside, and types and shapes that a lowering does not take. */
export const fallbackLowering: Fallback = { kind: 'fallback' };

/** Nothing to compute: outputs without elements. */
export const nothingLowering: Loops = { kind: 'loops', takesEmpty: true, emit: () => undefined };

export const lowerings: Readonly<Record<KernelName | ControlKernel, Lowering>> = {
  ...alongAxis,
  ...arithmetic,
  ...composites,
  ...control,
  ...elimination,
  ...indexing,
  ...joins,
  ...linalg,
  ...logicRows,
  ...matmul,
  ...order,
  ...random,
  ...randomDraws,
  ...rearrangements,
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
