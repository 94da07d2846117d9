import * as tfjs from '@tensorflow/tfjs';
import { lift, runKernel, toNdArray, scoped, withLabel, currentLabel } from '..';

describe('ref64', () => {
  it('is the active backend after import', () => {
    expect(tfjs.getBackend()).toBe('ref64');
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
