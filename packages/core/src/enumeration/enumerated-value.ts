/** The values of an enumerated site, along a dim of their own. */
import { formatShape, tf, withLabel } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { SampleMessage } from '../messages/message';
import { sizeAt } from '../shapes/batch';

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

/**
 * All values of the site's support, or `infer.numSamples` draws.
 * @returns shape [count, 1, …, 1, ...event] with count at `dim` of the batch dims; with `infer.expand`, or for draws,
 * the dims of the plates have their sizes
 * @throws {HandlerError} if the support cannot be listed
 */
export function enumeratedValue(message: SampleMessage, dim: number, firstAvailableDim: number): tf.Tensor {
  const { fn, infer, key } = message;
  if (sizeAt(fn.batchShape, dim) !== 1) throw taken(message, dim);
  const plates = ones(-dim - 1);
  if (infer.expand === true) {
    for (let d = -1; d > firstAvailableDim; d--) plates[plates.length + d] = sizeAt(fn.batchShape, d);
  }
  return withLabel(message.name, () => {
    if (infer.numSamples !== undefined) {
      const options = key === undefined ? {} : { key };
      const count = infer.numSamples;
      const draws = fn.hasRsample ? fn.rsample([count], options) : fn.sample([count], options);
      return alongDim(draws, fn.batchShape, fn.eventShape, dim);
    }
    const values = fn.enumerateSupport({ expand: false });
    const count = values.shape[0];
    const thin = tf.reshape(values, [count, ...ones(-dim - 1), ...fn.eventShape]);
    return infer.expand === true ? tf.broadcastTo(thin, [count, ...plates, ...fn.eventShape]) : thin;
  });
}

/**
 * Moves the leading axis of [count, ...batch, ...event] to a dim of the batch where the batch has size 1.
 * @returns [...batch with count at dim, ...event], with ones where the batch is too short
 */
export function alongDim(
  x: tf.Tensor,
  batchShape: readonly number[],
  eventShape: readonly number[],
  dim: number,
): tf.Tensor {
  const count = x.shape[0];
  const missing = -dim - 1 - batchShape.length;
  if (missing === 0) return x;
  if (missing > 0) return tf.reshape(x, [count, ...ones(missing), ...batchShape, ...eventShape]);
  const at = batchShape.length + dim;
  const [left, right] = [batchShape.slice(0, at), [...batchShape.slice(at + 1), ...eventShape]];
  const axes = [...left.map((_, i) => i + 1), 0, ...right.map((_, i) => i + 1 + left.length)];
  const moved =
    at === 0 || left.every((n) => n === 1) || count === 1
      ? tf.reshape(x, [...left, count, ...right])
      : tf.transpose(tf.reshape(x, [count, ...left, ...right]), axes);
  return moved;
}

/** @throws {HandlerError} unless the site has values that can be listed */
export function checkEnumerable({ name, fn, infer, condIndepStack }: SampleMessage): void {
  const refuse = (problem: string, fix: string): never => {
    throw new HandlerError({ site: name, problem, plates: condIndepStack, fix });
  };
  const { enumerate, numSamples } = infer;
  if (enumerate !== undefined && enumerate !== 'parallel' && enumerate !== 'sequential') {
    refuse(
      `infer.enumerate is '${String(enumerate)}'`,
      "pass 'parallel' (values along a dim) or 'sequential' (one run for each value, in guides).",
    );
  }
  if (numSamples !== undefined) {
    if (Number.isInteger(numSamples) && numSamples > 0) return;
    refuse(`infer.numSamples is ${numSamples}`, 'pass a positive whole number of draws.');
  }
  if (fn.hasEnumerateSupport) return;
  const isVector = fn.isDiscrete && fn.family === 'Independent';
  refuse(
    `the site is marked for enumeration, but the values of ${fn.toString()} cannot be listed`,
    isVector
      ? 'open plates instead of .toEvent: a vector of n discrete values has exponentially many, its elements have few.'
      : fn.isDiscrete
        ? 'leave infer.enumerate out; to sum it out, truncate it to finitely many values with a Categorical.'
        : 'leave infer.enumerate out: continuous sites are sampled.',
  );
}

function taken({ name, fn, condIndepStack }: SampleMessage, dim: number): HandlerError {
  return new HandlerError({
    site: name,
    problem: `${fn.toString()} has batch shape ${formatShape(fn.batchShape)}, with size ${sizeAt(fn.batchShape, dim)} at dim ${dim}, which is to hold the values of the site`,
    plates: condIndepStack,
    fix: 'if it depends on a site of an earlier step, raise the history of markov; if the dim is a batch dim of its own, open a plate for it.',
  });
}
