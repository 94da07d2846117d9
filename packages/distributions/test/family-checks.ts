/** The checks that every family passes, given one row of `family-cases.ts`. */
import { keyFromSeed, lift, tf, toNdArray, type NdArray, type TensorLike } from '@pyro-ts/ops';
import { expectClose, expectCounts, expectDistribution, expectMean } from '@pyro-ts/testing';
import { families, UnsupportedError, type AnyFactory, type Distribution } from '../src';
import type { FamilyCase } from './family-cases';

const DRAWS = 2000;

export function factoryOf({ family }: FamilyCase): AnyFactory {
  const factory = families.get(family);
  if (factory === undefined) throw new Error(`no family '${family}' in the registry`);
  return factory;
}

export const make = (row: FamilyCase): Distribution => factoryOf(row)(row.params);

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());

/** The tensor parameters of a row, in order, lifted. */
function tensorParams(row: FamilyCase): readonly (readonly [string, tf.Tensor])[] {
  const kinds = new Map(
    factoryOf(row)
      .parameters.flatMap((entry) => ('alternatives' in entry ? [...entry.alternatives] : [entry]))
      .map((p) => [p.name, p]),
  );
  return Object.entries(row.params)
    .filter(([name]) => kinds.get(name)?.kind === 'tensor')
    .map(([name, value]) => [name, lift(value as TensorLike, 'float32')] as const);
}

/** Parameters of the batch element at a flat index, as an unbatched distribution. */
function element(row: FamilyCase, index: number): Distribution {
  const { batchShape } = make(row);
  const specs = new Map(
    factoryOf(row)
      .parameters.flatMap((e) => ('alternatives' in e ? [...e.alternatives] : [e]))
      .map((p) => [p.name, p]),
  );
  const scalars = tensorParams(row).map(([name, x]) => {
    const event = x.shape.slice(x.rank - (specs.get(name)?.eventDim ?? 0));
    const size = batchShape.reduce((a, b) => a * b, 1);
    const flat = tf.reshape(tf.broadcastTo(x, [...batchShape, ...event]), [size, ...event]);
    return [name, toNdArray(tf.squeeze(tf.slice(flat, [index], [1]), [0]))] as const;
  });
  return factoryOf(row)({ ...row.params, ...Object.fromEntries<NdArray>(scalars) });
}

const batchSize = (d: Distribution): number => d.batchShape.reduce((a, b) => a * b, 1);

/** A row's parameters batch as unbatched distributions side by side would. */
export function checkBatching(row: FamilyCase): void {
  const d = make(row);
  const batched = numbers(tf.broadcastTo(d.logProb(row.value), [...d.batchShape]));
  for (let i = 0; i < batchSize(d); i++) {
    const value = toNdArray(pick(tf.broadcastTo(lift(row.value), [...d.shape()]), i, d.eventDim));
    expectClose(numbers(element(row, i).logProb(value)), [batched[i]], { rel: 1e-13, abs: 1e-13 });
  }
}

function pick(x: tf.Tensor, index: number, eventDim: number): tf.Tensor {
  const event = x.shape.slice(x.rank - eventDim);
  return tf.squeeze(tf.slice(tf.reshape(x, [-1, ...event]), [index], [1]), [0]);
}

