import { keyFromSeed, lift, tf } from '@pyro-ts/ops';
import { expectClose, expectDistribution } from '@pyro-ts/testing';
import { Gamma, Normal, Uniform } from '../continuous';
import { Categorical } from '../discrete';
import { MultivariateNormal } from '../multivariate';
import { MixtureSameFamily } from './mixture-same-family';

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());
const key = keyFromSeed('mixture');

describe('MixtureSameFamily', () => {
  it('adds up the weighted densities of its components', () => {
    const d = MixtureSameFamily(Categorical({ probs: [0.3, 0.7] }), Normal([-1, 2], [1, 0.5]));
    expect([d.batchShape, d.eventShape]).toEqual([[], []]);
    const x = 0.4;
    const density = (loc: number, scale: number): number => numbers(tf.exp(Normal(loc, scale).logProb(x)))[0];
    expectClose(numbers(d.logProb(x)), [Math.log(0.3 * density(-1, 1) + 0.7 * density(2, 0.5))], {
      rel: 1e-14,
    });
    expect(d.logProb([[1, 2, 3]]).shape).toEqual([1, 3]);
  });

  it('draws what its cdf says, whatever the batch', () => {
    const d = MixtureSameFamily(
      Categorical({ logits: [0, 1] }),
      Normal(
        [
          [-4, 2],
          [0, 9],
        ],
        1,
      ),
    ).expand([2]);
    const draws = d.sample([2000], { key });
    const cdf = d.cdf(draws);
    [0, 1].forEach((i) => {
      const column = numbers(tf.gather(draws, lift(i, 'int32'), 1));
      const probabilities = numbers(tf.gather(cdf, lift(i, 'int32'), 1));
      const at = new Map(column.map((x, j) => [x, probabilities[j]]));
      expectDistribution(column, (x) => at.get(x) ?? NaN);
    });
  });

  it('draws afresh for every element of an expanded batch', () => {
    const d = MixtureSameFamily(Categorical({ probs: [0.5, 0.5] }), Normal([0, 1], 1)).expand([100]);
    expect(new Set(numbers(d.sample([], { key }))).size).toBe(100);
  });

  it('ignores components of weight zero, in value and gradient', () => {
    const d = (loc: tf.Tensor) => MixtureSameFamily(Categorical({ probs: [1, 0] }), Normal(loc, 1));
    const grad = tf.grad((loc) => tf.sum(d(loc).logProb(0.5)));
    expectClose(numbers(grad(lift([0, 1e300]))), [0.5, 0], { rel: 1e-14 });
    expectClose(numbers(d(lift([0, 0])).logProb(0.5)), numbers(Normal(0, 1).logProb(0.5)), { rel: 1e-14 });
  });

  it('is supported wherever a component is', () => {
    const d = MixtureSameFamily(Categorical({ probs: [0.5, 0.5] }), Uniform([0, 5], [1, 7]));
    expectClose(numbers(d.logProb([0.5, 6])), [Math.log(0.5), Math.log(0.25)], { rel: 1e-14 });
    expect(() => d.logProb(3)).toThrow(/support `mixture/);
    expect(numbers(d.withValidateArgs(false).logProb([3, NaN]))).toEqual([-Infinity, NaN]);
    expect(MixtureSameFamily(Categorical({ probs: [0.5, 0.5] }), Gamma([1, 2], 1)).support.name).toBe(
      'nonnegative',
    );
  });

  it('has the moments of the law of total variance, for vectors too', () => {
    const d = MixtureSameFamily(
      Categorical({ probs: [0.25, 0.75] }),
      MultivariateNormal({
        loc: [
          [0, 0],
          [4, 8],
        ],
        covarianceMatrix: [
          [1, 0],
          [0, 2],
        ],
      }),
    );
    expect([d.batchShape, d.eventShape]).toEqual([[], [2]]);
    expectClose(numbers(d.mean), [3, 6], { rel: 1e-14 });
    expectClose(numbers(d.variance), [1 + 3, 2 + 12], { rel: 1e-14 });
    expect(d.sample([5], { key }).shape).toEqual([5, 2]);
    expect(
      d.logProb([
        [1, 2],
        [3, 4],
      ]).shape,
    ).toEqual([2]);
  });

  it('names both parts when their counts differ', () => {
    expect(() => MixtureSameFamily(Categorical({ probs: [0.5, 0.5] }), Normal([0, 1, 2], 1))).toThrow(
      /Normal\(loc: \[3\], scale: 1\).*has 2 weights/,
    );
    expect(() => MixtureSameFamily(Normal(0, 1), Normal([0, 1], 1))).toThrow(/must list its values/);
  });
});
