import { compile } from '@pyro-ts/compiler';
import { deterministic, handlers, param, plate, sample } from '@pyro-ts/core';
import { Categorical, Gamma, Normal, Poisson } from '@pyro-ts/distributions';
import { foldIn, keyFromSeed, lift, random, tf, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { Predictive } from '.';

const x = [0, 1, 2];
const model = (inputs: number[], y?: number[]): tf.Tensor => {
  const a = sample('a', Normal(0, 1));
  const mean = deterministic('mean', tf.mul(a, lift(inputs)));
  return plate('data', inputs.length, () => sample('y', Normal(mean, 0.1), { obs: y }));
};

const nd = (data: number[], shape = [data.length]): NdArray => ({
  data: Float64Array.from(data),
  shape,
  dtype: 'float32',
});

describe('Predictive', () => {
  it('draws from the prior: all sites, [draws, ...site], repeatable by seed', () => {
    const prior = Predictive(model, { numSamples: 4, seed: 1 })(x);
    expect(Object.keys(prior)).toEqual(['a', 'mean', 'y']);
    expect(prior['y'].shape).toEqual([4, 3]);
    expect(new Set(prior['a'].data).size).toBe(4);
    expect(Predictive(model, { numSamples: 4, seed: 1 })(x)).toEqual(prior);
    expect(Predictive(model, { numSamples: 4, seed: 2 })(x)['a']).not.toEqual(prior['a']);
  });

  it('uses posterior draws one by one, computes deterministic sites anew, draws the rest', () => {
    const posteriorSamples = { a: nd([1, 10, 100]), mean: nd([9, 9, 9, 9, 9, 9, 9, 9, 9], [3, 3]) };
    const { mean, y, ...rest } = Predictive(model, { posteriorSamples, seed: 0 })(x);
    expect(rest).toEqual({});
    expectClose(mean.data, [0, 1, 2, 0, 10, 20, 0, 100, 200]);
    // y − mean has sd 0.1; 6 of them.
    Array.from(y.data).forEach((value, i) => expect(Math.abs(value - mean.data[i])).toBeLessThan(0.6));
  });

  it('keeps chains apart with batchNdims 2', () => {
    const posteriorSamples = { a: nd([1, 2, 3, 4], [2, 2]) };
    const { mean } = Predictive(model, { posteriorSamples, batchNdims: 2, returnSites: ['mean'] })(x);
    expect(mean.shape).toEqual([2, 2, 3]);
    expectClose(mean.data, [0, 1, 2, 0, 2, 4, 0, 3, 6, 0, 4, 8]);
  });

  it('draws latent sites from a guide with given parameters', () => {
    const guide = (): void => void sample('a', Normal(param('loc', 0), 1e-6));
    const params = { loc: nd([5], []) };
    const { mean } = Predictive(model, { guide, params, numSamples: 3, seed: 0 })(x);
    expectClose(mean.data, [0, 5, 10, 0, 5, 10, 0, 5, 10], { abs: 1e-4 });
  });

  it('returns observations as they are, the model’s result on request, and integers as integers', () => {
    const { y, _RETURN: result } = Predictive(model, { numSamples: 2, returnSites: ['y', '_RETURN'] })(
      x,
      [7, 8, 9],
    );
    expectClose(y.data, [7, 8, 9, 7, 8, 9]);
    expectClose(result.data, y.data);
    const counts = Predictive(() => void sample('n', Poisson(3)), { numSamples: 5, seed: 0 })();
    expect(counts['n'].dtype).toBe('int32');
    expect(counts['n'].data).toBeInstanceOf(Int32Array);
  });

  it('gives the same draws few at a time, eagerly, and many at a time, as a program', () => {
    const guide = (): void => void sample('a', Normal(param('loc', 0), 1));
    for (const options of [{}, { guide, params: { loc: nd([2], []) } }]) {
      const few = Predictive(model, { ...options, numSamples: 5, seed: 4 })(x);
      const many = Predictive(model, { ...options, numSamples: 40, seed: 4 })(x);
      for (const name of Object.keys(few))
        expectClose(many[name].data.slice(0, few[name].data.length), few[name].data);
      expect(new Set(many['y'].data).size).toBe(120);
    }
    const given = { a: nd(Array.from({ length: 30 }, (_, i) => i)) };
    const { mean } = Predictive(model, { posteriorSamples: given })(x);
    expectClose(mean.data.slice(87), [0, 29, 58]);
  });

  it('gives each draw the bits that it has alone: in chunks, in one chunk, and as a program of one draw', () => {
    const D = 7;
    const rows = lift(
      Array.from({ length: 150 }, (_, i) => Array.from({ length: D }, (_, j) => Math.sin(i * D + j))),
    );
    const regression = (): void => {
      const w = sample('w', Normal(0, 1).expand([D]).toEvent(1));
      const scale = sample('scale', Gamma(2, 1));
      const picked = sample('picked', Categorical({ probs: [0.2, 0.3, 0.5] }));
      plate('data', 150, () => {
        const mean = tf.squeeze(tf.matMul(rows, tf.expandDims(w, 1)), [1]);
        sample('y', Normal(tf.add(mean, tf.cast(picked, 'float32')), scale));
        sample('n', Poisson(tf.exp(mean)));
      });
      deterministic('total', tf.logSumExp(tf.matMul(rows, tf.expandDims(w, 1))));
    };
    const numSamples = 3000;
    const many = Predictive(regression, { numSamples, seed: 11 })();
    const few = Predictive(regression, { numSamples: 20, seed: 11 })();
    // One draw a call: the run that the loop over draws makes.
    const sites = Object.keys(many);
    const key = keyFromSeed(11);
    const one = compile(
      (index) => {
        const own = foldIn(random.foldInTensor(key, index), 'model');
        const trace = handlers.trace(handlers.seed(regression, { seed: own })).getTrace();
        return sites.map((name) => trace.value(name));
      },
      { inputs: [{ shape: [], dtype: 'int32' }] },
    );
    for (const i of [0, 1, 19, 800, 2048, numSamples - 1]) {
      one.run([Int32Array.of(i)]).forEach((alone, k) => {
        const { data } = many[sites[k]];
        expect(data.slice(i * alone.length, (i + 1) * alone.length)).toEqual(alone);
        if (i < 20) expect(few[sites[k]].data.slice(i * alone.length, (i + 1) * alone.length)).toEqual(alone);
      });
    }
    one.dispose();
  });

  it('runs models that read tensors, draw by draw', () => {
    const reading = (): tf.Tensor => {
      const a = sample('a', Normal(0, 1));
      return deterministic('sign', Math.sign(a.dataSync()[0]));
    };
    const { a, sign } = Predictive(reading, { numSamples: 30, seed: 0 })();
    expectClose(sign.data, Array.from(a.data, Math.sign));
  });

  it('leaves deterministic sites out on request', () => {
    expect(Object.keys(Predictive(model, { numSamples: 1, excludeDeterministic: true })(x))).toEqual([
      'a',
      'y',
    ]);
  });

  it('leaves no tensor behind, errors included', () => {
    const before = tf.memory().numTensors;
    Predictive(model, { numSamples: 3 })(x);
    expect(() => Predictive(model, { numSamples: 3 })(x, [1, 2])).toThrow(/site 'y'/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what is wrong', () => {
    const a = { a: nd([1, 2]) };
    expect(() => Predictive(model, { posteriorSamples: a, guide: () => undefined })).toThrow(
      /both given[\s\S]*Fix/,
    );
    expect(() => Predictive(model, {})).toThrow(/numSamples is absent/);
    expect(() => Predictive(model, { posteriorSamples: {} })(x)).toThrow(/posteriorSamples is empty/);
    expect(() => Predictive(model, { posteriorSamples: { ...a, b: nd([1, 2, 3]) } })(x)).toThrow(
      /disagree about the number of draws: 'a' has shape \[2\], 'b' \[3\]/,
    );
    expect(() => Predictive(model, { numSamples: 1, returnSites: ['z'] })(x)).toThrow(
      /returnSites names 'z'.*it has a, mean/,
    );
  });
});

// Types: the model's arguments are the function's.
// @ts-expect-error a string is not the model's input
const wrong = () => Predictive(model, { numSamples: 1 })('x');
void wrong;
