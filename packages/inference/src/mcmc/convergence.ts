/** R-hat and ESS of a run's scalars, by this thread and by workers that have nothing else to do. */
import { convergenceOfSites, type SiteConvergence } from '@pyro-ts/diagnostics';
import { sizeOf, type NdArray } from '@pyro-ts/ops';
import type { Thread } from './parallel/thread';
import type { SiteDraws } from './result';

type Convergences = Readonly<Record<string, SiteConvergence>>;

/** Draws of scalars that are worth the way to a worker: some milliseconds of work. */
const leastShare = 40_000;

/** Scalars of a site, those of its event from one to before another. */
interface Columns {
  readonly name: string;
  readonly first: number;
  readonly end: number;
}

/** @param threads idle ones; one that dies costs time, not results */
export async function convergenceInThreads(
  samples: SiteDraws,
  threads: readonly Thread[],
): Promise<Convergences> {
  const sizes = Object.entries(samples).map(([name, { shape }]) => ({ name, size: sizeOf(shape.slice(2)) }));
  const scalars = sizes.reduce((sum, { size }) => sum + size, 0);
  const draws = sizeOf(Object.values(samples)[0].shape.slice(0, 2));
  const count = Math.min(threads.length + 1, Math.floor((scalars * draws) / leastShare));
  if (count < 2) return convergenceOfSites(samples);

  const shares = Array.from({ length: count }, (_, i) =>
    share(sizes, Math.floor((i * scalars) / count), Math.floor(((i + 1) * scalars) / count)),
  );
  const [own, ...others] = shares.map((columns) => ({ columns, sites: sitesOf(samples, columns) }));
  const asked = others.map(({ sites }, i) => threads[i].judge(sites));
  const found = [convergenceOfSites(own.sites)];
  for (const [i, answer] of (await Promise.all(asked)).entries())
    found.push(answer ?? convergenceOfSites(others[i].sites));
  return joined(sizes, shares, found);
}

/** The scalars from one to before another, all sites' counted on. */
function share(
  sizes: readonly { readonly name: string; readonly size: number }[],
  from: number,
  to: number,
): Columns[] {
  let offset = 0;
  return sizes.flatMap(({ name, size }) => {
    const first = Math.max(from - offset, 0);
    const end = Math.min(to - offset, size);
    offset += size;
    return first < end ? [{ name, first, end }] : [];
  });
}

/** Those scalars as sites of their own: [chains, draws, scalars]. */
function sitesOf(samples: SiteDraws, columns: readonly Columns[]): SiteDraws {
  return Object.fromEntries(
    columns.map(({ name, first, end }): [string, NdArray] => {
      const { data, shape, dtype } = samples[name];
      const [chains, draws] = shape;
      const size = sizeOf(shape.slice(2));
      const part = new Float64Array(chains * draws * (end - first));
      for (let row = 0; row < chains * draws; row++)
        part.set(data.subarray(row * size + first, row * size + end), row * (end - first));
      return [name, { data: part, shape: [chains, draws, end - first], dtype }];
    }),
  );
}

function joined(
  sizes: readonly { readonly name: string; readonly size: number }[],
  shares: readonly (readonly Columns[])[],
  found: readonly Convergences[],
): Convergences {
  const whole = Object.fromEntries(
    sizes.map(({ name, size }) => {
      const empty = (): Float64Array => new Float64Array(size);
      return [name, { rhat: empty(), essBulk: empty(), essTail: empty() }];
    }),
  );
  shares.forEach((columns, i) => {
    for (const { name, first } of columns)
      for (const key of ['rhat', 'essBulk', 'essTail'] as const)
        whole[name][key].set(found[i][name][key], first);
  });
  return whole;
}
