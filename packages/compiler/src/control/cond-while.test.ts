import { cond, lift, scan, tf, toNdArray, whileLoop } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import type { Graph } from '../graph/graph';
import { trace } from '../trace/trace';
import { vmap } from '../vmap/vmap';
import { compareWithEager, valueAndGradients, type Fn } from '../../test/compare-with-eager';

const count = ({ nodes }: Graph, kernel: string): number =>
  nodes.filter((node) => node.kernel === kernel).length;

/** Huber's loss of x around w, by a branch. */
const huber = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => {
  const r = x.sub(w);
  return cond(r.abs().less(1), (v) => v.square().mul(0.5), (v) => v.abs().sub(0.5).add(w.mul(0)), r);
}; // prettier-ignore

describe('cond, traced', () => {
  it.each([0.3, 4, -4])('is one node and takes the branch of %d', (at) => {
    const { raw } = compareWithEager(huber, lift(at), lift(0.1));
    expect(count(raw, 'Cond')).toBe(1);
    expect(count(raw, 'Square')).toBe(0);
  });

  it.each([0.3, 4, -4])('has the gradient of the branch of %d as one more node', (at) => {
    const { graph } = compareWithEager(valueAndGradients(huber), lift(at), lift(0.1));
    expect(count(graph, 'Cond')).toBe(2);
  });

  it('does not let a NaN of the branch not taken into a gradient', () => {
    const f = valueAndGradients((x) => cond(x.greater(0), (v) => v.log(), (v) => v.mul(3), x)); // prettier-ignore
    compareWithEager(f, lift(-2));
    compareWithEager(f, lift(2));
  });

  it('gives out several tensors of several dtypes, and passes operands on', () => {
    const f = valueAndGradients((x, y) => {
      const { a, n } = cond(
        x.sum().greater(0),
        (u, v) => ({ a: u.mul(v).sum(), n: tf.cast(v.greater(0), 'int32') }),
        (u, v) => ({ a: v.sum(), n: tf.cast(u.greater(0), 'int32') }),
        x,
        y,
      );
      return a.add(n.toFloat().mul(y).sum());
    });
    compareWithEager(f, lift([1, 2]), lift([-0.5, 3]));
    compareWithEager(f, lift([1, -2]), lift([-0.5, 3]));
  });

  it('keeps a gradient that the user gave, in a branch', () => {
    const twice = tf.customGrad((t) => ({
      value: (t as tf.Tensor).square(),
      gradFunc: (dy: tf.Tensor) => dy.mul(100),
    }));
    compareWithEager(valueAndGradients((x) => cond(x.greater(0), (v) => twice(v), (v) => v, x)), lift(2)); // prettier-ignore
  });

  it('nests in itself and in a scan, with gradients by what is closed over', () => {
    const f = valueAndGradients((w, xs) => {
      const step = (c: tf.Tensor, x: tf.Tensor): readonly [tf.Tensor, tf.Tensor] => {
        const next = cond(
          x.greater(0),
          (v) => cond(v.greater(1), (u) => u.mul(w).sin(), (u) => u.add(x.mul(w)), v),
          (v) => v.sub(w),
          c,
        );
        return [next, next.square()];
      };
      return scan(step, 0.5, xs).ys.sum();
    }); // prettier-ignore
    compareWithEager(f, lift(0.7), lift([0.3, -1.2, 2, 0.7, -0.1]));
  });

  it('has second derivatives', () => {
    const slope = (x: tf.Tensor): tf.Tensor =>
      tf.grad((t: tf.Tensor) => cond(t.greater(0), (v) => v.pow(3), (v) => v.exp(), t))(x); // prettier-ignore
    compareWithEager(valueAndGradients(slope), lift(1.5));
    compareWithEager(valueAndGradients(slope), lift(-1.5));
  });

  it('is decided while tracing where the predicate has a value', () => {
    const known = lift(1).greater(0);
    const { raw } = compareWithEager((x) => cond(known, (v) => v.neg(), (v) => v.exp(), x), lift(2)); // prettier-ignore
    expect(count(raw, 'Cond')).toBe(0);
    const folded = compareWithEager((x) => cond(tf.scalar(1).greater(0), (v) => v.neg(), (v) => v.exp(), x), lift(2)); // prettier-ignore
    expect(folded.graph.nodes.map((node) => node.kernel)).toEqual(['Neg']);
  });

  it('keeps of its outputs and operands what is used', () => {
    const f = (x: tf.Tensor, y: tf.Tensor): tf.Tensor =>
      cond(x.greater(0), (u, v) => [u.exp(), v.sin()], (u, v) => [u, v], x, y)[0]; // prettier-ignore
    const { graph } = compareWithEager(f, lift(1), lift(2));
    const [node] = graph.nodes.filter(({ kernel }) => kernel === 'Cond');
    expect([node.inputs.length, node.outputs.length]).toEqual([2, 1]);
  });

  it('refuses branches that differ', () => {
    const spec = { name: 'x', shape: [], dtype: 'float32' } as const;
    expect(
      () =>
      trace(([x]) => [cond(x.greater(0), (v) => v, (v) => tf.stack([v, v]), x)], [spec]), // prettier-ignore
    ).toThrow('cond: one branch returns float32 [] where the other returns float32 [2]');
    expect(
      () =>
      trace(([x]) => [cond(x.greater(0), (v) => [v], (v) => [v, v], x)[0]], [spec]), // prettier-ignore
    ).toThrow('cond: the branches return [*] and [*,*]');
  });

  it('runs both branches under vmap, and each example picks', () => {
    const xs = lift([0.3, 4, -4, 0.9]);
    const batched = vmap(huber, { inAxes: [0, null] })(xs, lift(0.1));
    const one = [0.3, 4, -4, 0.9].map((x) => huber(lift(x), lift(0.1)).dataSync()[0]);
    expectClose(toNdArray(batched).data, one, { rel: 1e-14 });
    const slopes = vmap(tf.grad((x: tf.Tensor) => huber(x, lift(0.1))))(xs);
    expectClose(toNdArray(slopes).data, [0.2, 1, -1, 0.8], { rel: 1e-14 });
  });
});

