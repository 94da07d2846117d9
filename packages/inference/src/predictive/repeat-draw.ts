/** Runs one draw many times: first eagerly, then as a program that makes many draws a call. */
import { withoutValidation } from '@pyro-ts/core';
import { lift, scoped, sizeOf, toNdArray, type Shape, type tf } from '@pyro-ts/ops';
import { compileRowsIfTraceable } from '../batched/row-program';
import { drawAt, stackDraws, type Draws } from './draws';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** @param index int32 scalar: which draw @param given values of sites */
export type DrawOnce = (index: tf.Tensor, given: Tensors) => Tensors;

/** Fewer draws than this cost less than compiling. */
const worthCompiling = 16;

const mapRecord = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(a)]));

const eagerly = (draw: DrawOnce, i: number, given: Draws): Draws =>
  scoped(() =>
    mapRecord(
      draw(
        lift(i, 'int32'),
        mapRecord(given, (value) => lift(value)),
      ),
      toNdArray,
    ),
  );

/** All draws by a program; undefined for a model that reads the value of a tensor, or if a draw fails. */
function compiled(draw: DrawOnce, given: Draws, batchNdims: number, leading: Shape): Draws | undefined {
  const count = sizeOf(leading);
  const sites = Object.keys(given);
  const values = Object.values(given);
  const program = compileRowsIfTraceable(
    ([index, ...inputs]) => draw(index, Object.fromEntries(sites.map((name, i) => [name, inputs[i]]))),
    [
      { shape: [], dtype: 'int32' },
      ...values.map(({ shape, dtype }) => ({ shape: shape.slice(batchNdims), dtype })),
    ],
    'scan',
    count,
  );
  if (program === undefined) return undefined;
  const indices = Int32Array.from({ length: count }, (_, i) => i);
  let rows: Draws;
  try {
    rows = program.run([indices, ...values.map(({ data }) => data)], count);
  } catch {
    // Met again draw by draw, where the message can name the site.
    return undefined;
  } finally {
    program.dispose();
  }
  return mapRecord(rows, (row) => ({ ...row, shape: [...leading, ...row.shape.slice(1)] }));
}

/**
 * Draws 0, 1, …, one for each place of the leading dims. Arguments and values are checked in the first one, which runs
 * eagerly; the others differ from it in their numbers only.
 * @param given values of sites, [...leading, ...site]
 * @returns [...leading, ...site]
 */
export function repeatDraw(draw: DrawOnce, given: Draws, batchNdims: number, leading: Shape): Draws {
  const count = sizeOf(leading);
  const at = (i: number): Draws => drawAt(given, batchNdims, i);
  const first = eagerly(draw, 0, at(0));
  const all = count >= worthCompiling ? compiled(draw, given, batchNdims, leading) : undefined;
  if (all !== undefined) return all;
  const rows = [first];
  for (let i = 1; i < count; i++) rows.push(withoutValidation(() => eagerly(draw, i, at(i))));
  return stackDraws(rows, leading);
}
