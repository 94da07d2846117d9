/** All golden tables, row by row, and a summary by family. */
import { loadGolden } from '@pyro-ts/testing';
import type { TransformRow } from '../transform-rows';
import { runDistributionRow, type DistributionRow } from './distribution-rows';
import { runKlRow, type KlRow } from './kl-rows';
import type { Outcome } from './outcome';
import { runSpecial, type SpecialTable } from './special-rows';
import { runTransformRow } from './transform-table';

export interface FamilySummary {
  readonly table: string;
  readonly family: string;
  readonly rows: number;
  readonly failed: number;
  readonly notImplemented: number;
  /** null if nothing was compared. JSON has no Infinity: a result that is not finite where it should be shows as a string. */
  readonly largestError: number | string | null;
}

export interface Summary {
  readonly families: readonly FamilySummary[];
  readonly total: { readonly rows: number; readonly failed: number; readonly notImplemented: number };
}

/** A table that the folder does not have is no row. */
function load<T>(table: 'distributions' | 'kl' | 'special' | 'transforms'): readonly T[] {
  try {
    return loadGolden<T[]>(table);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
}

export function runGolden(): Outcome[] {
  return [
    ...load<DistributionRow>('distributions').map(runDistributionRow),
    ...load<KlRow>('kl').map(runKlRow),
    ...load<TransformRow>('transforms').map(runTransformRow),
    ...load<SpecialTable>('special').flatMap(runSpecial),
  ];
}

const count = (outcomes: readonly Outcome[], status: Outcome['status']): number =>
  outcomes.filter((o) => o.status === status).length;

export function summarise(outcomes: readonly Outcome[]): Summary {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const key = `${outcome.table} ${outcome.family}`;
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  const families = [...groups.values()].map((group): FamilySummary => {
    const compared = group.filter((o) => o.status !== 'notImplemented');
    const worst = compared.reduce((max, o) => Math.max(max, o.error), 0);
    return {
      table: group[0].table,
      family: group[0].family,
      rows: group.length,
      failed: count(group, 'failed'),
      notImplemented: count(group, 'notImplemented'),
      largestError: compared.length === 0 ? null : Number.isFinite(worst) ? worst : String(worst),
    };
  });
  return {
    families,
    total: {
      rows: outcomes.length,
      failed: count(outcomes, 'failed'),
      notImplemented: count(outcomes, 'notImplemented'),
    },
  };
}
