import { expectCounts, expectDistribution, expectMean } from '@pyro-ts/testing';
import { foldIn, keyFromSeed, lift, random, tf, toNdArray, type RandomKey } from '..';

const root = keyFromSeed('random tests');
const key = (name: string): RandomKey => foldIn(root, name);
const read = (x: tf.Tensor): number[] => Array.from(toNdArray(x).data);

describe('random', () => {
  it('takes the shape of the result, or the broadcast shape of the parameters', () => {
    expect(random.uniform(key('a')).shape).toEqual([]);
    expect(random.normal(key('a'), [2, 3]).shape).toEqual([2, 3]);
    expect(random.gamma(key('a'), [1, 2]).shape).toEqual([2]);
    expect(random.gamma(key('a'), [1, 2], [3, 2]).shape).toEqual([3, 2]);
    expect(random.binomial(key('a'), [[3], [4]], [0.1, 0.2, 0.3]).shape).toEqual([2, 3]);
    expect(random.categorical(key('a'), [[0, 1, 2]], [4, 1]).shape).toEqual([4, 1]);
    expect(random.categorical(key('a'), [[0, 1, 2]], [4, 5]).shape).toEqual([4, 5]);
    expect(random.multinomial(key('a'), [[3], [4]], [0.1, 0.9]).shape).toEqual([2, 1, 2]);
  });

  it('draws counts and indices as int32', () => {
    const draws = [
      random.poisson(key('i'), 3),
      random.binomial(key('i'), 3, 0.5),
      random.bernoulli(key('i'), 0.5),
    ];
    const indices = [random.categorical(key('i'), [0, 0]), random.permutation(key('i'), 3)];
    expect([...draws, ...indices].map((x) => x.dtype)).toEqual(new Array(5).fill('int32'));
  });

  it('draws the same numbers from a key given as data and as a tensor', () => {
    const k = key('t');
    expect(read(random.normal({ ...k, key: lift(k.key) }, [5]))).toEqual(read(random.normal(k, [5])));
  });

  it('draws beta and Dirichlet values from their distributions (false alarm 1e-6)', () => {
    // Beta(3, 1) has the distribution function x³; a Dirichlet's first margin is Beta(a₀, rest).
    expectDistribution(read(random.beta(key('beta'), 3, 1, [20000])), (x) => x ** 3);
    const x = read(random.dirichlet(key('dirichlet'), [3, 0.25, 0.75], [20000, 3]));
    expectDistribution(
      x.filter((_, i) => i % 3 === 0),
      (v) => v ** 3,
    );
    const log = read(random.logDirichlet(key('dirichlet'), [3, 0.25, 0.75], [20000, 3]));
    expectMean(
      log.filter((_, i) => i % 3 === 0),
      -1 / 3,
      1 / 3,
    );
  });

  it('keeps a Dirichlet with concentration 1e-5 on the simplex, each corner equally often', () => {
    const x = read(random.dirichlet(key('tiny'), [1e-5, 1e-5, 1e-5], [3000, 3]));
    const corners = Array.from({ length: 3000 }, (_, i) => [0, 1, 2].findIndex((k) => x[3 * i + k] > 0.5));
    expectCounts(corners, [1 / 3, 1 / 3, 1 / 3]);
  });

  it('draws Bernoulli values with their probabilities, certain ones at 0 and 1', () => {
    expectCounts(read(random.bernoulli(key('bernoulli'), 0.3, [20000])), [0.7, 0.3]);
    expect(read(random.bernoulli(key('sure'), [0, 1], [50, 2]))).toEqual(
      Array.from({ length: 100 }, (_, i) => i % 2),
    );
  });

  it('folds a tensor index into the tensor part of a key', () => {
    const at = (i: number): number[] =>
      read(random.uniform(random.foldInTensor(key('step'), lift(i, 'int32')), [3]));
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(() => random.foldInTensor(key('step'), [1, 2])).toThrow(/index has shape \[2\]/);
  });

  it('refuses to draw more than there are without replacement', () => {
    expect(() => random.subsample(key('s'), 3, 4)).toThrow(/cannot draw 4 of 3/);
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => void random.dirichlet(key('m'), [1, 2], [3, 2]));
    expect(tf.memory().numTensors).toBe(before);
  });
});
