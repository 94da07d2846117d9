/** The warm-ups that are compared: options of `NUTS`. */
import type { NutsKernelOptions } from '@pyro-ts/inference';

export interface Variant {
  readonly name: string;
  readonly options: Pick<NutsKernelOptions, 'metric' | 'adaptation' | 'pathfinder'>;
  /** From uniform starts as they are, not `approach`ed. */
  readonly isFar?: true;
}

export const variants: readonly Variant[] = [
  { name: 'Stan: diagonal, windowed', options: { metric: 'diagonal', adaptation: 'windowed' }, isFar: true },
  { name: 'the same, approached', options: { metric: 'diagonal', adaptation: 'windowed' } },
  { name: 'dense, windowed', options: { metric: 'dense', adaptation: 'windowed' } },
  { name: 'diagonal, gradient', options: { metric: 'diagonal', adaptation: 'gradient' } },
  { name: 'low rank', options: { metric: 'lowRank', adaptation: 'gradient' } },
  {
    name: 'the same from Pathfinder',
    options: { metric: 'lowRank', adaptation: 'gradient', pathfinder: true },
  },
];
