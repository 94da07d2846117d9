import { expectClose } from '@pyro-ts/testing';
import { lift, tf } from '@pyro-ts/ops';
import { SignatureError, TracedValueError } from '../errors';
import { jit } from './jit';

describe('jit', () => {
  it('gives what the function gives, for nested arguments and results', () => {
    const fn = ({ w, b }: { w: tf.Tensor; b: tf.Tensor }, x: tf.Tensor) => ({
      y: tf.matMul(w, x).add(b),
      norms: [w.square().sum(), b.square().sum()],
    });
    const args = [{ w: lift([[0.1, 2], [3, 4]]), b: lift([[0.5], [0.25]]) }, lift([[1.1], [2.2]])] as const; // prettier-ignore
    const compiled = jit(fn)(...args);
    const eager = fn(...args);
    expectClose(compiled.y.dataSync(), eager.y.dataSync(), { rel: 1e-15 });
    expectClose(compiled.norms[1].dataSync(), eager.norms[1].dataSync(), { rel: 1e-15 });
    expect(compiled.y.shape).toEqual([2, 1]);
  });

  it('compiles once for all data of one shape, again for another shape or static value', () => {
    let traces = 0;
    const fn = jit((x: tf.Tensor, power: number) => {
      traces++;
      return x.pow(power).sum();
    });
    expect(fn(lift([1, 2]), 2).dataSync()[0]).toBe(5);
    expect(fn(lift([3, 4]), 2).dataSync()[0]).toBe(25);
    expect(traces).toBe(1);
    expect(fn(lift([3, 4]), 3).dataSync()[0]).toBe(91);
    expect(fn(lift([3]), 2).dataSync()[0]).toBe(9);
    expect(traces).toBe(3);
    expect(fn.cacheSize()).toBe(3);
  });

  it('differentiates inside', () => {
    const value = jit((x: tf.Tensor) => tf.grad((t: tf.Tensor) => t.square().sum())(x));
    expect(Array.from(value(lift([0.1, -3])).dataSync())).toEqual([0.2, -6]);
  });

  it('becomes part of a function that is being traced', () => {
    const inner = jit((x: tf.Tensor) => x.square());
    const outer = jit((x: tf.Tensor) => inner(x).sum());
    expect(outer(lift([3, 4])).dataSync()[0]).toBe(25);
    expect(inner.cacheSize()).toBe(0);
  });

  it('refuses a function that reads values, or runs it eagerly and says so once', () => {
    const branching = (x: tf.Tensor) => (x.dataSync()[0] > 0 ? x : x.neg());
    expect(() => jit(branching)(lift([1]))).toThrow(TracedValueError);
    const notes: string[] = [];
    const lenient = jit(branching, { fallback: 'eager', onNote: (note) => notes.push(note) });
    expect(lenient(lift([-1])).dataSync()[0]).toBe(1);
    expect(lenient(lift([-2])).dataSync()[0]).toBe(2);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^branching runs without being compiled/);
  });

  it('refuses results that are not tensors, naming their place', () => {
    expect(() => jit((x: tf.Tensor) => ({ loss: [x, 3] }))(lift(1))).toThrow(SignatureError);
    expect(() => jit((x: tf.Tensor) => ({ loss: [x, 3] }))(lift(1))).toThrow(
      'result.loss[1] is number, not a tensor',
    );
    expect(() => jit(async (x: tf.Tensor) => Promise.resolve(x))(lift(1))).toThrow('returned a Promise');
  });

  it('leaves no tensors behind but its results', () => {
    const fn = jit((x: tf.Tensor) => x.exp().sum());
    const x = lift([1, 2, 3]);
    fn(x).dispose();
    const before = tf.memory().numTensors;
    fn(x).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
