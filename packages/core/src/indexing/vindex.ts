/** Indexing by several tensors that broadcast against each other. */
import { ArgumentError } from '@pyro-ts/distributions';
import { describeValue, formatShape, lift, sizeOf, tf, type Shape, type TensorLike } from '@pyro-ts/ops';

/** A position (number or integer tensor), `':'` for a whole dim, or `'...'` (first only) for the batch dims on the left. */
export type Index = TensorLike | ':' | '...';

/** A dim of the table that is indexed, with its positions. */
interface Indexed {
  readonly axis: number;
  readonly positions: tf.Tensor;
}

/**
 * `table[i, j, :]` where i and j broadcast against each other: element [..., b, c] of the result is
 * `table[i[..., b], j[..., b], c]`. Whole dims come last. With `'...'` in front the dims it stands for are batch dims,
 * which broadcast with the positions. Like Pyro's `Vindex`.
 * @param table shape [...batch, ...indexed and whole dims]; trailing dims not mentioned are whole
 * @returns shape [...(batch and positions broadcast), ...whole dims]
 * @throws {ArgumentError} if there are more indices than dims, or `'...'` is not first
 */
export function vindex(table: TensorLike, indices: readonly Index[]): tf.Tensor {
  return tf.tidy(() => {
    const t = lift(table);
    const hasBatch = indices[0] === '...';
    const given = hasBatch ? indices.slice(1) : indices;
    if (!areAfterBatch(given)) throw misplaced();
    if (given.length > t.rank) throw tooMany(t.shape, given.length);
    const batchRank = hasBatch ? t.rank - given.length : 0;
    const indexed = [
      ...Array.from({ length: batchRank }, (_, i) => batchPositions(t.shape[i], i, batchRank)),
      ...given.flatMap((index, i) =>
        index === ':' ? [] : [positionsOf(index, batchRank + i, t.shape[batchRank + i])],
      ),
    ];
    return indexed.length === 0 ? t : gatherAll(t, indexed);
  });
}

type Plain = Exclude<Index, '...'>;

const areAfterBatch = (indices: readonly Index[]): indices is readonly Plain[] => !indices.includes('...');

function gatherAll(table: tf.Tensor, indexed: readonly Indexed[]): tf.Tensor {
  const axes = indexed.map(({ axis }) => axis);
  const whole = table.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...axes, ...whole];
  const sorted = order.every((axis, i) => axis === i) ? table : tf.transpose(table, order);
  const sizes = axes.map((axis) => table.shape[axis]);
  const flat = tf.reshape(sorted, [sizeOf(sizes), ...whole.map((axis) => table.shape[axis])]);
  const strides = sizes.map((_, i) => sizeOf(sizes.slice(i + 1)));
  const terms = indexed.map(({ positions }, i) =>
    strides[i] === 1 ? positions : tf.mul(positions, lift(strides[i], 'int32')),
  );
  return tf.gather(
    flat,
    terms.reduce((a, b) => tf.add(a, b)),
  );
}

/** A batch dim is indexed by its own positions, which broadcast as the dim itself does. */
function batchPositions(size: number, axis: number, batchRank: number): Indexed {
  const shape = [size, ...Array.from({ length: batchRank - 1 - axis }, () => 1)];
  const data = Int32Array.from({ length: size }, (_, i) => i);
  return { axis, positions: lift({ data, shape, dtype: 'int32' }) };
}

function positionsOf(index: TensorLike, axis: number, size: number): Indexed {
  if (typeof index === 'number') return { axis, positions: lift(index < 0 ? index + size : index, 'int32') };
  return { axis, positions: lift(index, 'int32') };
}

function misplaced(): ArgumentError {
  return new ArgumentError(
    "vindex: '...' stands for the batch dims on the left and must be the first index",
    "write vindex(table, ['...', i, j]).",
  );
}

function tooMany(shape: Shape, count: number): ArgumentError {
  return new ArgumentError(
    `vindex: ${describeValue(count)} indices for a table of shape ${formatShape(shape)}`,
    'give at most one index for each dim.',
  );
}
