/** Every kernel of the ops table and what becomes of it. A missing row does not compile. */
import type { KernelName } from '@pyro-ts/ops';
import type { ControlKernel } from '../../../graph/control';
import type { Fallback, Lowering } from '../lowering';
import { arithmetic } from './arithmetic';
import { joins } from './joins';
import { copyLowering, logicRows } from './logic';
import { matmul } from './matmul';
import { reductions } from './reductions';
import { transcendental } from './transcendental';
import { views } from './views';

export { copyLowering };

export const fallbackLowering: Fallback = { kind: 'fallback' };

/** Kernels that run in JavaScript, to be shortened. */
const fallbackNames = [] as const;

type Rows = Record<string, Lowering>;

export const lowerings = {
  ...(Object.fromEntries(fallbackNames.map((name) => [name, fallbackLowering])) as Record<
    (typeof fallbackNames)[number],
    Fallback
  >),
  ...arithmetic,
  ...joins,
  ...logicRows,
  ...matmul,
  ...reductions,
  ...transcendental,
  ...views,
} satisfies Rows as Rows;

export type _Unused = KernelName | ControlKernel;

export function loweringOf(kernel: string): Lowering {
  return lowerings[kernel] ?? fallbackLowering;
}
