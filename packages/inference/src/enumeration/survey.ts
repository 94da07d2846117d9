/** A look at a model before its discrete sites are summed out. */
import {
  createHandler,
  unconstrained,
  withShapesOnly,
  withoutValidation,
  type Message,
  type Model,
  type Site,
} from '@pyro-ts/core';
import { scoped, tf, type Shape } from '@pyro-ts/ops';

export interface DiscreteSite {
  readonly name: string;
  readonly family: string;
  /** How it was marked; undefined: not at all. */
  readonly enumerate: string | undefined;
  readonly numSamples: number | undefined;
  readonly hasEnumerateSupport: boolean;
}

export interface Survey {
  /** Latent ones, in the order of the model. */
  readonly discrete: readonly DiscreteSite[];
  /** How many continuous latent sites there are. */
  readonly numContinuous: number;
  /** The leftmost batch dim that a site or a plate has, counted from 1. */
  readonly batchRank: number;
  /** Shapes of deterministic sites where each discrete site has one value. */
  readonly deterministic: ReadonlyMap<string, Shape>;
}

/** Runs the model once, continuous sites at the origin of unconstrained space, discrete ones at some value. */
export function survey<Args extends unknown[]>(model: Model<Args>, args: Args): Survey {
  const discrete: DiscreteSite[] = [];
  const deterministic = new Map<string, Shape>();
  let batchRank = 0;
  let numContinuous = 0;
  const look = createHandler(() => ({
    process(message) {
      if (message.kind !== 'sample' || message.isObserved || message.value !== undefined) return;
      const { name, fn, infer } = message;
      if (!fn.isDiscrete && !fn.support.isDiscrete) return;
      const { enumerate, numSamples } = infer;
      discrete.push({
        name,
        family: fn.family,
        enumerate,
        numSamples,
        hasEnumerateSupport: fn.hasEnumerateSupport,
      });
      return { ...message, value: fn.support.feasibleLike(tf.zeros([...fn.shape()], 'int32')) };
    },
    postprocess(message) {
      batchRank = Math.max(batchRank, batchRankOf(message));
      if (message.kind === 'deterministic') deterministic.set(message.name, message.value.shape);
    },
  }));
  scoped(() => {
    const run = unconstrained(look(model), ({ unconstrainedShape }) => {
      numContinuous++;
      return tf.zeros([...unconstrainedShape]);
    });
    withShapesOnly(() => withoutValidation(() => run(...args)));
  });
  return { discrete, numContinuous, batchRank, deterministic };
}

/** How far to the left a site's plates and batch dims reach. */
export function batchRankOf(message: Message | Site): number {
  const plates = message.condIndepStack.map(({ dim }) => -(dim ?? 0));
  const own =
    message.kind === 'sample'
      ? message.fn.batchShape.length
      : message.kind === 'factor'
        ? message.value.rank
        : 0;
  return Math.max(own, ...plates);
}
