/** Moving starting values to unconstrained space and back. */
import { bijectTo, type Transform } from '@pyro-ts/distributions';
import { lift, scoped, toNdArray, withLabel, type NdArray, type Shape, type tf } from '@pyro-ts/ops';
import type { InitSite } from './strategy';

export const transformOf = (site: InitSite): Transform => bijectTo(site.fn.support);

/** The constrained value of u, of the site's shape; u has the site's unconstrained shape. */
export const constrainedFrom = (site: InitSite, u: (shape: Shape) => tf.Tensor): NdArray =>
  withLabel(site.name, () =>
    scoped(() => {
      const transform = transformOf(site);
      return toNdArray(transform.call(u(transform.inverseShape(site.fn.shape()))));
    }),
  );

/** Whether all entries are finite numbers. */
export const isFiniteData = ({ data }: NdArray): boolean => Array.prototype.every.call(data, Number.isFinite);

/** Whether a value lies in the site's support; reads it. */
export const isInSupport = (site: InitSite, value: NdArray): boolean =>
  scoped(() =>
    site.fn.support
      .check(lift(value))
      .dataSync()
      .every((ok) => ok !== 0),
  ) && isFiniteData(value);
