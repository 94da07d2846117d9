import { logLikelihood as drawByDraw, plate, sample } from '@pyro-ts/core';
import { Bernoulli, Categorical, HalfNormal, Normal } from '@pyro-ts/distributions';
import { lift, tf, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { logLikelihood } from '.';

const [rows, columns, draws] = [60, 5, 700];
const x = lift(
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => Math.sin(3 * i + j))),
);
const y = Array.from({ length: rows }, (_, i) => Math.cos(i));

const model = (inputs: tf.Tensor, outputs: number[]): void => {
  const w = sample('w', Normal(0, 1).expand([columns]).toEvent(1));
  const sigma = sample('sigma', HalfNormal(1));
  const k = sample('k', Categorical({ probs: [0.5, 0.5] }));
  plate('data', rows, () => {
    const mean = tf.squeeze(tf.matMul(inputs, tf.expandDims(w, 1)), [1]);
    sample('y', Normal(tf.add(mean, tf.cast(k, 'float32')), sigma), { obs: outputs });
    sample('positive', Bernoulli({ logits: mean }), { obs: outputs.map((v) => (v > 0 ? 1 : 0)) });
  });
};

const values = (shape: number[], f: (i: number) => number): NdArray => ({
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => f(i)),
  shape,
  dtype: 'float32',
});
const samples = (...leading: number[]): Record<string, NdArray> => ({
  w: values([...leading, columns], (i) => Math.sin(i)),
  sigma: values(leading, (i) => 0.5 + Math.abs(Math.cos(i))),
  k: { data: Int32Array.from({ length: draws }, (_, i) => i % 2), shape: leading, dtype: 'int32' },
});

describe('logLikelihood', () => {
  it('is that of every draw by itself (1e-12), in chunks, integer sites included; no tensor stays', () => {
    const before = tf.memory().numTensors;
    const found = logLikelihood(model, samples(draws), [x, y]);
    const expected = drawByDraw(model, samples(draws), [x, y]);
    expect(Object.keys(found)).toEqual(['y', 'positive']);
    for (const [name, { data, shape }] of Object.entries(expected)) {
      expect(found[name].shape).toEqual(shape);
      expectClose(found[name].data, data, { rel: 1e-12 });
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('keeps chains apart', () => {
    const byChain = logLikelihood(model, samples(7, 100), [x, y], { batchNdims: 2 });
    expect(byChain['y'].shape).toEqual([7, 100, rows]);
    expect(byChain['y'].data).toEqual(logLikelihood(model, samples(draws), [x, y])['y'].data);
  });

  it('serves few draws, and models that read tensors', () => {
    const few = { mu: values([3], (i) => i) };
    const plain = (): void => void sample('y', Normal(sample('mu', Normal(0, 1)), 1), { obs: 0.5 });
    expectClose(logLikelihood(plain, few, [])['y'].data, drawByDraw(plain, few, [])['y'].data);
    const reading = (): void => {
      const mu = sample('mu', Normal(0, 1)).dataSync()[0];
      sample('y', Normal(Math.abs(mu), 1), { obs: 0.5 });
    };
    const many = { mu: values([30], (i) => i - 15) };
    expect(logLikelihood(reading, many, [])).toEqual(drawByDraw(reading, many, []));
  });

  it('says what is wrong', () => {
    expect(() => logLikelihood(model, {}, [x, y])).toThrow(/posteriorSamples is empty|no samples/);
    const uneven = { ...samples(draws), sigma: values([3], () => 1) };
    expect(() => logLikelihood(model, uneven, [x, y])).toThrow(/disagree about the number of draws/);
    expect(() => logLikelihood(model, samples(draws), [x, [1, 2]])).toThrow(/site 'y'/);
  });
});
