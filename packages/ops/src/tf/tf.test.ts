import * as tfjs from '@tensorflow/tfjs';
import { expectClose } from '@pyro-ts/testing';
import { argsort, lift, sort, tf, toNdArray } from '..';
import { patchMethods } from './methods';

const values = (t: tfjs.Tensor): number[] => [...toNdArray(t).data];
const third = 1 / 3;

describe('tf keeps 53 bits', () => {
  const creators: Record<string, [() => tf.Tensor, number[]]> = {
    scalar: [() => tf.scalar(third), [third]],
    tensor1d: [() => tf.tensor1d([0.1, third]), [0.1, third]],
    tensor2d: [() => tf.tensor2d([[0.1], [third]]), [0.1, third]],
    'tensor2d of flat values': [() => tf.tensor2d([0.1, third], [2, 1]), [0.1, third]],
    tensor3d: [() => tf.tensor3d([[[third]]]), [third]],
    tensor4d: [() => tf.tensor4d([[[[third]]]]), [third]],
    tensor5d: [() => tf.tensor5d([[[[[third]]]]]), [third]],
    tensor6d: [() => tf.tensor6d([[[[[[third]]]]]]), [third]],
    'tensor of a Float64Array': [() => tf.tensor(Float64Array.of(0.1, third)), [0.1, third]],
    'tensor of Float64Arrays': [
      () => tf.tensor([Float64Array.of(0.1, third), [1, 0.2]]),
      [0.1, third, 1, 0.2],
    ],
    'tensor with shape': [() => tf.tensor([0.1, third], [1, 2]), [0.1, third]],
    fill: [() => tf.fill([2], third), [third, third]],
    linspace: [() => tf.linspace(0, third, 3), [0, third / 2, third]],
    range: [() => tf.range(0, 0.3, 0.1), [0, 0.1, 0.2]],
    'range downwards': [() => tf.range(2, 0), [2, 1]],
    oneHot: [() => tf.oneHot([1], 2, third, 0.1, 'float32'), [0.1, third]],
    variable: [() => tf.variable(tf.scalar(third)), [third]],
    clone: [() => tf.clone(third), [third]],
    zeros: [() => tf.zeros([2]), [0, 0]],
    ones: [() => tf.ones([2]), [1, 1]],
    'eye with batches': [() => tf.eye(2, 2, [2]), [1, 0, 0, 1, 1, 0, 0, 1]],
    stack: [() => tf.stack([tf.scalar(0.1), third as unknown as tf.Tensor]), [0.1, third]],
    concat: [() => tf.concat([[0.1], [third]]), [0.1, third]],
    einsum: [() => tf.einsum('i,i->', [0.1, third] as unknown as tf.Tensor, tf.tensor1d([1, 0])), [0.1]],
    where: [() => tf.where([true, false], 0.1, third), [0.1, third]],
    buffer: [
      () => {
        const b = tf.buffer([1]);
        b.set(third, 0);
        return b.toTensor();
      },
      [third],
    ],
  };
  it.each(Object.entries(creators))('%s', (_name, [make, expected]) => {
    const t = make();
    expect(t.dtype).toBe('float32');
    expectClose(values(t), expected, { rel: 1e-15 });
  });

  const x = (): tf.Tensor1D => tf.tensor1d([1.1, 2.3]);
  const operations: Record<string, [() => tf.Tensor, (v: number) => number]> = {
    'x.add': [() => x().add(0.1), (v) => v + 0.1],
    'x.sub': [() => x().sub(0.1), (v) => v - 0.1],
    'x.mul': [() => x().mul(0.1), (v) => v * 0.1],
    'x.div': [() => x().div(0.1), (v) => v / 0.1],
    'x.pow': [() => x().pow(0.1), (v) => v ** 0.1],
    'x.maximum': [() => x().maximum(third), (v) => Math.max(v, third)],
    'x.squaredDifference': [() => x().squaredDifference(0.1), (v) => (v - 0.1) * (v - 0.1)],
    'x.clipByValue': [() => x().clipByValue(0.1, 1 + third), (v) => Math.min(v, 1 + third)],
    'tf.mul': [() => tf.mul(0.1, x()), (v) => v * 0.1],
    'tf.mul by a Float64Array': [() => tf.mul(x(), Float64Array.of(0.1, 0.1)), (v) => v * 0.1],
    'tf.add of an NdArray': [() => tf.add(x(), toNdArray(0.1)), (v) => v + 0.1],
    'tf.exp of an array': [() => tf.exp([1.1, 2.3]), Math.exp],
    'x.leakyRelu': [() => tf.leakyRelu(x().neg(), 0.1), (v) => -v * 0.1],
    'x.erf': [() => x().erf(), (v) => (v === 1.1 ? 0.8802050695740817 : 0.9988568234026434)],
  };
  it.each(Object.entries(operations))('%s', (_name, [run, expected]) => {
    expectClose(values(run()), [1.1, 2.3].map(expected), { rel: 1e-15 });
  });
});

