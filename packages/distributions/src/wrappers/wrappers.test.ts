import { keyFromSeed, lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose, expectDistribution } from '@pyro-ts/testing';
import { positive, real, simplex } from '../constraints';
import { Gamma, Normal, Uniform } from '../continuous';
import type { Distribution } from '../distribution';
import { AffineTransform, ExpTransform, StickBreakingTransform } from '../transforms';
import {
  Delta,
  ExpandedDistribution,
  ImproperUniform,
  Independent,
  MaskedDistribution,
  TransformedDistribution,
  Unit,
} from './index';

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());
const key = keyFromSeed('wrappers');

describe('Independent', () => {
  it('moves batch dims into the event and sums the log density over them', () => {
    const d = Normal(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      2,
    ).toEvent(1);
    expect([d.batchShape, d.eventShape, d.eventDim]).toEqual([[2], [3], 1]);
    const x = [
      [0.5, 0.5, 0.5],
      [1, 2, 3],
    ];
    expectClose(
      numbers(d.logProb(x)),
      numbers(
        tf.sum(
          Normal(
            [
              [0, 1, 2],
              [3, 4, 5],
            ],
            2,
          ).logProb(x),
          -1,
        ),
      ),
      { ulp: 2 },
    );
    expect(String(d)).toBe('Normal(loc: [2, 3], scale: 2).toEvent(1)');
  });

  it('merges, and gives back with a negative count', () => {
    const d = Normal(tf.zeros([4, 3, 2]), 1)
      .toEvent(1)
      .toEvent(1);
    expect([d.batchShape, d.eventShape]).toEqual([[4], [3, 2]]);
    expect(d.toEvent(-1).batchShape).toEqual([4, 3]);
    expect(d.toEvent(-2).eventShape).toEqual([]);
    expect(() => d.toEvent(-3)).toThrow(/pass between -2 and 1/);
    expect(() => Normal(0, 1).toEvent(1)).toThrow(/expand first: \.expand\(\[…\]\)\.toEvent\(1\)/);
  });

  it('refuses a value whose event dims differ, instead of broadcasting them', () => {
    expect(() => Normal([0, 0, 0], 1).toEvent(1).logProb([1])).toThrow(/value has shape \[1\]/);
    expect(() => Normal([0, 0, 0], 1).toEvent(1).logProb(1)).toThrow(/event shape \[3\]/);
  });

  it('expands its batch dims only', () => {
    const d = Independent(Normal([0, 1], 1), 1).expand([5]);
    expect([d.batchShape, d.eventShape]).toEqual([[5], [2]]);
    expect(new Set(numbers(d.sample([], { key }))).size).toBe(10);
  });
});

describe('ExpandedDistribution', () => {
  const base = (): Distribution => TransformedDistribution(Normal([[0], [10]], 1), [ExpTransform()]);

  it('draws afresh along leading and stretched dims, and puts them where they belong', () => {
    const d = ExpandedDistribution(base(), [3, 2, 4]);
    const x = d.sample([5], { key });
    expect(x.shape).toEqual([5, 3, 2, 4]);
    expect(new Set(numbers(x)).size).toBe(120);
    const logs = tf.log(x);
    expect(numbers(tf.less(logs, 5))).toEqual(
      numbers(tf.less(tf.broadcastTo(lift([[0], [10]]), x.shape), 5)),
    );
  });

  it('has the log density and moments of its base, broadcast', () => {
    const d = ExpandedDistribution(base(), [3, 2, 4]);
    const x = d.sample([], { key });
    expect(d.logProb(x).shape).toEqual([3, 2, 4]);
    expectClose(numbers(d.logProb(x)), numbers(base().logProb(x)), { ulp: 0 });
    expect(d.logProb(1).shape).toEqual([3, 2, 4]);
    expect(String(d)).toMatch(/\.expand\(\[3, 2, 4\]\), \[ExpTransform\]\)$/);
  });
});

