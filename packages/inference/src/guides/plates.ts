/** The model's plates, opened again by a guide. */
import { plate, type Plate } from '@pyro-ts/core';
import { sizeOf, type NdArray, type Shape } from '@pyro-ts/ops';
import type { LatentSite, Prototype } from './prototype';

export type Plates = ReadonlyMap<string, Plate>;

/** One plate for each that has a latent site in it; a subsample drawn here is the one that the model uses. */
export function makePlates({ sites }: Prototype): Plates {
  const frames = new Map(sites.flatMap((site) => site.plates).map((frame) => [frame.name, frame]));
  return new Map(
    [...frames.values()].map(({ name, size, fullSize, dim }) => [
      name,
      plate(name, { size: fullSize, subsampleSize: size, dim }),
    ]),
  );
}

/** Runs `body` inside the plates of a site. */
export function insidePlates<R>(plates: Plates, site: LatentSite, body: () => R): R {
  const [outermost, ...inner] = site.plates;
  if (outermost === undefined) return body();
  const opened = plates.get(outermost.name) as Plate;
  return opened.run(() => insidePlates(plates, { ...site, plates: inner }, body));
}

/** Shape of a site's parameter: that of the site, with subsampled plates at their full size. */
export function fullShape(site: LatentSite, shape: Shape, eventDim: number): Shape {
  return site.plates.reduce<Shape>((full, { dim = -1, fullSize, size }) => {
    const axis = shape.length - eventDim + dim;
    return size === fullSize ? full : full.map((n, i) => (i === axis ? fullSize : n));
  }, shape);
}

/** The value repeated periodically along the axes where the full shape is longer. */
export function repeatTo({ data, shape, dtype }: NdArray, full: Shape): NdArray {
  const out = new Float64Array(sizeOf(full));
  for (let k = 0; k < out.length; k++) {
    let rest = k;
    let from = 0;
    let stride = 1;
    for (let axis = full.length - 1; axis >= 0; axis--) {
      from += ((rest % full[axis]) % shape[axis]) * stride;
      stride *= shape[axis];
      rest = Math.floor(rest / full[axis]);
    }
    out[k] = data[from];
  }
  return { data: out, shape: full, dtype };
}
