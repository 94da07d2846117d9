/** A summary as text. */
import type { Summary, SummaryRow } from './summary';

/** Enough digits to see the Monte Carlo error, not many more. */
function formatValue(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return String(x);
  if (x === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(x)));
  if (magnitude < -4 || magnitude > 6) return x.toExponential(digits - 2);
  return x.toFixed(Math.min(Math.max(digits - 1 - magnitude, 0), 6));
}

const formatCount = (x: number): string => (Number.isFinite(x) ? x.toFixed(0) : String(x));

function columns(summary: Summary): [string, (row: SummaryRow) => string][] {
  const tail = 50 * (1 - summary.prob);
  const label = (percent: number): string => `${Number(percent.toFixed(2))}%`;
  const bounds =
    summary.interval === 'hpdi'
      ? [`hpdi ${label(100 * summary.prob)} low`, 'high']
      : [label(tail), label(100 - tail)];
  return [
    ['', (row) => row.name],
    ['mean', (row) => formatValue(row.mean)],
    ['sd', (row) => formatValue(row.sd)],
    ['median', (row) => formatValue(row.median)],
    [bounds[0], (row) => formatValue(row.lower)],
    [bounds[1], (row) => formatValue(row.upper)],
    ['mcse', (row) => formatValue(row.mcseMean, 2)],
    ['ess_bulk', (row) => formatCount(row.essBulk)],
    ['ess_tail', (row) => formatCount(row.essTail)],
    ['r_hat', (row) => row.rhat.toFixed(3)],
  ];
}

/** A table with one line for each scalar: names on the left, numbers aligned on the right. */
export function formatSummary(summary: Summary): string {
  const cells = columns(summary).map(([title, cell]) => [title, ...summary.rows.map(cell)]);
  const widths = cells.map((column) => Math.max(...column.map((text) => text.length)));
  const line = (i: number): string =>
    cells
      .map((column, c) => (c === 0 ? column[i].padEnd(widths[c]) : column[i].padStart(widths[c])))
      .join('  ')
      .trimEnd();
  return Array.from({ length: summary.rows.length + 1 }, (_, i) => line(i)).join('\n');
}
