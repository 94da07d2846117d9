import { tf } from '@pyro-ts/ops';
import { familyCases, type FamilyCase } from './family-cases';
import { checkSampler, make } from './family-checks';
import { checkAveragePath, checkQuantilePath } from './path-checks';

/** Continuous univariate families with a path are checked in each of their tensor parameters. */
function pathParameters(row: FamilyCase): readonly string[] {
  const d = make(row);
  if (!d.hasRsample || d.eventDim > 0) return [];
  return Object.keys(row.params);
}

describe.each(familyCases.map((row) => [row.family, row] as const))('the sampler of %s', (_, row) => {
  it('draws what the density says', () => {
    tf.tidy(() => checkSampler(row));
  });

  const names = pathParameters(row);
  if (names.length > 0) {
    it.each(names)('has the right pathwise gradient in %s', (name) => {
      tf.tidy(() => (row.path === 'average' ? checkAveragePath(row, name) : checkQuantilePath(row, name)));
    });
  }
});
