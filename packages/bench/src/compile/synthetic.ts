/** Graphs of a given size that nothing simplifies away: what a long model written out statement by statement gives. */
import { tf } from '@pyro-ts/ops';

/** Operations of one step of the chain, its part in the gradient included. */
const nodesPerStep = 20;

/**
 * A function whose value and gradient trace to about `nodes` nodes: a recurrence over scalars and short vectors, every
 * step on a data point of its own.
 */
export function syntheticDensity(nodes: number): {
  readonly dim: number;
  readonly f: (q: tf.Tensor) => tf.Tensor;
} {
  const steps = Math.round(nodes / nodesPerStep);
  const f = (q: tf.Tensor): tf.Tensor => {
    const [a, b, start] = tf.split(q, [1, 1, 4]);
    let state = start;
    let total: tf.Tensor = tf.scalar(0);
    for (let t = 0; t < steps; t++) {
      state = tf.tanh(tf.add(tf.mul(state, a), tf.mul(b, Math.sin(t))));
      if (t % 4 === 0) total = tf.add(total, tf.sum(state));
    }
    return total;
  };
  return { dim: 6, f };
}
