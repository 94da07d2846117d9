import * as pyro from 'pyro-ts';
import { dist, handlers, tf } from 'pyro-ts';

/** Every bird that was let go, once for each time: in which year, and in which year it was seen next (0: never). */
export interface Releases {
  readonly released: readonly number[];
  readonly seenNext: readonly number[];
}

/**
 * Cormack–Jolly–Seber: a bird survives a year with probability `survival` (of a usual year, or of one with a flood),
 * and a living bird is seen with probability `recapture`. Whether a bird that was not seen was alive is a discrete
 * site of each year, summed out.
 * @param floods for each interval between two years, whether there was a flood
 */
export function model({ released, seenNext }: Releases, floods: readonly boolean[]) {
  const survival = pyro.plate('kinds of year', 2, () => pyro.sample('survival', dist.Beta(1, 1)));
  const recapture = pyro.sample('recapture', dist.Beta(1, 1));
  pyro.plate('releases', released.length, () => {
    let alive: tf.Tensor = tf.onesLike(tf.tensor1d(released.map(Number)));
    for (const year of pyro.markov(pyro.range(1, floods.length + 1))) {
      const isOut = released.map((from) => from < year);
      const isLookedFor = released.map((_, i) => isOut[i] && (seenNext[i] === 0 || year <= seenNext[i]));
      const survives = alive.mul(survival.gather(Number(floods[year - 1])));
      alive = pyro.sample(`alive_${year}`, dist.Bernoulli(tf.where(isOut, survives, 1)), {
        infer: { enumerate: 'parallel' },
      });
      const look = () =>
        pyro.sample(`seen_${year}`, dist.Bernoulli(alive.mul(recapture)), {
          obs: seenNext.map((when) => Number(when === year)),
        });
      handlers.mask(look, { mask: isLookedFor })();
    }
  });
}

/** The birds, one by one, of a table of counts: `recaptured[i][j]` of those released in year i were seen next in year i + 1 + j. */
export function expand(
  releasedPerYear: readonly number[],
  recaptured: readonly (readonly number[])[],
): Releases {
  const birds = recaptured.flatMap((row, from) => {
    const seen = row.flatMap((count, j) =>
      Array.from({ length: count }, () => ({ from, next: from + 1 + j })),
    );
    const never = releasedPerYear[from] - seen.length;
    return [...seen, ...Array.from({ length: never }, () => ({ from, next: 0 }))];
  });
  return { released: birds.map(({ from }) => from), seenNext: birds.map(({ next }) => next) };
}
