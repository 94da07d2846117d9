import { expectClose } from '@pyro-ts/testing';
import { lift, scan, setControlHandlers, tf, toNdArray } from '..';

const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];

/** AR(1): carry' = a·carry + x, output carry'. */
const ar = (a: tf.Tensor, x: tf.Tensor): { carry: tf.Tensor; ys: tf.Tensor } =>
  scan(
    (c: tf.Tensor, e: tf.Tensor) => {
      const next = c.mul(a).add(e);
      return [next, next] as const;
    },
    0,
    x,
  );

describe('scan', () => {
  it('carries state and stacks outputs', () => {
    const { carry, ys } = ar(lift(0.5), lift([1, 2, 3]));
    expect(values(ys)).toEqual([1, 2.5, 4.25]);
    expect(values(carry)).toEqual([4.25]);
  });

  it('runs backwards, with outputs at the place of their inputs', () => {
    const { ys } = scan((c: tf.Tensor, x: tf.Tensor) => [c.add(x), c] as const, lift(0), lift([1, 2, 3]), {
      reverse: true,
    });
    expect(values(ys)).toEqual([5, 3, 0]);
  });

  it('takes records and arrays, and a length instead of inputs', () => {
    const { carry, ys } = scan(
      ({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => [{ a: b, b: tf.add(a, b) }, [a, { sum: b }]] as const,
      { a: lift(0), b: lift(1) },
      null,
      { length: 5 },
    );
    expect(values(carry.a)).toEqual([5]);
    expect(values(ys[0])).toEqual([0, 1, 1, 2, 3]);
    expect(values(ys[1].sum)).toEqual([1, 1, 2, 3, 5]);
  });

  it('has the gradient of the loop written out', () => {
    const x = [0.3, -1.2, 2];
    const [da, dx] = tf.grads((a: tf.Tensor, e: tf.Tensor) => ar(a, e).ys.square().sum())([
      lift(0.7),
      lift(x),
    ]);
    const unrolled = (a: tf.Tensor, e: tf.Tensor): tf.Tensor => {
      let c: tf.Tensor = lift(0);
      let total: tf.Tensor = lift(0);
      for (const item of tf.unstack(e)) {
        c = c.mul(a).add(item);
        total = total.add(c.square());
      }
      return total;
    };
    const [ea, ee] = tf.grads(unrolled)([lift(0.7), lift(x)]);
    expectClose(values(da), values(ea), { rel: 1e-14 });
    expectClose(values(dx), values(ee), { rel: 1e-14 });
  });

  it('leaves only its results behind', () => {
    const a = lift(0.5);
    const x = lift([1, 2, 3]);
    const before = tf.memory().numTensors;
    const { carry, ys } = ar(a, x);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([carry, ys]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a carry that changes, and inputs of different lengths', () => {
    const before = tf.memory().numTensors;
    expect(() =>
      scan((c: tf.Tensor, x: tf.Tensor) => [tf.stack([c, x]), c] as const, lift(0), lift([1])),
    ).toThrow('carry changes from float32 [] to float32 [2]');
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(() => scan((c: tf.Tensor) => [c, c] as const, lift(0), [lift([1]), lift([1, 2])])).toThrow(
      'cannot tell the number of steps',
    );
  });

  it('is not handed to the handler when all inputs have values', () => {
    const handler = jest.fn();
    setControlHandlers({ scan: handler });
    ar(lift(0.5), lift([1]));
    setControlHandlers({});
    expect(handler).not.toHaveBeenCalled();
  });
});
