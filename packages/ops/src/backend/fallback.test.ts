import { expectClose } from '@pyro-ts/testing';
import { lift, runKernel, stopGradient, tf, toNdArray } from '..';
import { ownKernels } from './fallback';
import { runTensorFlowOp, type TensorFlowBackend } from './tensorflow-ops';

const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];

describe('on a float32 backend of tfjs', () => {
  let warn: jest.SpyInstance;
  beforeAll(async () => {
    warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    await tf.setBackend('cpu');
  });
  afterAll(async () => {
    await tf.setBackend('ref64');
    warn.mockRestore();
  });

  it('knows which kernels are not tfjs kernels', () => {
    expect(ownKernels()).toEqual(expect.arrayContaining(['Xdivy', 'StopGradient', 'GatherV2Grad']));
    expect(ownKernels()).not.toContain('Add');
    expect(ownKernels()).not.toContain('_FusedMatMul');
  });

  it('runs our kernels, read back and uploaded as float32', () => {
    const dy = lift([1, 2, 4]);
    const indices = tf.tensor1d([2, 0, 2], 'int32');
    const y = runKernel('GatherV2Grad', { dy, indices }, { shape: [4], axis: 0, batchDims: 0 });
    expect(values(y)).toEqual([2, 0, 5, 0]);
    expect(y.dataSync()).toBeInstanceOf(Float32Array);
    expect(values(runKernel('Xdivy', { a: lift([0, 1]), b: lift([0, 4]) }))).toEqual([0, 0.25]);
    expect(values(stopGradient([1, 2]))).toEqual([1, 2]);
  });

  it('uses our gradients, broadcasting included', () => {
    const f = (x: tf.Tensor): tf.Tensor =>
      tf
        .where(x.greater(0), x.pow([[2], [3]]), x.log())
        .sum()
        .add(x.gather([0, 0]).sum());
    expectClose(values(tf.grad(f)(lift([1, 2]))), [2 + 3 + 2, 4 + 12], { rel: 1e-6 });
    expectClose(values(tf.grad((x: tf.Tensor) => tf.broadcastTo(x, [2, 2]).sum())(lift([1, 2]))), [2, 2]);
  });

  it('leaves no tensors behind', () => {
    const x = lift([1, 2]);
    const before = tf.memory().numTensors;
    tf.tidy(() => tf.grad((t: tf.Tensor) => t.log().sum())(x)).dispose();
    stopGradient(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('on tfjs-node', () => {
  it('calls TensorFlow ops by name with the type attribute, and leaves the others to the general way', () => {
    const calls: unknown[] = [];
    const backend: TensorFlowBackend = {
      binding: { TF_ATTR_TYPE: 7, TF_FLOAT: 1 },
      executeSingleOutput: (...args) => {
        calls.push(args);
        return lift(0);
      },
    };
    const x = lift(1);
    runTensorFlowOp('Gammainc', [x, x], backend);
    expect(calls).toEqual([['Igamma', [{ name: 'T', type: 7, value: 1 }], [x, x]]]);
    expect(runTensorFlowOp('GatherV2Grad', [x], backend)).toBeUndefined();
  });
});