describe('tf', () => {
  it('differentiates at exact points given as numbers', () => {
    expect(values(tf.grad((x: tf.Tensor) => x.square().sum())([third]))).toEqual([2 * third]);
    const { value, grads } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) => a.mul(b).sum())([
      0.1 as unknown as tf.Tensor,
      tf.scalar(third),
    ]);
    expect(values(value)).toEqual([0.1 * third]);
    expect(grads.map(values)).toEqual([[third], [0.1]]);
  });

  it('releases what was saved when the differentiated function throws', () => {
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const f = (t: tf.Tensor): tf.Tensor => tf.matMul(t.exp(), t);
    expect(() => tf.grad(f)(x)).toThrow('matMul');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('multiplies fused matrices with exact bias', () => {
    const y = tf.fused.matMul({
      a: [[third]],
      b: tf.ones([1, 1]),
      bias: tf.tensor1d([0.1]),
    });
    expect(values(y)).toEqual([third + 0.1]);
  });

  it('sorts along any axis, stably, with gradient', () => {
    const x = tf.tensor2d([3, 1, 2, 0, 1, 5], [2, 3]);
    expect(values(sort(x))).toEqual([1, 2, 3, 0, 1, 5]);
    expect(values(sort(x, { axis: 0, descending: true }))).toEqual([3, 1, 5, 0, 1, 2]);
    expect(values(argsort([2, 1, 2, 1]))).toEqual([1, 3, 0, 2]);
    const weights = [1, 10, 100];
    expect(values(tf.grad((t: tf.Tensor) => sort(t).mul(weights).sum())(tf.tensor1d([3, 1, 2])))).toEqual([
      100, 1, 10,
    ]);
  });

  it('leaves no tensor behind for a literal', () => {
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    const y = x.mul(0.1).dispose();
    expect(y).toBeUndefined();
    tf.add(0.1, [1, 2]).dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(() => x.mul([1, 2, 3])).toThrow('do not broadcast');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('differentiates through literals', () => {
    const g = tf.grad((x: tf.Tensor) => x.mul(0.1).sum())(tf.tensor1d([1, 2]));
    expect(values(g)).toEqual([0.1, 0.1]);
  });

  it('keeps the dtypes that tfjs infers', () => {
    expect(tf.tensor([true, false]).dtype).toBe('bool');
    expect(tf.tensor(Int32Array.of(1)).dtype).toBe('int32');
    expect(tf.tensor1d([1.7], 'int32').dataSync()).toEqual(Int32Array.of(1));
    expect(tf.tensor(['a', 'b']).dtype).toBe('string');
    expect(tf.tensor1d([1, 2], 'int32').add(0.5).dtype).toBe('float32');
  });

  it('rejects values that do not fit the shape', () => {
    expect(() => tf.tensor([1, 2, 3], [2, 2])).toThrow('do not fit shape [2, 2]');
    expect(() => tf.tensor2d([1, 2, 3])).toThrow('values have shape [3]');
    expect(() => tf.tensor([[1, 2], [3]])).toThrow('ragged');
  });

  it('patches the methods once', () => {
    const method = (): unknown => Object.getOwnPropertyDescriptor(tfjs.Tensor.prototype, 'mul')?.value;
    const mul = method();
    patchMethods();
    expect(method()).toBe(mul);
  });

  it('rounds to float32 only on backends that store float32', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    await tf.setBackend('cpu');
    try {
      expect(lift(0.1).dataSync()).toBeInstanceOf(Float32Array);
    } finally {
      await tf.setBackend('ref64');
      warn.mockRestore();
    }
  });
});
