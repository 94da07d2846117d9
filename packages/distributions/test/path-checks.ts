/** Pathwise gradients of samplers against what calculus says of them. */
import { keyFromSeed, lift, tf, type TensorLike } from '@pyro-ts/ops';
import { expectClose, expectMean } from '@pyro-ts/testing';
import type { Distribution } from '../src';
import type { FamilyCase } from './family-cases';
import { factoryOf, make } from './family-checks';

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());

interface Path {
  /** d draws / d parameter, one for each draw. */
  readonly slopes: readonly number[];
  readonly draws: readonly number[];
  /** The distribution with the parameter shifted, its draws as a batch. */
  readonly shifted: (by: number) => Distribution;
  readonly d: Distribution;
}

/** Draws with their own copy of one parameter each, so that the gradient of their sum holds every draw's slope. */
function followPath(row: FamilyCase, name: string, count: number): Path {
  const tensors = Object.fromEntries(
    Object.entries(row.params).map(([key, value]) => [key, lift(value as TensorLike, 'float32')]),
  );
  const { batchShape } = make(row);
  const point = tf.broadcastTo(tensors[name], [count, ...batchShape]);
  const at = (x: tf.Tensor): Distribution => factoryOf(row)({ ...tensors, [name]: x });
  const key = keyFromSeed(`path of ${row.family} in ${name}`);
  const slopes = numbers(tf.grad((x) => tf.sum(at(x).rsample([], { key })))(point));
  const d = at(point);
  return { slopes, draws: numbers(d.rsample([], { key })), shifted: (by) => at(tf.add(point, by)), d };
}

/** A draw stays at its quantile: dx/dθ = −(∂F/∂θ)(x) / p(x). */
export function checkQuantilePath(row: FamilyCase, name: string): void {
  const { slopes, draws, shifted, d } = followPath(row, name, 25);
  const x = tf.reshape(lift(draws), [...d.batchShape]);
  const h = 1e-4;
  const step = (f: (by: number) => tf.Tensor): tf.Tensor =>
    tf.div(tf.sub(tf.mul(8, tf.sub(f(h), f(-h))), tf.sub(f(2 * h), f(-2 * h))), 12 * h);
  const expected = numbers(
    tf.neg(
      tf.div(
        step((by) => shifted(by).cdf(x)),
        tf.exp(d.logProb(x)),
      ),
    ),
  );
  // A draw that a shifted bound of the support passes over has no quantile there to follow.
  const edges = [2 * h, -2 * h].map((by) => numbers(shifted(by).cdf(x)));
  const inside = slopes.map((_, i) => edges.every((cdf) => cdf[i] > 0 && cdf[i] < 1));
  expect(inside.filter((ok) => ok).length).toBeGreaterThan(0.9 * slopes.length);
  slopes.forEach((slope, i) => {
    if (!inside[i]) return;
    const context = `${row.family} d draw ${draws[i]} / d ${name}`;
    expectClose(slope, expected[i], { abs: 1e-6 * (1 + Math.abs(expected[i])) }, context);
  });
}

/** Smooth and bounded, with a bounded derivative, and no symmetry that would hide an error. */
const f = (x: tf.Tensor): tf.Tensor => tf.tanh(tf.sub(x, 0.3));

/** d/dθ E[f] by integration of f p over x = sinh-like nodes, θ by central differences. */
function derivativeOfMean(row: FamilyCase, name: string): readonly number[] {
  const nodes = Array.from({ length: 4000 }, (_, i) => (i - 1999.5) / 2000);
  const x = nodes.map((u) => Math.tan((Math.PI / 2) * u ** 3));
  const weights = nodes.map((u, i) => ((Math.PI / 2) * 3 * u ** 2 * (1 + x[i] ** 2)) / 2000);
  const { batchShape } = make(row);
  const column = (values: readonly number[]): tf.Tensor =>
    tf.reshape(lift(values as number[]), [values.length, ...batchShape.map(() => 1)]);
  const tensors = Object.fromEntries(
    Object.entries(row.params).map(([key, value]) => [key, lift(value as TensorLike, 'float32')]),
  );
  const mean = (by: number): tf.Tensor => {
    const d = factoryOf(row)(
      { ...tensors, [name]: tf.add(tf.broadcastTo(tensors[name], [...batchShape]), by) },
      { validateArgs: false },
    );
    return tf.sum(tf.mul(tf.mul(f(column(x)), column(weights)), tf.exp(d.logProb(column(x)))), 0);
  };
  const h = 1e-3;
  return numbers(tf.div(tf.sub(mean(h), mean(-h)), 2 * h));
}

/** The mean of f′(x) dx/dθ is d/dθ E[f], within 4.9 standard errors (one false alarm in a million) of 4,000 draws. */
export function checkAveragePath(row: FamilyCase, name: string): void {
  const count = 4000;
  const { slopes, draws, d } = followPath(row, name, count);
  const steepness = numbers(tf.grad((x) => tf.sum(f(x)))(lift(draws)));
  const contributions = slopes.map((slope, i) => slope * steepness[i]);
  const size = d.batchShape.slice(1).reduce((a, b) => a * b, 1);
  derivativeOfMean(row, name).forEach((expected, j) => {
    const own = contributions.filter((_, i) => i % size === j);
    const mean = own.reduce((a, b) => a + b, 0) / count;
    const sd = Math.sqrt(own.reduce((sum, c) => sum + (c - mean) ** 2, 0) / count);
    expectMean(own, expected, sd);
  });
}
