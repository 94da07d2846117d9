/** Where the latent sites of a model lie in one flat vector. */
import { constraints, isConstraint, isTransform } from '@pyro-ts/distributions';
import { scoped, sizeOf, tf, type Shape } from '@pyro-ts/ops';
import { latentShape } from '../enumeration/latent-shape';
import { LatentSiteError } from '../errors';
import type { Model } from '../model';
import { withShapesOnly } from '../scan/shapes-only';
import { createHandler } from '../stack/handler';
import { isFree, origin, unconstrained, type LatentMeeting } from './unconstrain-handler';
import { withoutValidation } from './validation';

/** One latent site. */
export interface LatentSite {
  readonly name: string;
  /** First coordinate in the flat vector. */
  readonly offset: number;
  /** Number of coordinates. */
  readonly size: number;
  /** [...batch, ...event of the unconstrained space] */
  readonly unconstrainedShape: Shape;
  /** [...batch, ...event] */
  readonly shape: Shape;
  /** The support as text, for messages. */
  readonly support: string;
  /** Whether the support depends on nothing that a run computes, so that draws can be transformed all at once. */
  readonly isStatic: boolean;
}

export interface Layout {
  readonly dim: number;
  /** In the order of the model. */
  readonly sites: readonly LatentSite[];
}

/**
 * Runs the model once, its latent sites at the origin of unconstrained space, without drawing random numbers.
 * @throws {LatentSiteError} on discrete latent sites (all are named), subsampled plates, a model without latent sites
 */
export function findLayout<Args extends unknown[]>(model: Model<Args>, args: Args): Layout {
  const discrete = new Map<string, string>();
  const sites: LatentSite[] = [];
  let dim = 0;
  const record = ({ message, transform, unconstrainedShape }: LatentMeeting): void => {
    const size = sizeOf(unconstrainedShape);
    sites.push({
      name: message.name,
      offset: dim,
      size,
      unconstrainedShape,
      shape: latentShape(message),
      support: message.fn.support.toString(),
      isStatic: !holdsTensor(transform),
    });
    dim += size;
  };
  const run = unconstrained(collectDiscrete(model, discrete), (meeting) => {
    record(meeting);
    return origin(meeting);
  });
  scoped(() => {
    withShapesOnly(() => withoutValidation(() => run(...args)));
  });
  if (discrete.size > 0) throw discreteSites(discrete);
  if (dim === 0) {
    throw new LatentSiteError({
      problem: 'the model has no latent sites: there is nothing to infer',
      fix: 'leave obs out of the sample statements to be inferred (param sites are learnt by SVI, not by MCMC).',
    });
  }
  return { dim, sites };
}

/** Gives discrete latent sites some value, so that one error can name them all. */
const collectDiscrete = <Args extends unknown[]>(
  model: Model<Args>,
  found: Map<string, string>,
): Model<Args> =>
  createHandler(() => ({
    process(message) {
      if (!isFree(message) || !(message.fn.isDiscrete || message.fn.support.isDiscrete)) return;
      found.set(message.name, message.fn.family);
      const prototype = tf.zeros([...message.fn.shape()], 'int32');
      return { ...message, value: message.fn.support.feasibleLike(prototype) };
    },
  }))(model);

function discreteSites(found: ReadonlyMap<string, string>): LatentSiteError {
  const list = [...found].map(([name, family]) => `'${name}' (${family})`).join(', ');
  const [plural, them] = found.size === 1 ? ['site is', 'it'] : ['sites are', 'them'];
  return new LatentSiteError({
    site: [...found.keys()][0],
    problem: `${found.size} latent ${plural} discrete, and gradients cannot move ${them}: ${list}`,
    fix: `sum ${them} out (MCMC does so by itself where the values can be listed: a finite support, plates instead of .toEvent; otherwise by hand, its log density in a factor), or observe ${them}.`,
  });
}

/** Whether a tensor is anywhere in the arguments of a constraint or transform. */
function holdsTensor(x: unknown): boolean {
  if (x instanceof tf.Tensor) return true;
  if (Array.isArray(x)) return x.some(holdsTensor);
  if (isTransform(x))
    return holdsTensor(Object.values(x.args)) || holdsTensor(x.domain) || holdsTensor(x.codomain);
  return isConstraint(x) && x !== constraints.real && holdsTensor(Object.values(x.args));
}
