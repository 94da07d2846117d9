/** Batch and event shape of a family from the shapes of its parameters. */
import type { Shape } from '@pyro-ts/ops';
import { isDistribution } from '../distribution';
import type { InferredShapes } from './factory';
import type { Param } from './params';
import { broadcastBatch, type NamedShape } from './shapes';

function shapeOf(value: unknown): Shape {
  return Array.isArray(value) ? (value as Shape) : (value as { readonly shape: Shape }).shape;
}

/**
 * @param values tensor parameters as tensors, NdArrays or plain shapes; distributions and settings as they are
 * @throws {ShapeError} if they do not broadcast
 */
export function inferFamilyShapes(
  family: string,
  specs: readonly Param[],
  values: Readonly<Record<string, unknown>>,
  eventShape: ((shapes: never) => Shape) | undefined,
): InferredShapes {
  const batched: NamedShape[] = [];
  const shapes: Record<string, unknown> = {};
  for (const { name, kind, eventDim } of specs) {
    const value = values[name];
    if (value === undefined) continue;
    if (kind === 'tensor') {
      shapes[name] = shapeOf(value);
      batched.push({ name, shape: shapeOf(value), eventDim });
    } else {
      shapes[name] = value;
      if (isDistribution(value)) batched.push({ name, shape: value.batchShape, eventDim: 0 });
    }
  }
  const batchShape = broadcastBatch(family, batched);
  return { batchShape, eventShape: eventShape?.(shapes as never) ?? [] };
}
