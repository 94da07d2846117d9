/** The shapes of a trace as a table: the first thing to look at when shapes do not fit. */
import { tf } from '@pyro-ts/ops';
import type { Shape } from '@pyro-ts/ops';
import { siteLogProb } from './log-prob';
import { isDensitySite, type Site } from './site';
import type { Trace } from './trace';

export interface FormatShapesOptions {
  /** Also the shapes of the log densities (computes them). */
  readonly computeLogProb?: boolean | undefined;
  /** Stop after this site. */
  readonly lastSite?: string | undefined;
}

interface Row {
  readonly site: string;
  readonly what: string;
  readonly batch: Shape;
  readonly event: Shape;
  readonly note: string;
}

/**
 * One row for each distribution, value and log density: batch dims left of the bar, aligned at the right as they
 * broadcast, event dims right of it, then the plates around.
 */
export function formatShapes(trace: Trace, options: FormatShapesOptions = {}): string {
  const rows: Row[] = [];
  for (const site of trace.sites.values()) {
    tf.tidy(() => void rows.push(...rowsOf(site, options.computeLogProb ?? false)));
    if (site.name === options.lastSite) break;
  }
  return layOut(rows);
}

function rowsOf(site: Site, computeLogProb: boolean): Row[] {
  const plates = site.condIndepStack.map((frame) => frame.name).join(', ');
  const batchRank = Math.max(0, ...site.condIndepStack.map((frame) => -(frame.dim ?? 0)));
  const row = (what: string, shape: Shape, eventDim: number, note = '', name = ''): Row => {
    const split = Math.max(0, shape.length - eventDim);
    return { site: name, what, batch: shape.slice(0, split), event: shape.slice(split), note };
  };
  const value = site.value instanceof tf.Tensor ? site.value.shape : [];
  const logProb = computeLogProb && isDensitySite(site) ? [row('log prob', siteLogProb(site).shape, 0)] : [];
  switch (site.kind) {
    case 'sample':
      return [
        row(site.isObserved ? 'observed' : 'dist', site.fn.shape(), site.fn.eventDim, plates, site.name),
        row('value', value, site.fn.eventDim),
        ...logProb,
      ];
    case 'plate': {
      const part = site.subsampleSize === site.size ? '' : `${site.subsampleSize} of ${site.size}`;
      return [row('plate', [site.subsampleSize], 0, part, site.name)];
    }
    case 'factor':
      return [row('factor', value, 0, plates, site.name), ...logProb];
    case 'param':
    case 'deterministic':
      return [
        row(site.kind, value, site.eventDim ?? Math.max(0, value.length - batchRank), plates, site.name),
      ];
    default:
      return [row((site as Site).kind, value, 0, plates, (site as Site).name)];
  }
}

function layOut(rows: readonly Row[]): string {
  const widest = (cells: readonly string[]): number => Math.max(0, ...cells.map((cell) => cell.length));
  const batchRank = Math.max(0, ...rows.map((row) => row.batch.length));
  const eventRank = Math.max(0, ...rows.map((row) => row.event.length));
  const cellsOf = (row: Row): string[] => [
    ...Array.from({ length: batchRank - row.batch.length }, () => ''),
    ...row.batch.map(String),
    '|',
    ...row.event.map(String),
    ...Array.from({ length: eventRank - row.event.length }, () => ''),
  ];
  const table = rows.map(cellsOf);
  const widths = Array.from({ length: batchRank + 1 + eventRank }, (_, i) =>
    widest(table.map((cells) => cells[i])),
  );
  const siteWidth = widest(rows.map((row) => row.site));
  const whatWidth = widest(rows.map((row) => row.what));
  const lines = rows.map((row, i) => {
    const shapes = table[i].map((cell, j) => cell.padStart(widths[j])).join(' ');
    return `${row.site.padEnd(siteWidth)}  ${row.what.padEnd(whatWidth)}  ${shapes}  ${row.note}`.trimEnd();
  });
  return lines.join('\n');
}
