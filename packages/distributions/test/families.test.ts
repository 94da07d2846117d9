import { tf } from '@pyro-ts/ops';
import { loadGolden } from '@pyro-ts/testing';
import { families } from '../src';
import { familyCases } from './family-cases';
import { checkBatching, checkLaws, checkShapes } from './family-checks';
import { runDistributionRow, type DistributionRow } from './golden/distribution-rows';

const golden = loadGolden<DistributionRow[]>('distributions');

describe.each(familyCases.map((row) => [row.family, row] as const))('%s', (family, row) => {
  const scoped = (f: () => void) => (): void => {
    const before = tf.memory().numTensors;
    tf.tidy(f);
    expect(tf.memory().numTensors).toBe(before);
  };

  it('reproduces its golden rows to 1e-12 (gradients 1e-9)', () => {
    const rows = golden.filter((r) => r.dist === family);
    const failures = rows.flatMap((r) =>
      runDistributionRow(r).failures.map((failure) => `${r.id}: ${failure}`),
    );
    expect(failures).toEqual([]);
  });

  it(
    'infers shapes and draws with them',
    scoped(() => checkShapes(row)),
  );
  it(
    'batches as unbatched distributions side by side',
    scoped(() => checkBatching(row)),
  );
  it(
    'keeps the laws of expand, toEvent and mask',
    scoped(() => checkLaws(row)),
  );
});

describe('the table of families', () => {
  /** Made of other distributions, and tested with them. */
  const wrappers = [
    'Independent',
    'ExpandedDistribution',
    'MaskedDistribution',
    'TransformedDistribution',
    'MixtureSameFamily',
  ];
  const degenerate = ['Delta', 'Unit', 'ImproperUniform'];

  it('has a row for every family', () => {
    const tested = new Set([...familyCases.map(({ family }) => family), ...wrappers, ...degenerate]);
    expect([...families.keys()].filter((family) => !tested.has(family))).toEqual([]);
  });

  it('says of every family what it is and where it comes from', () => {
    for (const factory of families.values()) {
      expect([factory.familyName, factory.description.length > 10, factory.source.length > 5]).toEqual([
        factory.familyName,
        true,
        true,
      ]);
    }
  });
});
