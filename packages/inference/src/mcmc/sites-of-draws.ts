/** From points in unconstrained space to the sites that users asked about. */
import type { UnconstrainedModel } from '@pyro-ts/core';
import { allocate, sizeOf, type NdArray } from '@pyro-ts/ops';
import { compileRowsIfTraceable } from '../batched/row-program';

/** The model run op by op for every point. */
function pointByPoint(
  model: UnconstrainedModel,
  points: Float64Array,
  count: number,
): Record<string, NdArray> {
  const at = (i: number) => model.postprocess(points.subarray(i * model.dim, (i + 1) * model.dim));
  const columns = Object.entries(at(0)).map(([name, { shape, dtype }]) => ({
    name,
    all: { data: allocate(dtype, count * sizeOf(shape)), shape: [count, ...shape], dtype },
  }));
  for (let i = 0; i < count; i++) {
    const sites = at(i);
    for (const { name, all } of columns) all.data.set(sites[name].data, i * sites[name].data.length);
  }
  return Object.fromEntries(columns.map(({ name, all }) => [name, all]));
}

/**
 * Latent and deterministic sites of many points. Every point has the bits that it has alone.
 * @param points [count, dim] row-major
 * @returns site → [count, ...shape]
 */
export function sitesOfDraws(
  model: UnconstrainedModel,
  points: Float64Array,
): Readonly<Record<string, NdArray>> {
  const constrained = model.constrainMany(points);
  if (constrained !== undefined) return constrained;
  const count = points.length / model.dim;
  const specs = [{ shape: [model.dim], dtype: 'float32' as const }];
  const program = compileRowsIfTraceable(([q]) => model.sitesAt(q), specs, 'scan', count);
  if (program === undefined) return pointByPoint(model, points, count);
  const sites = program.run([points], count);
  program.dispose();
  return sites;
}
