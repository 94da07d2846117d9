/** The strategies: feasible, sample, median, mean, uniform, value. */
import {
  formatShape,
  lift,
  random,
  scoped,
  sizeOf,
  tf,
  toNdArray,
  type NdArray,
  type TensorLike,
} from '@pyro-ts/ops';
import { InitializationError } from '../errors';
import { defineStrategy, type InitSite, type InitStrategy } from './strategy';
import { constrainedFrom, isFiniteData, isInSupport, transformOf } from './unconstrained';

const zeros = (site: InitSite): NdArray => constrainedFrom(site, (shape) => tf.zeros([...shape]));

/** The image of 0 in unconstrained space: 0, 1 for positive sites, ½ for probabilities, the centre of a simplex. */
export const initToFeasible = (): InitStrategy => defineStrategy('initToFeasible', false, zeros);

/** Uniform on [−radius, radius] in unconstrained space. Default radius 2, Stan's. */
export const initToUniform = ({ radius = 2 }: { readonly radius?: number } = {}): InitStrategy =>
  defineStrategy('initToUniform', true, (site) =>
    constrainedFrom(site, (shape) => {
      const u = random.uniform(site.key, shape);
      return tf.mul(tf.sub(u, lift(0.5)), lift(2 * radius));
    }),
  );

/** A draw from the site's prior; feasible where the prior cannot be drawn from. */
export const initToSample = (): InitStrategy =>
  defineStrategy('initToSample', true, (site) => draws(site, []) ?? zeros(site));

/** Draws of shape [...sampleShape, ...site]; undefined where the distribution has no sampler. */
function draws({ fn, key }: InitSite, sampleShape: readonly number[]): NdArray | undefined {
  try {
    return scoped(() => toNdArray(fn.sample(sampleShape, { key })));
  } catch {
    return undefined;
  }
}

/** Middle of an odd number of values, mean of the two middle ones of an even number. */
function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
}

/**
 * The median of prior draws, taken entry by entry in unconstrained space, so that it lies in the support whatever its
 * shape. Default 15 draws, Pyro's; feasible where the prior cannot be drawn from.
 */
export const initToMedian = ({ numSamples = 15 }: { readonly numSamples?: number } = {}): InitStrategy =>
  defineStrategy('initToMedian', true, (site) => {
    const sampled = draws(site, [numSamples]);
    if (sampled === undefined) return zeros(site);
    const value = scoped(() => {
      const transform = transformOf(site);
      const u = toNdArray(transform.inverse(lift(sampled, 'float32')));
      const shape = u.shape.slice(1);
      const size = sizeOf(shape);
      const column = (i: number): Float64Array =>
        Float64Array.from({ length: numSamples }, (_, s) => u.data[s * size + i]);
      const middle = Float64Array.from({ length: size }, (_, i) => median(column(i)));
      return toNdArray(transform.call({ data: middle, shape, dtype: 'float32' }));
    });
    return isFiniteData(value) ? value : zeros(site);
  });

/** The prior mean; the median of prior draws where there is no mean inside the support. */
export const initToMean = (): InitStrategy => {
  const fallback = initToMedian();
  return defineStrategy('initToMean', true, (site) => {
    const mean = meanOf(site);
    return mean !== undefined && isInSupport(site, mean) ? mean : fallback(site);
  });
};

function meanOf({ fn }: InitSite): NdArray | undefined {
  try {
    return scoped(() => toNdArray(tf.broadcastTo(fn.mean, [...fn.shape()])));
  } catch {
    return undefined;
  }
}

/**
 * Given values (constrained space) by site; another strategy for the sites without one.
 * @param options.fallback default: initToUniform()
 */
export const initToValue = (options: {
  readonly values: Readonly<Record<string, TensorLike>>;
  readonly fallback?: InitStrategy;
}): InitStrategy => {
  const { values, fallback = initToUniform() } = options;
  return defineStrategy('initToValue', fallback.isRandom, (site) => {
    if (!Object.hasOwn(values, site.name)) return fallback(site);
    const value = scoped(() => {
      const given = lift(values[site.name], 'float32');
      const shape = site.fn.shape();
      if (
        given.rank > shape.length ||
        given.shape.some((n, i) => n !== 1 && n !== shape[shape.length - given.rank + i])
      ) {
        throw new InitializationError(
          `the initial value has shape ${formatShape(given.shape)}, the site ${formatShape(shape)}`,
          "give a value of the site's shape, or one that broadcasts to it.",
          site.name,
        );
      }
      return toNdArray(tf.broadcastTo(given, [...shape]));
    });
    if (isInSupport(site, value)) return value;
    throw new InitializationError(
      `the initial value ${describe(value)} is not in the support \`${site.fn.support.toString()}\``,
      'give a value in constrained space, inside the support.',
      site.name,
    );
  });
};

/** A value in a message. */
export const describe = ({ data, shape }: NdArray): string =>
  data.length > 6 ? `of shape [${shape.join(', ')}]` : `[${Array.from(data).join(', ')}]`;
