/** Broadcasting, with errors that say whose shapes do not fit. */
import { formatShape, type Shape } from '@pyro-ts/ops';
import { ShapeError } from '../errors';

/** The broadcast of two shapes, or undefined if they do not fit. */
export function tryBroadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const out: number[] = [];
  for (let i = rank; i > 0; i--) {
    const m = a[a.length - i] ?? 1;
    const n = b[b.length - i] ?? 1;
    if (m !== n && m !== 1 && n !== 1) return undefined;
    out.push(m === 1 ? n : m);
  }
  return out;
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** What an error can name: printed only if there is one. */
export interface Printable {
  toString(): string;
}

export interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
  /** Rightmost dimensions that do not broadcast. */
  readonly eventDim: number;
}

/**
 * The common batch shape of parameters.
 * @throws {ShapeError} if one has too few dimensions or two do not broadcast
 */
export function broadcastBatch(family: string, shapes: readonly NamedShape[]): Shape {
  let batch: Shape = [];
  for (const { name, shape, eventDim } of shapes) {
    if (shape.length < eventDim) {
      throw new ShapeError(
        `parameter '${name}' of ${family} has shape ${formatShape(shape)}, but needs at least ${eventDim} dimension(s)`,
        `give '${name}' its event dimensions, e.g. an array instead of a number.`,
      );
    }
    const next = tryBroadcast(batch, shape.slice(0, shape.length - eventDim));
    if (next === undefined) {
      const list = shapes.map((s) => `${s.name}: ${formatShape(s.shape)}`).join(', ');
      throw new ShapeError(
        `parameters of ${family} do not broadcast: ${list}`,
        'make the shapes equal from the right, or add dimensions of size 1.',
      );
    }
    batch = next;
  }
  return batch;
}

/**
 * Shape of a log density: the value's leading dimensions broadcast with the batch shape.
 * @throws {ShapeError} if the value's event dimensions or its batch dimensions do not fit
 */
export function logProbShape(what: Printable, value: Shape, batch: Shape, event: Shape): Shape {
  const split = value.length - event.length;
  const lead = split < 0 ? undefined : tryBroadcast(value.slice(0, split), batch);
  if (lead !== undefined && sameShape(value.slice(split), event)) return lead;
  throw new ShapeError(
    `value has shape ${formatShape(value)}; ${what.toString()} has batch shape ${formatShape(batch)} and event shape ${formatShape(event)}`,
    `pass a value of shape [...sample${[...batch, ...event].map((n) => `, ${n}`).join('')}].`,
  );
}
