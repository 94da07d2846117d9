/** A look at a model among the handlers around it, before its discrete sites are inferred. */
import {
  rehearse,
  Scanned,
  withHandler,
  withoutValidation,
  withShapesOnly,
  type Model,
  type SampleMessage,
} from '@pyro-ts/core';
import { scoped, tf, type Shape } from '@pyro-ts/ops';
import { batchRankOf, type DiscreteSite } from './survey';

export interface Overview {
  /** The leftmost batch dim that a site or a plate has, counted from 1. */
  readonly batchRank: number;
  /** Latent sites without a value whose values can be listed, in the order of the model. */
  readonly discrete: readonly DiscreteSite[];
  /** Batch shapes of those sites. */
  readonly batchShapes: ReadonlyMap<string, Shape>;
  /** Those of them that are in the body of a scan. */
  readonly scanned: ReadonlySet<string>;
  /** Other latent sites without a value. */
  readonly missing: readonly SampleMessage[];
  /** Whether something but the latent sites has a density. */
  readonly isConditioned: boolean;
}

/** Runs the model once, with some value where nothing gives one. */
export function overview<Args extends unknown[]>(model: Model<Args>, args: Args): Overview {
  let [batchRank, isConditioned] = [0, false];
  const discrete: DiscreteSite[] = [];
  const batchShapes = new Map<string, Shape>();
  const scanned = new Set<string>();
  const missing: SampleMessage[] = [];
  const look = (run: () => unknown): (() => unknown) =>
    withHandler(run, () => ({
      process(message) {
        if (message.kind !== 'sample' || message.isObserved || message.value !== undefined) return;
        const { name, fn, infer } = message;
        const { hasEnumerateSupport, family } = fn;
        if (hasEnumerateSupport) {
          const { enumerate, numSamples } = infer;
          discrete.push({ name, family, enumerate, numSamples, hasEnumerateSupport });
          batchShapes.set(name, fn.batchShape);
          if (fn instanceof Scanned) scanned.add(name);
        } else missing.push(message);
        const start = tf.zeros([...fn.shape()], fn.isDiscrete ? 'int32' : 'float32');
        return { ...message, value: fn.support.feasibleLike(start) };
      },
      postprocess(message) {
        batchRank = Math.max(batchRank, batchRankOf(message));
        isConditioned ||= message.kind === 'factor' || (message.kind === 'sample' && message.isObserved);
      },
    }));
  withShapesOnly(() => withoutValidation(() => scoped(() => void rehearse(() => model(...args), look))));
  return { batchRank, discrete, batchShapes, scanned, missing, isConditioned };
}