/** expand, toEvent and mask do to the log density what they say. */
export function checkLaws(row: FamilyCase): void {
  const d = make(row);
  const plain = tf.broadcastTo(d.logProb(row.value), [...d.batchShape]);
  const wide = d.expand([3, ...d.batchShape]);
  expect(wide.batchShape).toEqual([3, ...d.batchShape]);
  expectClose(numbers(wide.logProb(row.value)), [...numbers(plain), ...numbers(plain), ...numbers(plain)], {
    ulp: 0,
  });

  const full = tf.broadcastTo(lift(row.value), [...d.shape()]);
  const event = d.toEvent();
  expect([event.batchShape, event.eventShape]).toEqual([[], d.shape()]);
  expectClose(numbers(event.logProb(full)), [numbers(plain).reduce((a, b) => a + b, 0)], { rel: 1e-13 });
  expect(event.toEvent(-d.batchShape.length).batchShape).toEqual(d.batchShape);

  expect(numbers(d.mask(false).logProb(full)).every((v) => v === 0)).toBe(true);
  const mask = numbers(plain).map((_, i) => i % 2 === 0);
  const masked = numbers(d.mask(tf.reshape(lift(mask, 'bool'), [...d.batchShape])).logProb(full));
  expectClose(
    masked,
    numbers(plain).map((v, i) => (mask[i] ? v : 0)),
    { ulp: 0 },
  );
}

/** Shapes inferred from shapes are those of the distribution. */
export function checkShapes(row: FamilyCase): void {
  const d = make(row);
  const shapes = {
    ...row.params,
    ...Object.fromEntries(tensorParams(row).map(([name, x]) => [name, x.shape])),
  };
  expect(factoryOf(row).inferShapes(shapes)).toEqual({ batchShape: d.batchShape, eventShape: d.eventShape });
  expect(d.sample([4], { key: keyFromSeed(0) }).shape).toEqual([4, ...d.shape()]);
  expect(d.sample([], { key: keyFromSeed(0) }).dtype).toBe(d.isDiscrete ? 'int32' : 'float32');
}

const supports = (f: () => unknown): boolean => {
  try {
    f();
    return true;
  } catch (error) {
    if (error instanceof UnsupportedError) return false;
    throw error;
  }
};

/** Draws of every batch element follow the cdf, the probabilities, or else the mean and variance. */
export function checkSampler(row: FamilyCase): void {
  const d = make(row);
  const draws = d.sample([DRAWS], { key: keyFromSeed(`sampler of ${row.family}`) });
  expect(Array.from(d.support.check(draws).dataSync())).not.toContain(0);
  if (d.eventDim > 0) {
    checkMoments(d, draws);
    return;
  }
  const columns = tf.unstack(tf.reshape(draws, [DRAWS, batchSize(d)]), 1).map(numbers);
  columns.forEach((column, i) => {
    const one = element(row, i);
    if (one.isDiscrete) {
      const start = Math.min(...column);
      const counts = Array.from({ length: Math.max(...column) - start + 1 }, (_, k) => start + k);
      const probabilities = numbers(tf.exp(one.withValidateArgs(false).logProb(counts)));
      expectCounts(
        column.map((x) => x - start),
        probabilities,
      );
      return;
    }
    if (!supports(() => one.cdf(column[0]))) {
      checkMoments(one, lift(column));
      return;
    }
    const at = new Map(numbers(one.cdf(column)).map((f, j) => [column[j], f]));
    expectDistribution(column, (x) => at.get(x) ?? NaN);
  });
}

/** Means within 4.9 standard errors, and variances likewise if draws of (x − mean)² have a spread of their own. */
function checkMoments(d: Distribution, draws: tf.Tensor): void {
  const size = d.shape().reduce((a, b) => a * b, 1);
  const [means, variances] = [numbers(d.mean), numbers(d.variance)];
  tf.unstack(tf.reshape(tf.cast(draws, 'float32'), [DRAWS, size]), 1).forEach((column, i) => {
    if (!Number.isFinite(variances[i]))
      throw new Error(`no finite variance to test the sampler of ${d.toString()} by`);
    if (variances[i] === 0) {
      expect(new Set(numbers(column))).toEqual(new Set([means[i]]));
      return;
    }
    expectMean(numbers(column), means[i], Math.sqrt(variances[i]));
    const squares = numbers(tf.square(tf.sub(column, means[i])));
    const spread = Math.sqrt(squares.reduce((sum, s) => sum + (s - variances[i]) ** 2, 0) / DRAWS);
    expectMean(squares, variances[i], spread);
  });
}
