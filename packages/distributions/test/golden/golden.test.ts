import { loadGolden } from '@pyro-ts/testing';
import type { TransformRow } from '../transform-rows';
import { runDistributionRow, type DistributionRow } from './distribution-rows';
import { runKlRow } from './kl-rows';
import { summarise } from './run';
import { runSpecial } from './special-rows';
import { runTransformRow } from './transform-table';

const rows = loadGolden<DistributionRow[]>('distributions');
const normal = rows.find(({ id }) => id === 'Normal/0') as DistributionRow;

describe('the runner of the golden tables', () => {
  it.each([
    'Delta',
    'ExpandedDistribution',
    'ImproperUniform',
    'Independent',
    'MaskedDistribution',
    'MixtureSameFamily',
    'TransformedDistribution',
    'Unit',
  ])('passes every row of %s, whose parameters are distributions, transforms or empty values', (family) => {
    const outcomes = rows.filter(({ dist }) => dist === family).map(runDistributionRow);
    expect(outcomes.length).toBeGreaterThan(0);
    expect(outcomes.flatMap(({ id, failures }) => failures.map((failure) => `${id}: ${failure}`))).toEqual(
      [],
    );
    expect(outcomes.every(({ status }) => status === 'passed')).toBe(true);
  });

  it.each([
    ['a log density', { log_prob: [...(normal.log_prob as number[]).slice(0, -1), 1] }],
    ['a gradient', { grad_log_prob_params: { loc: 21.13, scale: 3447.80622909699 } }],
    ['a moment', { variance: 0.22886657 }],
    ['a shape', { batch_shape: [1] }],
    ['a cdf', { cdf: (normal.cdf as number[]).map((p) => p + 1e-11) }],
    ['a parameter that should be rejected', { kind: 'bad_params' }],
  ])('fails when %s differs', (_, change) => {
    expect(runDistributionRow(normal).status).toBe('passed');
    expect(runDistributionRow({ ...normal, ...change }).status).toBe('failed');
  });

  it('counts what the project does not have as not implemented, inside another distribution too', () => {
    const unknown = { ...normal, dist: 'Unheard' };
    const nested = {
      ...normal,
      dist: 'Independent',
      params: { base_dist: { dist: 'Unheard' }, reinterpreted_batch_ndims: 1 },
    };
    expect([runDistributionRow(unknown).status, runDistributionRow(nested).status]).toEqual([
      'notImplemented',
      'notImplemented',
    ]);
    const kl = { id: 'x', p: { dist: 'Unheard' }, q: { dist: 'Normal' }, batch_shape: [], kl: 0 };
    expect(runKlRow(kl).status).toBe('notImplemented');
    const transform = { ...loadGolden<TransformRow[]>('transforms')[0], transform: 'Unheard' };
    expect(runTransformRow(transform).status).toBe('notImplemented');
    const special = runSpecial({ function: 'unheard', args: ['x'], points: [[1, 2]] });
    expect(special.map(({ status }) => status)).toEqual(['notImplemented']);
  });

  it('shows the message of an error instead of stopping', () => {
    const outcome = runDistributionRow({ ...normal, params: { mu: 1 } });
    expect(outcome.status).toBe('failed');
    expect(outcome.failures[0]).toMatch(/Normal has no parameter 'mu'/);
  });

  it('sums up by family', () => {
    const outcomes = [normal, { ...normal, mean: 7 }, { ...normal, dist: 'Unheard' }].map(runDistributionRow);
    const { families, total } = summarise(outcomes);
    expect(total).toEqual({ rows: 3, failed: 1, notImplemented: 1 });
    expect(families.map(({ family, rows: n, failed }) => [family, n, failed])).toEqual([
      ['Normal', 2, 1],
      ['Unheard', 1, 0],
    ]);
    expect(families[1].largestError).toBeNull();
  });
});
