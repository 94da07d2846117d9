import { lift, scan, tf } from '@pyro-ts/ops';
import type { Graph } from '../graph/graph';
import { toText } from '../graph/print';
import { trace } from '../trace/trace';
import { compareWithEager, valueAndGradients, type Fn } from '../../test/compare-with-eager';

const kernelsOf = (graph: Graph): string[] => graph.nodes.map((node) => node.kernel);

const x = lift([0.3, -1.2, 2, 0.7, -0.1]);
const a = lift(0.7);

const ar = (coefficient: tf.Tensor, e: tf.Tensor, reverse = false): tf.Tensor => {
  const { carry, ys } = scan(
    (c: tf.Tensor, t: tf.Tensor) => {
      const next = c.mul(coefficient.sin()).add(t).tanh();
      return [next, next.square()] as const;
    },
    0.25,
    e,
    { reverse },
  );
  return ys.sum().add(carry.mul(3));
};

/** log p(observations) of a hidden Markov chain, by the forward algorithm. */
const forwardAlgorithm = (transition: tf.Tensor, emission: tf.Tensor): tf.Tensor => {
  const logT = tf.logSoftmax(transition);
  const { carry } = scan(
    (alpha: tf.Tensor, e: tf.Tensor) => [tf.logSumExp(alpha.expandDims(1).add(logT), 0).add(e), {}] as const,
    tf.zeros([3]),
    emission,
  );
  return tf.logSumExp(carry);
};

