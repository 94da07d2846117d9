/**
 * `npm run bench:nuts`: nanoseconds a leapfrog of NUTS outside the gradient. `--json` prints the figures alone,
 * `--slices <n>` sets how often both are timed.
 */
import { unconstrainModel } from '@pyro-ts/core';
import { tf } from '@pyro-ts/ops';
import { parseArgs } from 'node:util';
import { eightSchools } from '../models/eight-schools';
import { formatTable } from '../table';
import { measureNuts, type NutsTarget } from './measure';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, slices: { type: 'string', default: '601' } },
});

/** Step sizes: near those that warm-up finds for an acceptance probability of 0.8. */
function targets(): NutsTarget[] {
  const standardNormal = (dim: number, stepSize: number): NutsTarget => ({
    model: 'standard normal',
    dim,
    density: (q) => tf.mul(-0.5, tf.sum(tf.square(q))),
    stepSize,
  });
  const schools = unconstrainModel(eightSchools.model, []);
  return [
    standardNormal(10, 0.85),
    standardNormal(100, 0.5),
    standardNormal(1000, 0.28),
    { model: eightSchools.name, dim: schools.dim, density: schools.logDensity, stepSize: 0.45 },
  ];
}

/** Largest time outside the gradient, ns: 150 where D = 10, 6 a coordinate where there are many. */
const bar = (dim: number): number => Math.max(150, 6 * dim);

const timings = targets().map((target) => measureNuts(target, Number(options.slices)));
if (options.json) {
  const rows = timings.map((t) => ({
    model: t.model,
    dim: t.dim,
    leapfrog_ns: t.leapfrogNs,
    gradient_ns: t.gradientNs,
    outside_ns: t.outsideNs,
  }));
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} else {
  const rows = timings.map((t) => [
    t.model,
    String(t.dim),
    t.leapfrogs.toFixed(1),
    ...[t.leapfrogNs, t.gradientNs, t.outsideNs, t.outsideOfMinimaNs].map((ns) => ns.toFixed(0)),
    (t.outsideNs / t.dim).toFixed(1),
    `${bar(t.dim)}${t.outsideNs > bar(t.dim) ? ' !' : '  '}`,
  ]);
  const titles = [
    'model',
    'D',
    'steps',
    'leapfrog ns',
    'gradient ns',
    'outside',
    'of minima',
    '/ D',
    'bar  ',
  ];
  process.stdout.write(`${formatTable(titles, rows)}\n`);
}
