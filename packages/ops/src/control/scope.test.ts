import { lift, scoped, tf } from '..';

const count = (): number => tf.memory().numTensors;

describe('scoped', () => {
  it('disposes of all but the result and what is kept', () => {
    const before = count();
    const saved = new Map<string, tf.Tensor>();
    const y = scoped((keep) => {
      const x = lift([1, 2]);
      saved.set('x', keep(x));
      return x.mul(2).add(1);
    });
    expect(count()).toBe(before + 2);
    tf.dispose([y, saved.get('x')]);
    expect(count()).toBe(before);
  });

  it('disposes of everything after an error, kept tensors included', () => {
    const before = count();
    expect(() =>
      scoped((keep) => {
        keep(lift(1));
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(count()).toBe(before);
  });

  it('disposes of what an interrupted gradient had saved', () => {
    const x = lift([1, 2]);
    const before = count();
    const fail = (t: tf.Tensor): tf.Tensor => {
      t.exp().log();
      throw new Error('in the forward pass');
    };
    expect(() => scoped(() => tf.grad(fail)(x))).toThrow('in the forward pass');
    expect(count()).toBe(before);
    const failBackward = tf.customGrad((t) => ({
      value: (t as tf.Tensor).exp(),
      gradFunc: () => {
        throw new Error('in the backward pass');
      },
    }));
    expect(() => scoped(() => tf.grad((t: tf.Tensor) => failBackward(t.exp()).sum())(x))).toThrow('backward');
    expect(count()).toBe(before);
  });

  it('hands a nested result to the outer scope', () => {
    const before = count();
    scoped(() => {
      const inner = scoped(() => lift(1).add(1));
      expect(inner.isDisposed).toBe(false);
      return undefined;
    });
    expect(count()).toBe(before);
  });

  it('refuses a Promise', () => {
    expect(() => scoped(() => Promise.resolve(1))).toThrow('returned a Promise');
  });
});
