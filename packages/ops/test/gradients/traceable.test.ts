import * as tfjs from '@tensorflow/tfjs';
import { kernels, lift, orderedInputs, runKernelMulti, tf, type DType, type KernelName } from '@pyro-ts/ops';
import { cases, type Case, type CoreKernel } from './cases';

/** A backend of shapes: kernels infer, nothing is computed, and reading a value fails. */
class ShapesOnly extends tfjs.KernelBackend {
  override write(): object {
    return {};
  }
  override readSync(): never {
    throw new Error('a value was read');
  }
  override floatPrecision(): 32 {
    return 64 as unknown as 32;
  }
  override numDataIds(): number {
    return 0;
  }
  override incRef(): void {}
  override disposeData(): boolean {
    return true;
  }
  override dispose(): void {}
}

beforeAll(() => {
  tfjs.registerBackend('shapes', () => new ShapesOnly(), -1);
  for (const [kernelName, spec] of Object.entries(kernels)) {
    tfjs.registerKernel({
      kernelName,
      backendName: 'shapes',
      kernelFunc: ({ inputs, attrs }) => {
        const specs = orderedInputs(spec, inputs).map((t) => ({ shape: t.shape, dtype: t.dtype as DType }));
        const outputs = spec.infer(specs, (attrs ?? {}) as Case['attrs']);
        const made = outputs.map(({ shape, dtype }) => ({ dataId: {}, shape: [...shape], dtype }));
        return made.length === 1 && !('returnsList' in spec) ? made[0] : made;
      },
    });
  }
  void tfjs.setBackend('shapes');
});

afterAll(() => {
  void tfjs.setBackend('ref64');
  tfjs.removeBackend('shapes');
});

function differentiate(name: KernelName, { inputs, attrs, wrt }: Case): void {
  const floats = wrt ?? inputs.flatMap((x, i) => (x.dtype === 'float32' ? [i] : []));
  if (floats.length === 0) return;
  tf.tidy(() => {
    const all = inputs.map((x) => lift(x));
    const f = (...xs: tf.Tensor[]): tf.Tensor => {
      const tensors = all.map((t, i) => (floats.includes(i) ? xs[floats.indexOf(i)] : t));
      const names = kernels[name].inputs;
      const named =
        names === 'list'
          ? tensors
          : Object.fromEntries(tensors.map((t, i) => [names[i].replace('?', ''), t]));
      const result = runKernelMulti(name, named, attrs) as tf.Tensor | tf.Tensor[];
      const outputs = Array.isArray(result) ? result : [result];
      return tf.addN(outputs.map((y) => tf.sum(tf.cast(y, 'float32'))));
    };
    const points = floats.map((i) => all[i]);
    const slope = (...xs: tf.Tensor[]): tf.Tensor =>
      tf.addN(
        tf
          .grads(f)(xs)
          .map((g, i) => tf.sum(tf.mul(g, xs[i]))),
      );
    const gradients = tf.grads(f)(points);
    const second = tf.grads(slope)(points);
    points.forEach((x, i) => {
      expect(gradients[i].shape).toEqual(x.shape);
      expect(second[i].shape).toEqual(x.shape);
    });
  });
}

describe('gradient rules read no values, to second order, and their shape rules agree', () => {
  const names = Object.keys(cases) as CoreKernel[];
  it.each(names)('%s', (name) => {
    for (const given of cases[name].filter((c) => c.inputs.every((x) => x.shape.length < 5)))
      differentiate(name, given);
  });
});
