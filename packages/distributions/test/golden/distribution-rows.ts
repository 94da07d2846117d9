/** distributions.json: log densities, gradients, moments, cdf, icdf, enumeration, and bad parameters. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { enableValidation, type Distribution } from '../../src';
import { distributionFrom, numbersAt, type Spec } from './build';
import { flatten, judge, nestedShape, type Comparison, type Outcome } from './outcome';

export interface DistributionRow {
  readonly id: string;
  readonly dist: string;
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly sample_shape: readonly number[];
  readonly batch_shape: readonly number[];
  readonly event_shape: readonly number[];
  readonly log_prob: unknown;
  readonly grad_log_prob_value: unknown;
  readonly grad_log_prob_params: Readonly<Record<string, unknown>> | null;
  readonly mean: unknown;
  readonly variance: unknown;
  readonly entropy: unknown;
  readonly cdf: unknown;
  readonly icdf: { readonly p: unknown; readonly x: unknown } | null;
  readonly support_enumeration: unknown;
}

export const VALUE_BOUND = 1e-12;
export const GRADIENT_BOUND = 1e-9;

const given = (x: unknown): boolean => x !== null && x !== undefined;

function withValidation<R>(enabled: boolean, f: () => R): R {
  enableValidation(enabled);
  try {
    return f();
  } finally {
    enableValidation(true);
  }
}

const specOf = (row: DistributionRow): Spec => ({ dist: row.dist, params: row.params });

/** The value in its own shape, which may broadcast with the batch shape; an empty one in the shape stated. */
function valueOf(row: DistributionRow): tf.Tensor {
  const numbers = flatten(row.value);
  const stated = [...row.sample_shape, ...row.batch_shape, ...row.event_shape];
  return tf.reshape(lift(numbers, 'float32'), numbers.length === 0 ? stated : nestedShape(row.value));
}

function checkDensity(c: Comparison, row: DistributionRow, d: Distribution): void {
  c.shape('batch shape', d.batchShape, row.batch_shape);
  c.shape('event shape', d.eventShape, row.event_shape);
  const logProb = d.logProb(valueOf(row));
  c.shape('shape of log_prob', logProb.shape, nestedShape(row.log_prob));
  c.tensor('log_prob', logProb, row.log_prob, VALUE_BOUND);
}

function checkMoments(c: Comparison, row: DistributionRow, d: Distribution): void {
  if (given(row.mean)) c.tensor('mean', d.mean, row.mean, VALUE_BOUND);
  if (given(row.variance)) c.tensor('variance', d.variance, row.variance, VALUE_BOUND);
  if (given(row.entropy)) c.tensor('entropy', d.entropy(), row.entropy, VALUE_BOUND);
  if (given(row.cdf)) c.tensor('cdf', d.cdf(valueOf(row)), row.cdf, VALUE_BOUND);
  if (row.icdf) {
    const p = flatten(row.icdf.p);
    const column = tf.reshape(lift(p), [p.length, ...row.batch_shape.map(() => 1)]);
    const full = tf.broadcastTo(column, [p.length, ...row.batch_shape]);
    c.tensor('icdf', d.icdf(full), row.icdf.x, VALUE_BOUND);
  }
  if (given(row.support_enumeration)) {
    const listed = d.enumerateSupport({ expand: false });
    c.tensor('support enumeration', tf.cast(listed, 'float32'), row.support_enumeration, 0);
  }
}

/** Gradients of Σ log_prob in the value and in each parameter that the row lists. */
function checkGradients(c: Comparison, row: DistributionRow): void {
  const expected = Object.entries(row.grad_log_prob_params ?? {}).filter(([, g]) => given(g));
  const paths = expected.map(([path]) => path);
  const points = paths.map((path) => lift(numbersAt(row.params, path) as TensorLike, 'float32'));
  const value = valueOf(row);
  const density = (xs: readonly tf.Tensor[], at: tf.Tensor): tf.Tensor => {
    const overrides = new Map(paths.map((path, i) => [path, xs[i]]));
    return tf.sum(distributionFrom(specOf(row), overrides).logProb(at));
  };
  if (given(row.grad_log_prob_value)) {
    const ofValue = tf.grad((at) => density(points, at))(value);
    c.tensor('gradient in the value', ofValue, row.grad_log_prob_value, GRADIENT_BOUND);
  }
  if (paths.length === 0) return;
  const ofParams = tf.grads((...xs: tf.Tensor[]) => density(xs, value))(points);
  expected.forEach(([path, gradient], i) => {
    c.tensor(`gradient in ${path}`, ofParams[i], gradient, GRADIENT_BOUND);
  });
}

function checkRejection(c: Comparison, row: DistributionRow): void {
  try {
    withValidation(true, () => distributionFrom(specOf(row)));
  } catch (error) {
    if ((error as Error).name === 'ConstraintError') return;
    throw error;
  }
  c.fail('bad parameters were accepted');
}

/** One row, in float64. */
export function runDistributionRow(row: DistributionRow): Outcome {
  return tf.tidy(
    () =>
      judge({ table: 'distributions', family: row.dist, id: row.id }, (c) => {
        withValidation(false, () => {
          const d = distributionFrom(specOf(row));
          checkDensity(c, row, d);
          checkGradients(c, row);
          checkMoments(c, row, d);
        });
        if (row.kind === 'bad_params') checkRejection(c, row);
        const isInside = flatten(row.log_prob).every(Number.isFinite);
        if (isInside && row.kind !== 'bad_params') {
          withValidation(true, () =>
            c.tensor(
              'validated log_prob',
              distributionFrom(specOf(row)).logProb(valueOf(row)),
              row.log_prob,
              VALUE_BOUND,
            ),
          );
        }
      }) as never,
  );
}
