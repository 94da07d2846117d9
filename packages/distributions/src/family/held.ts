/** How a distribution keeps what it was given: tensors as they are, everything else as plain data (no tensor to leak). */
import {
  formatShape,
  isNdArray,
  isTensor,
  lift,
  toNdArray,
  type NdArray,
  type Shape,
  type TensorLike,
  type tf,
} from '@pyro-ts/ops';
import { ArgumentError } from '../errors';
import { isDistribution, type Distribution } from '../distribution';

import type { Param } from './params';

export type Held = NdArray | tf.Tensor;

/** @throws {ArgumentError} if `value` is neither a number, an array, an NdArray nor a tensor */
export function holdTensor(family: string, name: string, value: unknown): Held {
  if (isTensor(value)) return value;
  const isLike =
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    isNdArray(value);
  if (isLike) return toNdArray(value as TensorLike);
  const got = isDistribution(value) ? String(value) : value === null ? 'null' : typeof value;
  throw new ArgumentError(
    `parameter '${name}' of ${family} must be a number, an array or a tensor, got ${got}`,
    isDistribution(value)
      ? `draw a value first: const ${name} = sample('${name}', …).`
      : `pass '${name}' as a number, a (nested or typed) array, an NdArray or a tensor.`,
  );
}

/** @throws {ArgumentError} if `value` is not a distribution */
export function holdDistribution(family: string, name: string, value: unknown): Distribution {
  if (isDistribution(value)) return value;
  throw new ArgumentError(
    `parameter '${name}' of ${family} must be a distribution, got ${typeof value}`,
    `pass a distribution, e.g. ${family}({ ${name}: Normal(0, 1), … }).`,
  );
}

/** As it is kept: see the kinds of `Param`. */
export function hold(family: string, spec: Param, value: unknown): unknown {
  switch (spec.kind) {
    case 'tensor':
      return holdTensor(family, spec.name, value);
    case 'distribution':
      return holdDistribution(family, spec.name, value);
    case 'setting':
      return value;
    default:
      return spec.kind satisfies never;
  }
}

/** A float tensor of a held parameter; the caller's own tensor if it was one. */
export const liftHeld = (held: Held): tf.Tensor => lift(held, 'float32');

export const heldShape = (held: Held): Shape => held.shape;

/** `0.5` for a number, `[7]` for the shape of anything else that is numeric, the text of the rest. */
export function describeHeld(held: unknown): string {
  if (isNdArray(held)) return held.shape.length === 0 ? String(held.data[0]) : formatShape(held.shape);
  if (isTensor(held)) return formatShape(held.shape);
  if (Array.isArray(held)) return `[${held.map(describeHeld).join(', ')}]`;
  if (typeof held === 'function') return held.name === '' ? 'function' : held.name;
  return String(held);
}
