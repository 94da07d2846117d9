/** Many points at once. */
import { bijectTo } from '@pyro-ts/distributions';
import { lift, scoped, toNdArray, withLabel, type NdArray } from '@pyro-ts/ops';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { coordinates } from './coordinates';
import type { LatentSite, Layout } from './layout';
import { isFree, unconstrained } from './unconstrain-handler';
import { withoutValidation } from './validation';

/** All points through the transforms at once: [count, size] → [count, ...shape]. */
export function transformsOf<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  layout: Layout,
): (points: Float64Array, count: number) => Readonly<Record<string, NdArray>> {
  return (points, count) =>
    scoped(() => {
      const result: Record<string, NdArray> = {};
      const collect = withHandler(model, () => ({
        process(message) {
          if (!isFree(message)) return;
          const site = layout.sites.find((s) => s.name === message.name) as LatentSite;
          const columns = new Float64Array(count * site.size);
          for (let i = 0; i < count; i++) {
            const start = i * layout.dim + site.offset;
            columns.set(points.subarray(start, start + site.size), i * site.size);
          }
          const shape = [count, ...site.unconstrainedShape];
          const u = lift({ data: columns, shape, dtype: 'float32' });
          result[message.name] = withLabel(message.name, () =>
            toNdArray(bijectTo(message.fn.support).call(u)),
          );
        },
      }));
      withoutValidation(() => {
        unconstrained(collect, coordinates(layout, lift(points.subarray(0, layout.dim))))(...args);
      });
      return result;
    });
}
