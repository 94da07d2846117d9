/** The warm-ups that are compared: options of `NUTS`. */
import type { NutsKernelOptions } from '@pyro-ts/inference';

export interface Variant {
  readonly name: string;
  readonly options: Pick<NutsKernelOptions, 'metric' | 'adaptation' | 'pathfinder'>;
}

export const variants: readonly Variant[] = [
  { name: 'Stan: diagonal, windowed', options: { metric: 'diagonal', adaptation: 'windowed' } },
  {
    name: 'the same from Pathfinder',
    options: { metric: 'diagonal', adaptation: 'windowed', pathfinder: true },
  },
  { name: 'dense, windowed', options: { metric: 'dense', adaptation: 'windowed' } },
  { name: 'nutpie: diagonal, gradient', options: { metric: 'diagonal', adaptation: 'gradient' } },
  { name: 'low rank, gradient', options: { metric: 'lowRank', adaptation: 'gradient' } },
  {
    name: 'the same from Pathfinder',
    options: { metric: 'lowRank', adaptation: 'gradient', pathfinder: true },
  },
];
