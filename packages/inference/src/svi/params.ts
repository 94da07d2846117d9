/** Parameters as one flat vector: what optimisers and programs see. Unconstrained space throughout. */
import { sizeOf, tf, type NdArray, type Shape } from '@pyro-ts/ops';
import type { Segment } from '../optim';

/** Parameters by name, unconstrained space, plain data. */
export type ParamValues = Readonly<Record<string, NdArray>>;

export interface ParamSegment extends Segment {
  readonly shape: Shape;
}

/** Where each parameter lies, in the order of the record. */
export function segmentsOf(params: ParamValues): readonly ParamSegment[] {
  let offset = 0;
  return Object.entries(params).map(([name, { shape }]) => {
    const segment = { name, offset, size: sizeOf(shape), shape };
    offset += segment.size;
    return segment;
  });
}

export function pack(params: ParamValues): Float64Array {
  const all = Object.values(params);
  const flat = new Float64Array(all.reduce((dim, { data }) => dim + data.length, 0));
  let offset = 0;
  for (const { data } of all) {
    flat.set(data, offset);
    offset += data.length;
  }
  return flat;
}

export function unpack(flat: Float64Array, segments: readonly ParamSegment[]): ParamValues {
  return Object.fromEntries(
    segments.map(({ name, offset, size, shape }) => [
      name,
      { data: flat.slice(offset, offset + size), shape, dtype: 'float32' as const },
    ]),
  );
}

/** The same cut on a tensor: traceable and differentiable. */
export function unpackTensor(
  flat: tf.Tensor,
  segments: readonly ParamSegment[],
): ReadonlyMap<string, tf.Tensor> {
  return new Map(
    segments.map(({ name, offset, size, shape }) => [
      name,
      tf.reshape(tf.slice(flat, [offset], [size]), [...shape]),
    ]),
  );
}
