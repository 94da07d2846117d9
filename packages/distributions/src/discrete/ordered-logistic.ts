import { log1mexp, random, softplus, tf } from '@pyro-ts/ops';
import { integerInterval, orderedVector, real } from '../constraints';
import { defineFamily, param } from '../family';
import { upTo } from './counts';
import { entropyOf, lastFirst, pick } from './weights';

interface View {
  readonly predictor: tf.Tensor;
  readonly cutpoints: tf.Tensor;
}

/** Pads the last dimension with one zero at its start, its end or both. */
const pad = (x: tf.Tensor, before: number, after: number): tf.Tensor =>
  tf.pad(x, [...x.shape.slice(0, -1).map((): [number, number] => [0, 0]), [before, after]]);

/**
 * log of σ(b) − σ(a) for neighbouring cutpoints a < b relative to the predictor, as
 * log σ(b) + log σ(−a) + log(1 − e^(a − b)): no difference of numbers that are both near 0 or 1.
 */
function logProbs({ predictor, cutpoints }: View): tf.Tensor {
  const relative = tf.sub(cutpoints, tf.expandDims(predictor, -1));
  const below = pad(tf.neg(softplus(tf.neg(relative))), 0, 1);
  const above = pad(tf.neg(softplus(relative)), 1, 0);
  const count = cutpoints.shape[cutpoints.rank - 1];
  const start = cutpoints.shape.map(() => 0);
  const size = [...cutpoints.shape.slice(0, -1), count - 1];
  const upper = tf.slice(cutpoints, [...start.slice(0, -1), 1], size);
  const gaps = pad(log1mexp(tf.sub(upper, tf.slice(cutpoints, start, size))), 1, 1);
  return tf.add(tf.add(below, above), gaps);
}

const last = ({ cutpoints }: View): number => cutpoints.shape[cutpoints.rank - 1];

/** The interval between `cutpoints` in which `predictor` plus logistic noise falls. */
export const OrderedLogistic = defineFamily({
  name: 'OrderedLogistic',
  description: 'Number of the interval between cutpoints in which predictor plus logistic noise falls.',
  source: 'McCullagh, "Regression models for ordinal data" (1980).',
  params: [param('predictor', real), param('cutpoints', orderedVector)],
  support: (p) => integerInterval(0, last(p)),
  sample: (p, { key, shape }) => random.categorical(key, logProbs(p), shape),
  logProb: (p, x) => pick(logProbs(p), x),
  mode: (p) => tf.argMax(logProbs(p), -1),
  entropy: (p) => entropyOf(logProbs(p)),
  enumerateSupport: (p) => upTo(last(p)),
  supportLogProb: (p) => lastFirst(logProbs(p)),
});