describe('MaskedDistribution', () => {
  it('counts only where the mask is true, and its gradient is free of NaN elsewhere', () => {
    const grad = tf.grad((x) =>
      tf.sum(Gamma([2, 2], 1, { validateArgs: false }).mask([true, false]).logProb(x)),
    );
    expect(numbers(grad(lift([1, -1])))).toEqual([0, 0]);
    expect(numbers(Gamma([2, 2], 1).mask([true, false]).logProb([1, NaN]))[1]).toBe(0);
  });

  it('does not compute the density under mask(false)', () => {
    const broken = Normal(0, 1);
    broken.logProb = () => {
      throw new Error('computed');
    };
    expect(numbers(broken.mask(false).logProb([1, 2]))).toEqual([0, 0]);
    expect(() => broken.mask(true).logProb([1, 2])).toThrow('computed');
  });

  it('broadcasts the mask with the batch shape and names both shapes if they do not fit', () => {
    expect(Normal([0, 0, 0], 1).mask([[true], [false]]).batchShape).toEqual([2, 3]);
    expect(() => MaskedDistribution(Normal([0, 0, 0], 1), [true, false])).toThrow(
      /mask of shape \[2\].*\[3\]/,
    );
  });
});

describe('TransformedDistribution', () => {
  it('has the density of the change of variables, −∞ off the codomain', () => {
    const d = TransformedDistribution(Normal(1, 0.5), [ExpTransform(), AffineTransform(0, 2)], {
      validateArgs: false,
    });
    const expected = numbers(Normal(1, 0.5).logProb(Math.log(1.5)))[0] - Math.log(1.5) - Math.log(2);
    expectClose(numbers(d.logProb(3)), [expected], { rel: 1e-14 });
    const e = TransformedDistribution(Normal(1, 0.5), [ExpTransform()]);
    expect(numbers(e.logProb([-1, 0, NaN]))).toEqual([-Infinity, -Infinity, NaN]);
    expect(numbers(tf.grad((x) => tf.sum(e.logProb(x)))(lift([-1, 0])))).toEqual([0, 0]);
  });

  it('uses the stages of a draw instead of inverting', () => {
    let inversions = 0;
    const transform = ExpTransform();
    const counted = Object.create(transform) as typeof transform;
    Object.defineProperty(counted, 'inverse', {
      value: (y: tf.Tensor) => {
        inversions++;
        return transform.inverse(y);
      },
    });
    const d = TransformedDistribution(Normal([0, 1], 1), [counted]);
    const { value, intermediates } = d.sampleWithIntermediates([3], { key });
    const direct = numbers(d.logProb(value, intermediates));
    expect(inversions).toBe(0);
    expectClose(direct, numbers(d.logProb(value)), { rel: 1e-13, abs: 1e-14 });
    expect(inversions).toBe(1);
  });

  it('makes events of what its transforms need, batch dims of what they broadcast', () => {
    const d = TransformedDistribution(Normal(0, 1).expand([2, 3]), [StickBreakingTransform()]);
    expect([d.batchShape, d.eventShape]).toEqual([[2], [4]]);
    const x = d.sample([5], { key });
    expect(x.shape).toEqual([5, 2, 4]);
    expect(numbers(simplex.check(x)).every((ok) => ok === 1)).toBe(true);
    expect(d.logProb(x).shape).toEqual([5, 2]);
    const spread = TransformedDistribution(Normal(0, 1), [AffineTransform([1, 2, 3], 1)]);
    expect(spread.batchShape).toEqual([3]);
    const drawn = numbers(spread.sample([], { key })).map((v, i) => v - i - 1);
    expect(new Set(drawn.map((v) => v.toFixed(9))).size).toBe(3);
  });

  it('has cdf and icdf for rising and falling maps', () => {
    const d = TransformedDistribution(Normal(0, 1), [AffineTransform([1, 1], [2, -2])]);
    expectClose(numbers(d.cdf([1, 1])), [0.5, 0.5], { ulp: 1 });
    expectClose(numbers(d.cdf(d.icdf([0.1, 0.1]))), [0.1, 0.1], { rel: 1e-13 });
    const draws = TransformedDistribution(Normal(0, 1), [AffineTransform(1, -2)]).sample([2000], { key });
    const probabilities = numbers(Normal(1, 2).cdf(draws));
    const at = new Map(numbers(draws).map((x, i) => [x, probabilities[i]]));
    expectDistribution(numbers(draws), (x) => at.get(x) ?? NaN);
  });

  it('leaves no tensors behind', () => {
    const before = tf.memory().numTensors;
    const d = TransformedDistribution(Normal([0, 1], 1), [AffineTransform([1, 2], 3), ExpTransform()]);
    d.logProb(1).dispose();
    d.sample([2], { key }).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('Delta, Unit and ImproperUniform', () => {
  it('puts all mass at v, with a log density there', () => {
    const d = Delta({
      v: [
        [1, 2],
        [3, 4],
      ],
      logDensity: [0.5, -1],
      eventDim: 1,
    });
    expect([d.batchShape, d.eventShape]).toEqual([[2], [2]]);
    expect(
      numbers(
        d.logProb([
          [1, 2],
          [3, 5],
        ]),
      ),
    ).toEqual([0.5, -Infinity]);
    expect(d.sample([3], { key }).shape).toEqual([3, 2, 2]);
    expect(numbers(tf.grad((v) => tf.sum(Delta(v).rsample([3])))(lift([1, 2])))).toEqual([3, 3]);
    expect(numbers(Delta(1).logProb([1, NaN]))).toEqual([0, NaN]);
  });

  it('scores the empty value', () => {
    const d = Unit([1, 2]);
    expect([d.batchShape, d.eventShape]).toEqual([[2], [0]]);
    expect(numbers(d.logProb(tf.zeros([2, 0])))).toEqual([1, 2]);
    expect(d.sample([3]).shape).toEqual([3, 2, 0]);
    expect([Unit(1).hasRsample, Unit({ logFactor: 1, hasRsample: true }).hasRsample]).toEqual([false, true]);
  });

  it('is flat on a set and cannot be sampled', () => {
    const d = ImproperUniform(positive, [2], [3]);
    expect(numbers(d.logProb(tf.ones([2, 3])))).toEqual([0, 0]);
    expect(() => d.logProb(tf.mul(-1, tf.ones([2, 3])))).toThrow(/support `independent\(positive, 1\)`/);
    expect(() => d.sample()).toThrow(/cannot be sampled/);
    expect(ImproperUniform(real).batchShape).toEqual([]);
  });
});

describe('every distribution', () => {
  it('gives score parts by whether it has a path, which can be switched off', () => {
    const d = Normal(0, 1);
    const zero = (t: tf.Tensor): boolean => numbers(t).every((v) => v === 0);
    expect([zero(d.scoreParts(1).scoreFunction), zero(d.scoreParts(1).entropyTerm)]).toEqual([true, false]);
    const noPath = d.hasRsample_(false);
    expect([zero(noPath.scoreParts(1).scoreFunction), zero(noPath.scoreParts(1).entropyTerm)]).toEqual([
      false,
      true,
    ]);
    expect(() => noPath.toEvent(0).rsample()).toThrow(/no pathwise sampler/);
    expect(() => Uniform(0, 1).expand([2]).toEvent(1).hasRsample_(false).rsample()).toThrow(
      /no pathwise sampler/,
    );
    expect(toNdArray(d.perplexity()).data[0]).toBeCloseTo(Math.sqrt(2 * Math.PI * Math.E), 12);
  });

  it('does not pass a gradient through sample()', () => {
    const grad = tf.grad((loc) => tf.add(tf.sum(Normal(loc, 1).sample([3], { key })), tf.sum(loc)));
    expect(numbers(grad(lift(2)))).toEqual([1]);
  });
});
