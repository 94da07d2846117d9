/** From points in unconstrained space to the sites that users asked about. */
import { compile, TracedValueError } from '@pyro-ts/compiler';
import type { UnconstrainedModel } from '@pyro-ts/core';
import { allocate, sizeOf, type DType, type NdArray, type NumericArray, type Shape } from '@pyro-ts/ops';

interface Column {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The sites of one point after another. */
interface PointReader {
  readonly columns: readonly Column[];
  readonly read: (q: Float64Array) => readonly NumericArray[];
}

/** One program for all points: the model's arguments do not change between draws. */
function compiledReader(model: UnconstrainedModel): PointReader {
  let names: readonly string[] = [];
  const program = compile(
    (q) => {
      const sites = model.sitesAt(q);
      names = Object.keys(sites);
      return Object.values(sites);
    },
    { inputs: [{ shape: [model.dim] }] },
  );
  const columns = program.outputs.map((spec, i) => ({ ...spec, name: names[i] }));
  return { columns, read: (q) => program.run([q]) };
}

/** The model run op by op for every point. */
function eagerReader(model: UnconstrainedModel, first: Float64Array): PointReader {
  const columns = Object.entries(model.postprocess(first)).map(([name, { shape, dtype }]) => ({
    name,
    shape,
    dtype,
  }));
  return { columns, read: (q) => Object.values(model.postprocess(q)).map(({ data }) => data) };
}

function readerOf(model: UnconstrainedModel, first: Float64Array): PointReader {
  try {
    return compiledReader(model);
  } catch (error) {
    if (error instanceof TracedValueError) return eagerReader(model, first);
    throw error;
  }
}

/**
 * Latent and deterministic sites of many points.
 * @param points [count, dim] row-major
 * @returns site → [count, ...shape]
 */
export function sitesOfDraws(
  model: UnconstrainedModel,
  points: Float64Array,
): Readonly<Record<string, NdArray>> {
  const constrained = model.constrainMany(points);
  if (constrained !== undefined) return constrained;
  const { dim } = model;
  const count = points.length / dim;
  const { columns, read } = readerOf(model, points.subarray(0, dim));
  const data = columns.map(({ dtype, shape }) => allocate(dtype, count * sizeOf(shape)));
  for (let i = 0; i < count; i++) {
    const values = read(points.subarray(i * dim, (i + 1) * dim));
    values.forEach((value, k) => data[k].set(value, i * value.length));
  }
  return Object.fromEntries(
    columns.map(({ name, shape, dtype }, k) => [name, { data: data[k], shape: [count, ...shape], dtype }]),
  );
}
