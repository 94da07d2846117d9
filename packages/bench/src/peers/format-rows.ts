/** The comparison as a table for people. */
import { formatNumber, formatTable } from '../table';
import type { ModelRow, Row } from './compare-model';

const titles = [
  'model',
  'sampler',
  'ESS/s',
  'with compile',
  'gradient CPU µs',
  'cold s',
  'compile s',
  'MB',
  'min ESS',
  'gradients/draw',
  'R-hat',
  'remarks',
];

function cells(model: string, who: string, row: Row | null | undefined): string[] {
  if (row === null || row === undefined) return [model, who, ...titles.slice(2).map(() => '–')];
  return [
    model,
    who,
    ...[row.ess_per_s, row.ess_per_s_with_compile, row.gradient_cpu_us, row.cold_s, row.compile_s].map(
      formatNumber,
    ),
    row.rss_mb.toFixed(0),
    row.min_ess.toFixed(0),
    row.gradients_per_draw === null ? '–' : row.gradients_per_draw.toFixed(1),
    row.max_rhat.toFixed(3),
    row.flags.join('; '),
  ];
}

export function formatRows(rows: readonly ModelRow[]): string {
  const lines = rows.flatMap(({ model, ours, peers }) => [
    cells(model, 'pyro-ts', ours),
    ...Object.entries(peers).map(([peer, row]) => cells('', peer, row)),
  ]);
  return formatTable(titles, lines);
}
