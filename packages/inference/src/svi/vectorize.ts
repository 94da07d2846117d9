/** Many particles in one run, as an outermost plate. */
import {
  createHandler,
  plate,
  produce,
  type Model,
  type PlateFrame,
  type SampleMessage,
} from '@pyro-ts/core';
import { scoped, tf } from '@pyro-ts/ops';
import { isolated } from '../initialization';
import type { Problem } from './elbo';
import { tracePair } from './trace-pair';

/** How deep plates are nested: the leftmost dim that any plate of model or guide uses. */
export function plateNesting<Args extends unknown[]>({ key, model, guide, args }: Problem<Args>): number {
  return scoped(() => {
    const pair = isolated(() => tracePair(key, model, guide, args));
    const frames = [pair.model, pair.guide].flatMap((trace) =>
      [...trace.sites.values()].flatMap((site) => site.condIndepStack),
    );
    return Math.max(0, ...frames.map((frame) => -(frame.dim ?? 0)));
  });
}

/** Repeats observations along the particles: the same data belong to all of them. */
function repeatObservation(message: SampleMessage, frame: PlateFrame): SampleMessage {
  const { value, fn, isObserved } = message;
  if (!isObserved || value === undefined || frame.dim === undefined) return message;
  // A value without batch dims counts for every element anyway.
  if (value.rank <= fn.eventDim) return message;
  const rank = fn.shape().length;
  const shape = [...Array.from({ length: rank - value.rank }, () => 1), ...value.shape];
  const axis = rank - fn.eventDim + frame.dim;
  if (value.rank > rank || shape[axis] !== 1) return message;
  const repeated = shape.with(axis, frame.size);
  return produce(message, (draft) => {
    draft.value = tf.broadcastTo(tf.reshape(value, shape), repeated);
  });
}

/** The model inside a plate of `numParticles` to the left of its own plates. */
export function vectorized<Args extends unknown[], R>(
  model: Model<Args, R>,
  numParticles: number,
  nesting: number,
): Model<Args, R> {
  const name = '_particles';
  const options = { size: numParticles, dim: -nesting - 1 };
  const repeat = createHandler(() => ({
    process(message) {
      const frame = message.condIndepStack.find((other) => other.name === name);
      return message.kind === 'sample' && frame !== undefined ? repeatObservation(message, frame) : undefined;
    },
  }));
  return repeat((...args) => plate(name, options, () => model(...args)));
}