describe('scan, traced', () => {
  it('is one node, however long', () => {
    const { raw } = compareWithEager((e) => scan((c: tf.Tensor, t: tf.Tensor) => [c.add(t), c] as const, 0, e).ys, x);
    expect(kernelsOf(raw).filter((kernel) => kernel === 'Scan')).toHaveLength(1);
    expect(kernelsOf(raw)).not.toContain('Add');
  }); // prettier-ignore

  it.each([false, true])('has the values and gradients of the loop (reverse: %s)', (reverse) => {
    const { graph } = compareWithEager(
      valueAndGradients((coefficient, e) => ar(coefficient, e, reverse)),
      a,
      x,
    );
    expect(kernelsOf(graph).filter((kernel) => kernel === 'Scan')).toHaveLength(2);
  });

  it('runs the forward pass once for value and gradient, and keeps of it what the gradient reads', () => {
    const { graph } = compareWithEager(
      valueAndGradients((c, e) => ar(c, e)),
      a,
      x,
    );
    expect(toText(graph)).toMatchSnapshot();
  });

  it('differentiates nested carries, several inputs, integer counters and outputs', () => {
    const fn = valueAndGradients((u, v) => {
      const { carry, ys } = scan(
        ({ p, n }: { p: tf.Tensor; n: tf.Tensor }, [s, t]: readonly tf.Tensor[]) => {
          const q = p.mul(0.5).add(s.mul(t.sum())).add(tf.cast(n, 'float32').mul(0.1));
          return [{ p: q, n: tf.add(n, tf.scalar(1, 'int32')).toInt() }, [q.sin(), n]] as const;
        },
        { p: u.slice([0], [1]).reshape([]), n: tf.scalar(0, 'int32') },
        [u, v],
      );
      return carry.p.add(ys[0].square().sum()).add(ys[1].toFloat().mul(carry.p).sum());
    });
    compareWithEager(fn, x, lift([[1, 2], [0.3, -0.2], [0, 1], [2, -1], [0.7, 0.6]])); // prettier-ignore
  });

  it('accumulates the gradients of what the body closes over', () => {
    const fn = valueAndGradients((w, e) => {
      const outer = w.exp();
      const { carry } = scan((c: tf.Tensor, t: tf.Tensor) => [c.mul(outer).add(t.mul(w)), {}] as const, tf.zeros([2]), e);
      return carry.square().sum().add(outer.sum());
    }); // prettier-ignore
    compareWithEager(fn, lift([0.2, -0.4]), x);
  });

  it('differentiates by a tensor that has a value and by a constant made while tracing', () => {
    const concrete = lift(0.4);
    compareWithEager((e) => tf.grad((c: tf.Tensor) => ar(c, e))(concrete), x);
    compareWithEager((e) => tf.grad((c: tf.Tensor) => ar(c, e))(tf.scalar(0.4)), x);
  });

  it('keeps a gradient that the user gave', () => {
    const twice = tf.customGrad((t) => ({
      value: (t as tf.Tensor).square(),
      gradFunc: (dy: tf.Tensor) => dy.mul(100),
    }));
    compareWithEager(
      valueAndGradients(
        (e) => scan((c: tf.Tensor, t: tf.Tensor) => [c.add(twice(t)), {}] as const, 0, e).carry,
      ),
      x,
    );
  });

  it('nests, and captures through both levels', () => {
    const fn = valueAndGradients((w, e) => {
      const { carry } = scan(
        (c: tf.Tensor, t: tf.Tensor) => {
          const inner = scan((d: tf.Tensor, s: tf.Tensor) => [d.mul(w).add(s.mul(t)).sin(), {}] as const, c, e);
          return [inner.carry.add(t), {}] as const;
        },
        0.1,
        e,
      );
      return carry.square();
    }); // prettier-ignore
    compareWithEager(fn, a, x);
  });

  it('takes gradients inside of the body', () => {
    const fn: Fn = (w, e) =>
      scan((c: tf.Tensor, t: tf.Tensor) => {
        const slope = tf.grad((z: tf.Tensor) => z.mul(w).sin().mul(t))(c);
        return [c.sub(slope.mul(0.1)), slope] as const;
      }, 0.5, e).ys; // prettier-ignore
    compareWithEager(fn, a, x);
    compareWithEager(
      valueAndGradients((w, e) => (fn(w, e) as tf.Tensor).sum()),
      a,
      x,
    );
  });

  it('has second derivatives', () => {
    const slope = (c: tf.Tensor, e: tf.Tensor): tf.Tensor => tf.grad((t: tf.Tensor) => ar(t, e))(c);
    compareWithEager(valueAndGradients(slope), a, x);
  });

  it('computes a hidden Markov chain and its gradients', () => {
    const emission = tf.sin(tf.range(0, 24).reshape([8, 3]));
    const transition = lift([[1, 0.2, -1], [0, 0.5, 0.3], [-0.4, 0, 2]]); // prettier-ignore
    const { graph } = compareWithEager(valueAndGradients(forwardAlgorithm), transition, emission);
    const scans = graph.nodes.filter((node) => node.kernel === 'Scan');
    expect(scans).toHaveLength(2);
  }); // prettier-ignore

  it('works without inputs, by length', () => {
    compareWithEager(
      valueAndGradients((w) =>
        scan<tf.Tensor, tf.Tensor, tf.Tensor>((c) => [c.mul(w).cos(), c] as const, lift(0.3), null, {
          length: 6,
        }).ys.sum(),
      ),
      a,
    );
  });

  it('leaves no tensors behind, after errors too', () => {
    const specs = [a, x].map(({ shape }, i) => ({ name: `x${i}`, shape, dtype: 'float32' as const }));
    const former = tf.memory().numTensors;
    const fn = valueAndGradients((c, e) => ar(c, e));
    trace((inputs): tf.Tensor[] => ([] as tf.Tensor[]).concat(fn(...inputs)), specs);
    const failing = (): readonly [tf.Tensor, tf.Tensor] => {
      throw new Error('the body failed');
    };
    expect(() => trace(([, e]) => [scan(failing, 0, e).ys], specs)).toThrow('the body failed');
    expect(() => trace(([c, e]) => [tf.grad((t: tf.Tensor) => scan(failing, t, e).ys)(c)], specs)).toThrow(
      'the body failed',
    );
    expect(tf.memory().numTensors).toBe(former);
    expect(tf.getBackend()).toBe('ref64');
  });

  it('leaves errors of the body to the loop, which explains them', () => {
    expect(() =>
      trace(
        ([e]) => [scan((c: tf.Tensor, t: tf.Tensor) => [tf.stack([c, t]), c] as const, 0, e).ys],
        [{ name: 'e', shape: [3], dtype: 'float32' }],
      ),
    ).toThrow('carry changes from float32 [] to float32 [2]');
  });
});
