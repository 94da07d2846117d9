import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { logGammaDensity, logPoissonMass } from './gamma-density';

/** [a, y, log density, ∂/∂a, ∂/∂y] in 80-digit arithmetic, rounded once; a from 1e-6 to 1e10, near the mode and far from it. */
type Row = readonly [a: number, y: number, value: number, inA: number, inY: number];
const table = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'test', 'tables', 'gamma-density.json'), 'utf8'),
) as Row[];
const column = (i: number): Float64Array => Float64Array.from(table, (row) => row[i]);

function expectRelative(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  Array.from(expected).forEach((b, i) => {
    expectClose(actual[i], b, { abs: bound * (1 + Math.abs(b)) }, `a = ${table[i][0]}, y = ${table[i][1]}`);
  });
}

describe('logGammaDensity', () => {
  it('is within 1e-14 (1 + |value|) of 400 values in 80-digit arithmetic, derivatives within 1e-13', () => {
    tf.tidy(() => {
      const [a, y] = [lift(column(0)), lift(column(1))];
      expectRelative(logGammaDensity(a, y).dataSync(), column(2), 1e-14);
      const density = (x: tf.Tensor, z: tf.Tensor): tf.Tensor => tf.sum(logGammaDensity(x, z));
      const [inA, inY] = tf.grads(density)([a, y]);
      expectRelative(inA.dataSync(), column(3), 1e-13);
      expectRelative(inY.dataSync(), column(4), 1e-13);
    });
  });

  it('has the limits at y = 0: −∞ for a > 1, 0 for a = 1, +∞ for a < 1', () => {
    expectClose(logGammaDensity(lift([2, 30, 1, 0.5]), lift(0)).dataSync(), [
      -Infinity,
      -Infinity,
      0,
      Infinity,
    ]);
  });

  it('reduces its gradients to the shapes of its arguments', () => {
    const density = (a: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.sum(logGammaDensity(a, y));
    const [inA, inY] = tf.grads(density)([lift([[1], [20]]), lift([0.5, 2, 30])]);
    expect([inA.shape, inY.shape]).toEqual([[2, 1], [3]]);
  });
});

describe('logPoissonMass', () => {
  it('is the gamma density of count + 1, with 0 log 0 = 0', () => {
    const counts = [0, 1, 15, 16, 17, 1000];
    const mass = logPoissonMass(lift(counts), lift(12.5)).dataSync();
    expectClose(mass, logGammaDensity(tf.add(lift(counts), 1), lift(12.5)).dataSync(), { rel: 1e-14 });
    expectClose(logPoissonMass(lift([0, 3, 20]), lift(0)).dataSync(), [0, -Infinity, -Infinity]);
  });

  it('has gradient −1 at count 0 and rate 0, and count/rate − 1 elsewhere', () => {
    const gradient = tf.grad((rate) => tf.sum(logPoissonMass(lift([0, 3, 40]), rate)));
    expectClose(gradient(lift([0, 2, 50])).dataSync(), [-1, 0.5, -0.2], { rel: 1e-15 });
  });
});
