import { expectClose } from '@pyro-ts/testing';
import * as ops from '@pyro-ts/ops';
import {
  gradients,
  kernels,
  lift,
  scoped,
  sizeOf,
  tf,
  toNdArray,
  type KernelName,
  type NdArray,
} from '@pyro-ts/ops';
import { cases, type Case, type CoreKernel } from './cases';
import { numericGradient, richardson, weightsFor } from './finite-differences';

const names = Object.keys(cases) as CoreKernel[];

/** Differences of values of order 1 are good to about 1e-11; a derivative is compared on that scale or its own. */
const BOUND = { rel: 1e-8, abs: 1e-9 };

function inputMap(name: KernelName, tensors: readonly tf.Tensor[]): Record<string, tf.Tensor> | tf.Tensor[] {
  const { inputs } = kernels[name];
  if (inputs === 'list') return [...tensors];
  return Object.fromEntries(tensors.map((t, i) => [inputs[i].replace('?', ''), t]));
}

const wrtOf = ({ inputs, wrt }: Case): number[] =>
  wrt ? [...wrt] : inputs.flatMap((x, i) => (x.dtype === 'float32' ? [i] : []));

const outputSizes = (name: KernelName, { inputs, attrs }: Case): number[] =>
  kernels[name].infer(inputs, attrs).map((s) => sizeOf(s.shape));

/** Gradients by the table, of the weighted sum of all outputs. */
function analytic(name: KernelName, { inputs, attrs }: Case, wrt: number[], given?: NdArray): NdArray[] {
  const weights = weightsFor(kernels[name].infer(inputs, attrs).map((s) => sizeOf(s.shape)));
  return scoped(() => {
    const constants = inputs.map((x) => lift(x));
    const f = (...xs: tf.Tensor[]): tf.Scalar => {
      const tensors = constants.map((c, i) => (wrt.includes(i) ? xs[wrt.indexOf(i)] : c));
      const result = ops.runKernelMulti(name, inputMap(name, tensors), attrs) as tf.Tensor | tf.Tensor[];
      const outputs = Array.isArray(result) ? result : [result];
      const terms = outputs.map((y, k) => {
        const w = lift({ data: weights[k], shape: y.shape, dtype: 'float32' });
        return tf.sum(tf.mul(tf.cast(y, 'float32'), w));
      });
      return tf.addN(terms) as tf.Scalar;
    };
    const points = wrt.map((i) => (given !== undefined ? lift(given) : constants[i]));
    return tf.grads(f)(points).map(toNdArray);
  });
}

const isSmooth = (name: CoreKernel): boolean => gradients[name] !== null;

describe('the table of gradient cases', () => {
  it('has a case for every kernel that can be differentiated', () => {
    for (const name of names) {
      expect(kernels[name]).toBeDefined();
      if (isSmooth(name) && name !== '_FusedMatMul') {
        const floats = cases[name].filter((c) => wrtOf(c).length > 0);
        expect([name, floats.length > 0]).toEqual([name, true]);
      }
    }
  });
  it('has an entry in the gradient table for every kernel', () => {
    expect(Object.keys(kernels).filter((name) => !(name in gradients))).toEqual([]);
  });
});

describe('first derivatives agree with differences to 1e-8', () => {
  it.each(names.filter(isSmooth))('%s', (name) => {
    cases[name].forEach((given, index) => {
      const wrt = wrtOf(given);
      if (wrt.length === 0) return;
      const weights = weightsFor(outputSizes(name, given));
      const actual = analytic(name, given, wrt);
      wrt.forEach((k, j) => {
        const expected = numericGradient(kernels[name], given.inputs, given.attrs, k, weights);
        expect(actual[j].shape).toEqual(given.inputs[k].shape);
        const shapes = given.inputs.map((x) => `[${x.shape.join()}]`).join(' ');
        expectClose(
          actual[j].data,
          name === 'StopGradient' ? expected.fill(0) : expected,
          BOUND,
          `${name} case ${index} (${shapes} ${JSON.stringify(given.attrs)}), input ${k}`,
        );
      });
    });
  });
});

describe('kernels without derivative have gradient zero', () => {
  it.each(names.filter((name) => !isSmooth(name)))('%s', (name) => {
    cases[name].forEach((given) => {
      const wrt = wrtOf(given);
      if (wrt.length === 0) return;
      analytic(name, given, wrt).forEach((g, j) => {
        expect(g.shape).toEqual(given.inputs[wrt[j]].shape);
        expect([...g.data].every((v) => v === 0)).toBe(true);
      });
    });
  });
});

describe('second derivatives agree with differences of the first to 1e-7', () => {
  it.each(names.filter(isSmooth))('%s', (name) => {
    const chosen = cases[name].filter(
      (c) => wrtOf(c).length > 0 && c.inputs.every((x) => x.shape.length <= 3),
    );
    chosen.slice(0, 8).forEach((given, index) => {
      wrtOf(given).forEach((k) => {
        const x = given.inputs[k];
        const v = weightsFor([x.data.length])[0];
        const slope = (data: Float64Array): number => {
          const g = analytic(name, given, [k], { ...x, data })[0].data;
          return v.reduce((s, w, i) => s + w * g[i], 0);
        };
        const expected = Float64Array.from(x.data, (value: number, i: number) =>
          richardson((moved) => {
            const data = Float64Array.from(x.data);
            data[i] = moved;
            return slope(data);
          }, value),
        );
        const actual = secondDerivative(name, given, k, v);
        expectClose(actual, expected, { rel: 1e-7, abs: 1e-8 }, `${name} case ${index}, input ${k}`);
      });
    });
  });
});

function secondDerivative(
  name: KernelName,
  { inputs, attrs }: Case,
  k: number,
  v: Float64Array,
): Float64Array {
  const weights = weightsFor(kernels[name].infer(inputs, attrs).map((s) => sizeOf(s.shape)));
  return scoped(() => {
    const constants = inputs.map((x) => lift(x));
    const f = (x: tf.Tensor): tf.Scalar => {
      const tensors = constants.map((c, i) => (i === k ? x : c));
      const result = ops.runKernelMulti(name, inputMap(name, tensors), attrs) as tf.Tensor | tf.Tensor[];
      const outputs = Array.isArray(result) ? result : [result];
      const terms = outputs.map((y, i) =>
        tf.sum(tf.mul(tf.cast(y, 'float32'), lift({ data: weights[i], shape: y.shape, dtype: 'float32' }))),
      );
      return tf.addN(terms) as tf.Scalar;
    };
    const direction = lift({ data: v, shape: inputs[k].shape, dtype: 'float32' });
    // x itself is added, so that a gradient that does not depend on x is still a function of it.
    const slope = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(tf.add(tf.grad(f)(x), tf.mul(x, 0)), direction));
    return Float64Array.from(tf.grad(slope)(constants[k]).dataSync());
  });
}
