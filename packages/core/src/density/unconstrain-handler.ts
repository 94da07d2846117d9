/** Moves the latent sites of a model to unconstrained space. */
import { bijectTo, type Transform } from '@pyro-ts/distributions';
import { lift, withLabel, type Shape, type tf } from '@pyro-ts/ops';
import { latentShape } from '../enumeration/latent-shape';
import { LatentSiteError } from '../errors';
import { seed } from '../handlers/seed';
import type { Message, PlateMessage, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { sameShape } from '../shapes/batch';
import { withHandler } from '../stack/handler';

/** A latent site as the handler meets it. */
export interface LatentMeeting {
  readonly message: SampleMessage;
  /** From unconstrained space to the support, as it is now: it may depend on other sites. */
  readonly transform: Transform;
  /** Shape of the site in unconstrained space. */
  readonly unconstrainedShape: Shape;
}

/** Supplies a site's unconstrained value, of its unconstrained shape. */
export type UnconstrainedSource = (meeting: LatentMeeting) => tf.Tensor;

/** A site that takes part in the density but was not given a value by anybody. */
export function isFree(message: Message): message is SampleMessage {
  return message.kind === 'sample' && !message.isObserved && message.value === undefined;
}

/**
 * The model with every latent site at `transform(u)`, with `u` from `source`; log |det ∂x/∂u|, summed over the site, goes
 * to `jacobians`. The Jacobian is neither scaled nor masked: it belongs to the coordinates, not to the density.
 *
 * Random numbers that something in the model still draws (an initial value of a parameter, a blocked site) have a fixed
 * seed: a density must not change between evaluations.
 * @throws {LatentSiteError} at a discrete latent site, a support without coordinates, or a plate that draws a subsample
 */
export function unconstrained<Args extends unknown[], R>(
  model: Model<Args, R>,
  source: UnconstrainedSource,
  jacobians: Map<string, tf.Tensor> = new Map(),
): Model<Args, R> {
  const seeded = seed(model, { seed: 'density' });
  return withHandler(seeded, () => ({
    process(message) {
      if (message.kind === 'plate') refuseSubsample(message);
      if (!isFree(message)) return;
      return withLabel(message.name, () => {
        const transform = coordinatesOf(message);
        const unconstrainedShape = transform.inverseShape(latentShape(message));
        const u = source({ message, transform, unconstrainedShape });
        const { y, intermediates } = transform.callWithIntermediates(u);
        if (!sameShape(y.shape, latentShape(message))) throw movingSupport(message);
        jacobians.set(message.name, sumAll(transform.logAbsDetJacobian(u, y, intermediates)));
        return produce(message, (draft) => {
          draft.value = y;
        });
      });
    },
  }));
}

/** The bijection onto a site's support. */
function coordinatesOf({ name, fn, condIndepStack }: SampleMessage): Transform {
  if (fn.isDiscrete || fn.support.isDiscrete) {
    throw new LatentSiteError({
      site: name,
      problem: `a latent ${fn.family} is discrete, and gradients cannot move it`,
      plates: condIndepStack,
      fix: 'sum it out (MCMC does so by itself where the values can be listed: a finite support, plates instead of .toEvent; otherwise by hand, its log density in a factor), or observe it.',
    });
  }
  return bijectTo(fn.support);
}

function movingSupport({ name, fn, condIndepStack }: SampleMessage): LatentSiteError {
  return new LatentSiteError({
    site: name,
    problem: `the support of ${fn.toString()} depends on an enumerated site, so the site cannot be one value for all of them`,
    plates: condIndepStack,
    fix: 'sample a value from a fixed support and compute the other from it: x = low + (high - low) * u.',
  });
}

function refuseSubsample({ name, size, subsampleSize, value }: PlateMessage): void {
  if (value !== undefined || subsampleSize === size) return;
  throw new LatentSiteError({
    site: name,
    problem: `the plate draws ${subsampleSize} of ${size} elements anew in every run, so the log density is random`,
    fix: 'take the whole plate for MCMC (leave subsampleSize out), or use SVI.',
  });
}

function sumAll(x: tf.Tensor): tf.Tensor {
  return x.rank === 0 ? x : x.sum();
}

/** A vector of zeros in unconstrained space: always inside. */
export const origin: UnconstrainedSource = ({ unconstrainedShape }) =>
  lift({
    data: new Float64Array(unconstrainedShape.reduce((a, b) => a * b, 1)),
    shape: unconstrainedShape,
    dtype: 'float32',
  });
