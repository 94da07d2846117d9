import { cond, lift, tf, toNdArray, whileLoop } from '..';

const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];

describe('cond', () => {
  const never = (): tf.Tensor => {
    throw new Error('the other branch was called');
  };

  it('calls the branch that the predicate names, and no other', () => {
    const x = lift([1, 2]);
    expect(values(cond(x.sum().greater(0), (v) => v.neg(), never, x))).toEqual([-1, -2]);
    expect(values(cond(lift(0), never, (v) => v.square(), x))).toEqual([1, 4]);
  });

  it('takes numbers and booleans as predicates, several operands, trees, and results nested as they come', () => {
    const swap = (a: tf.Tensor, { b }: { readonly b: tf.Tensor }) => ({ first: b, second: [a] as const });
    const keep = (a: tf.Tensor, { b }: { readonly b: tf.Tensor }) => ({ first: a, second: [b] as const });
    const { first, second } = cond(true, swap, keep, 1, { b: lift([2]) });
    expect([values(first), values(second[0])]).toEqual([[2], [1]]);
    expect(values(cond(0, swap, keep, 1, { b: 2 }).first)).toEqual([1]);
  });

  it('has the gradient of the branch taken, closed-over tensors included', () => {
    const f = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => cond(x.greater(0), (v) => v.mul(w), (v) => v.square(), x);
    const [dx, dw] = tf.grads(f)([lift(3), lift(5)]);
    expect([values(dx), values(dw)]).toEqual([[5], [3]]);
    expect(values(tf.grad((x: tf.Tensor) => f(x, lift(5)))(lift(-3)))).toEqual([-6]);
  }); // prettier-ignore

  it('refuses a predicate of several elements', () => {
    expect(() => cond(lift([1, 0]), never, never)).toThrow(
      /the predicate has shape \[2\], not \[\][^]*all\(\) or any\(\).*tf\.where/,
    );
  });

  it('leaves only its result behind', () => {
    const x = lift([1, 2]);
    const before = tf.memory().numTensors;
    const y = cond(true, (v) => v.add(1).mul(2), never, x);
    expect(tf.memory().numTensors).toBe(before + 1);
    y.dispose();
  });
});

describe('whileLoop', () => {
  const double = (x: tf.Tensor): tf.Tensor => x.mul(2);

  it('runs while the condition holds', () => {
    expect(values(whileLoop((x) => x.less(100), double, 3))).toEqual([192]);
    expect(values(whileLoop((x) => x.less(100), double, 300))).toEqual([300]);
  });

  it('ends after maxIterations', () => {
    expect(values(whileLoop((x) => x.less(100), double, 1, { maxIterations: 3 }))).toEqual([8]);
    expect(values(whileLoop((x) => x.less(100), double, 1, { maxIterations: 0 }))).toEqual([1]);
  });

  it('has the gradient of the steps taken', () => {
    const f = (x: tf.Tensor): tf.Tensor => whileLoop((y) => y.less(10), (y) => y.mul(y), x); // prettier-ignore
    expect(values(tf.grad(f)(lift(2)))).toEqual([32]);
  });

  it('refuses a carry that changes, a condition of several elements, and bounds that are none', () => {
    const grow = (x: tf.Tensor): tf.Tensor => tf.stack([x, x]);
    expect(() => whileLoop((x) => x.sum().less(9), grow, 1)).toThrow(
      'whileLoop: the carry changes from float32 [] to float32 [2]',
    );
    expect(() => whileLoop((x) => x.sum().less(9), (x) => [x], 1)).toThrow('the carry changes from * to [*]'); // prettier-ignore
    expect(() => whileLoop((x) => x.less(9), double, lift([1, 2]))).toThrow('the condition has shape [2]');
    expect(() => whileLoop((x) => x.less(9), double, 1, { maxIterations: 1.5 })).toThrow('a whole number');
    expect(() => whileLoop((x) => x.less(9), double, 1, { maxSteps: 3 } as object)).toThrow("no option 'maxSteps'");
  }); // prettier-ignore

  it('leaves only its result behind', () => {
    const x = lift(3);
    const before = tf.memory().numTensors;
    const y = whileLoop((v) => v.less(100), (v) => v.add(1).mul(2), x); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before + 1);
    y.dispose();
  });
});
