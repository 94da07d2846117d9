/** Draws of a site, scalar by scalar. */
import type { Rows } from './rows';

/** Row-major, [chains, draws, ...event]. */
export interface SiteDraws {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Scalars of a site. */
export const eventSize = ({ shape }: SiteDraws): number => shape.slice(2).reduce((a, b) => a * b, 1);

/** Scalars whose draws are copied at a time: neighbours in memory. */
const blockSize = 16;

/** The draws of every scalar, in row-major order of the event. */
export function* scalarsOf(site: SiteDraws): Generator<Rows, void, undefined> {
  const [count, length] = site.shape;
  const size = eventSize(site);
  const { data } = site;
  const draws = count * length;
  for (let first = 0; first < size; first += blockSize) {
    const width = Math.min(blockSize, size - first);
    const block = new Float64Array(width * draws);
    for (let i = 0; i < draws; i++)
      for (let k = 0; k < width; k++) block[k * draws + i] = data[i * size + first + k];
    for (let k = 0; k < width; k++)
      yield { values: block.subarray(k * draws, (k + 1) * draws), count, length };
  }
}