/** √a by Newton's method, until it stands still. */
const root = (a: tf.Tensor, options: { maxIterations?: number } = {}): tf.Tensor =>
  whileLoop(
    ({ x, last }: { readonly x: tf.Tensor; readonly last: tf.Tensor }) => x.sub(last).abs().greater(1e-13),
    ({ x }) => ({ x: x.add(a.div(x)).mul(0.5), last: x }),
    { x: a, last: lift(0) },
    options,
  ).x;

describe('whileLoop, traced', () => {
  it('is one node, however many steps it takes', () => {
    const { raw } = compareWithEager((a) => root(a), lift(2));
    expect(count(raw, 'While')).toBe(1);
    compareWithEager((a) => root(a), lift(1e6));
  });

  it('has the gradient of the steps taken, where they are bounded', () => {
    compareWithEager(valueAndGradients((a) => root(a, { maxIterations: 40 })), lift(2)); // prettier-ignore
    compareWithEager(valueAndGradients((a) => root(a, { maxIterations: 3 })), lift(2)); // prettier-ignore
    compareWithEager(valueAndGradients((a) => root(a.add(1), { maxIterations: 0 })), lift(2)); // prettier-ignore
  });

  it('refuses a gradient without a bound, and says what to do', () => {
    const spec = { name: 'a', shape: [], dtype: 'float32' } as const;
    expect(() => trace(([a]) => [tf.grad((t: tf.Tensor) => root(t))(a)], [spec])).toThrow(
      /whileLoop: a compiled gradient[^]*Fix: pass \{ maxIterations \}/,
    );
  });

  it('loops until every example is done under vmap, and differentiates there', () => {
    const a = [2, 9, 1e4, 0.25];
    expectClose(toNdArray(vmap((t: tf.Tensor) => root(t))(lift(a))).data, a.map(Math.sqrt), { rel: 1e-14 });
    const slope = vmap(tf.grad((t: tf.Tensor) => root(t, { maxIterations: 30 })))(lift(a));
    expectClose(toNdArray(slope).data, a.map((x) => 0.5 / Math.sqrt(x)), { rel: 1e-12 }); // prettier-ignore
    const total = tf.grad((t: tf.Tensor) => vmap((x: tf.Tensor) => root(x, { maxIterations: 30 }))(t).sum());
    expectClose(toNdArray(total(lift(a))).data, a.map((x) => 0.5 / Math.sqrt(x)), { rel: 1e-12 }); // prettier-ignore
  });

  it('runs in the body of a scan, with integers in the carry', () => {
    /** Steps of Collatz's sequence from each start. */
    const steps = (n: tf.Tensor): tf.Tensor =>
      whileLoop(
        ([m]: readonly tf.Tensor[]) => m.greater(1),
        ([m, k]) => [
          cond(m.mod(2).equal(0), (v) => v.div(2), (v) => v.mul(3).add(1), m),
          tf.add(k, tf.scalar(1, 'int32')).toInt(),
        ],
        [n, tf.scalar(0, 'int32')],
      )[1]; // prettier-ignore
    const f: Fn = (ns) => scan((c: tf.Tensor, n: tf.Tensor) => [c, steps(n)] as const, 0, ns).ys;
    compareWithEager(f, lift([1, 6, 27]));
  });

  it('leaves no tensors behind, after errors too', () => {
    const spec = { name: 'a', shape: [], dtype: 'float32' } as const;
    const failing = (): tf.Tensor => {
      throw new Error('the body failed');
    };
    const before = tf.memory().numTensors;
    trace(([a]) => [tf.grad((t: tf.Tensor) => huber(root(t, { maxIterations: 3 }), t))(a)], [spec]);
    expect(() => trace(([a]) => [whileLoop((t) => t.less(1), failing, a)], [spec])).toThrow(
      'the body failed',
    );
    expect(() => trace(([a]) => [cond(a.less(1), failing, failing)], [spec])).toThrow('the body failed');
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.getBackend()).toBe('ref64');
  });
});
