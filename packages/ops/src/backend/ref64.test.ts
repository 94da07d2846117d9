import * as tfjs from '@tensorflow/tfjs';
import { wasChosen } from './register';
import { lift, runKernel, toNdArray, scoped, withLabel, currentLabel } from '..';

describe('ref64', () => {
  it('is the active backend after import', () => {
    expect(tfjs.getBackend()).toBe('ref64');
  });

  it('would have left a backend in place that was set by hand', async () => {
    expect(wasChosen()).toBe(false);
    await tfjs.setBackend('cpu');
    expect(wasChosen()).toBe(true);
    await tfjs.setBackend('ref64');
  });

  it('has the epsilon of doubles, and refuses complex numbers by name', () => {
    expect(tfjs.backend().epsilon()).toBe(2 ** -52);
    expect(() => tfjs.complex([1], [2])).toThrow("Kernel 'Complex' not registered for backend 'ref64'");
  });

  it('takes tensors of other backends and gives them its own', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const x = lift([0.5, 2]);
    await tfjs.setBackend('cpu');
    const y = tfjs.mul(x, x);
    await tfjs.setBackend('ref64');
    expect([...tfjs.add(y, x).dataSync()]).toEqual([0.75, 6]);
    warn.mockRestore();
  });

  it('finds the distinct slices of a tensor', () => {
    const { values, indices } = tfjs.unique(lift([[1, 2], [3, 4], [1, 2]]), 0); // prettier-ignore
    expect([values.arraySync(), indices.arraySync()]).toEqual([[[1, 2], [3, 4]], [0, 1, 0]]); // prettier-ignore
  });

  it('keeps 53 bits of lifted numbers through arithmetic', () => {
    const y = tfjs.add(lift(1 / 3), lift([0.1, 0.2]));
    expect([...toNdArray(y).data]).toEqual([1 / 3 + 0.1, 1 / 3 + 0.2]);
    expect(y.dataSync()).toBeInstanceOf(Float64Array);
  });

  it('counts tensors and returns to the same count', () => {
    const { numTensors: before, numDataBuffers: buffers } = tfjs.memory();
    const y = scoped(() =>
      tfjs.exp(
        tfjs.reshape(
          lift([
            [1, 2],
            [3, 4],
          ]),
          [4],
        ),
      ),
    );
    expect(tfjs.memory().numTensors).toBe(before + 1);
    y.dispose();
    expect(tfjs.memory().numTensors).toBe(before);
    expect(tfjs.memory().numDataBuffers).toBe(buffers);
  });

  it('shares storage between a tensor and its reshape, and frees it with the last of them', () => {
    const buffers = tfjs.memory().numDataBuffers;
    const x = lift([1, 2, 3, 4]);
    const y = runKernel('Reshape', { x }, { shape: [2, 2] });
    expect(y.dataSync()).toBe(x.dataSync());
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3, 4]);
    y.dispose();
    expect(tfjs.memory().numDataBuffers).toBe(buffers);
  });

  it('computes gradients with tfjs autodiff', () => {
    const g = tfjs.grad((x) => tfjs.sum(tfjs.square(x)))(lift([0.1, 0.2]));
    expect([...g.dataSync()]).toEqual([0.2, 0.4]);
  });

  it('names the current label', () => {
    expect(withLabel('site x', () => currentLabel())).toBe('site x');
    expect(currentLabel()).toBeUndefined();
  });
});
