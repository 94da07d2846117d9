/** From values of the sites to the flat vector. */
import { formatShape, lift, scoped, tf, type TensorLike } from '@pyro-ts/ops';
import { latentShape } from '../enumeration/latent-shape';
import { LatentSiteError } from '../errors';
import type { SampleMessage } from '../messages/message';
import type { Model } from '../model';
import { broadcastShapes, sameShape } from '../shapes/batch';
import type { LatentSite, Layout } from './layout';
import { unconstrained, type UnconstrainedSource } from './unconstrain-handler';
import { withoutValidation } from './validation';

/** @throws {LatentSiteError} if a site has no value, or one of another shape */
export function unconstrainValues<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  layout: Layout,
  given: Readonly<Record<string, TensorLike>>,
): Float64Array {
  const q = new Float64Array(layout.dim);
  const source: UnconstrainedSource = ({ message, transform }) => {
    const { name } = message;
    const site = layout.sites.find((s) => s.name === name) as LatentSite;
    const u = transform.inverse(valueOf(given, message));
    q.set(u.dataSync(), site.offset);
    return u;
  };
  scoped(() => {
    withoutValidation(() => unconstrained(model, source)(...args));
  });
  return q;
}

function valueOf(given: Readonly<Record<string, TensorLike>>, message: SampleMessage): tf.Tensor {
  const { name, fn } = message;
  const shape = latentShape(message);
  if (!Object.hasOwn(given, name)) {
    throw new LatentSiteError({
      site: name,
      problem: `no value for the site; there are values for ${Object.keys(given).join(', ') || 'none'}`,
      fix: `give '${name}' a value of shape [${shape.join(', ')}] in \`${fn.support.toString()}\`.`,
    });
  }
  const value = lift(given[name], 'float32');
  const common = broadcastShapes(value.shape, shape);
  if (common !== undefined && sameShape(common, shape)) return tf.broadcastTo(value, [...shape]);
  throw new LatentSiteError({
    site: name,
    problem: `the value has shape ${formatShape(value.shape)}; the site has shape ${formatShape(shape)}`,
    fix: 'give a value of the shape of the site, or one that broadcasts to it.',
  });
}
