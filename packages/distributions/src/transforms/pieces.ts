/** Different transforms for different parts of an axis. */
import { tf } from '@pyro-ts/ops';
import { cat, stack } from '../constraints';
import { sumLast } from '../constraints/parts';
import { defineTransform, type Transform } from './transform';

const axisOf = (dim: number, rank: number): number => (dim < 0 ? dim + rank : dim);

/**
 * Consecutive pieces of an axis go through a transform each; none may change the length of its piece.
 * @param lengths of the pieces; default 1 each
 */
export function CatTransform(
  parts: readonly Transform[],
  dim = 0,
  lengths: readonly number[] = parts.map(() => 1),
): Transform {
  const domain = cat(
    parts.map((part) => part.domain),
    dim,
    lengths,
  );
  const codomain = cat(
    parts.map((part) => part.codomain),
    dim,
    lengths,
  );
  const split = (x: tf.Tensor): tf.Tensor[] => tf.split(x, [...lengths], axisOf(dim, x.rank));
  const joined = (x: tf.Tensor, f: (part: Transform, piece: tf.Tensor) => tf.Tensor): tf.Tensor =>
    tf.concat(
      split(x).map((piece, i) => f(parts[i], piece)),
      axisOf(dim, x.rank),
    );
  const logDet = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => {
    const ys = split(y);
    const terms = split(x).map((piece, i) =>
      sumLast(parts[i].logAbsDetJacobian(piece, ys[i]), domain.eventDim - parts[i].domain.eventDim),
    );
    const axis = axisOf(dim, x.rank);
    // Inside the event the pieces' terms add up; along a batch axis they stay side by side.
    return axis >= x.rank - domain.eventDim ? terms.reduce((a, b) => tf.add(a, b)) : tf.concat(terms, axis);
  };
  return defineTransform({
    name: 'CatTransform',
    args: { parts, dim, lengths },
    domain,
    codomain,
    forward: (x) => joined(x, (part, piece) => part.call(piece)),
    backward: (y) => joined(y, (part, piece) => part.inverse(piece)),
    ...(parts.every((part) => part.bijective) && { logDet }),
  });
}

/** Slices of an axis go through a transform each. */
export function StackTransform(parts: readonly Transform[], dim = 0): Transform {
  const domain = stack(
    parts.map((part) => part.domain),
    dim,
  );
  const codomain = stack(
    parts.map((part) => part.codomain),
    dim,
  );
  const inner = Math.max(...parts.map((part) => part.domain.eventDim));
  const joined = (x: tf.Tensor, f: (part: Transform, slice: tf.Tensor) => tf.Tensor): tf.Tensor => {
    const axis = axisOf(dim, x.rank);
    return tf.stack(
      tf.unstack(x, axis).map((slice, i) => f(parts[i], slice)),
      axis,
    );
  };
  const logDet = (x: tf.Tensor, y: tf.Tensor): tf.Tensor => {
    const axis = axisOf(dim, x.rank);
    const ys = tf.unstack(y, axis);
    const terms = tf
      .unstack(x, axis)
      .map((slice, i) => sumLast(parts[i].logAbsDetJacobian(slice, ys[i]), inner - parts[i].domain.eventDim));
    return domain.eventDim > inner ? terms.reduce((a, b) => tf.add(a, b)) : tf.stack(terms, axis);
  };
  return defineTransform({
    name: 'StackTransform',
    args: { parts, dim },
    domain,
    codomain,
    forward: (x) => joined(x, (part, slice) => part.call(slice)),
    backward: (y) => joined(y, (part, slice) => part.inverse(slice)),
    ...(parts.every((part) => part.bijective) && { logDet }),
  });
}
