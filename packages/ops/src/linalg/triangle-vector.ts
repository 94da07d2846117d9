/** Vectors as triangles of matrices, row by row: (1,0), (2,0), (2,1), … with `strict`, else (0,0), (1,0), (1,1), … */
import * as tfjs from '@tensorflow/tfjs';
import { lift, upload, type TensorLike } from '../data/tensor-like';
import { ShapeError, formatShape } from '../errors';
import * as p from '../gradients/primitives';
import { runKernel } from '../kernels/run';
import { takeFlat } from './diagonal';

export interface TriangleOptions {
  /** Leave out the diagonal. Default false. */
  readonly strict?: boolean;
}

/** Rows and columns of the lower triangle of an n × n matrix, row by row. */
export function trilIndices(
  n: number,
  { strict = false }: TriangleOptions = {},
): { readonly rows: Int32Array; readonly columns: Int32Array } {
  const rows: number[] = [];
  const columns: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < (strict ? i : i + 1); j++) {
      rows.push(i);
      columns.push(j);
    }
  }
  return { rows: Int32Array.from(rows), columns: Int32Array.from(columns) };
}

/** Lower triangular [..., n, n] with the entries of [..., n(n + 1)/2], or [..., n(n − 1)/2] with `strict`; 0 elsewhere. */
export function vecToTril(x: TensorLike, n: number, options: TriangleOptions = {}): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = lift(x);
    const { rows, columns } = trilIndices(n, options);
    if (t.rank === 0 || t.shape[t.rank - 1] !== rows.length) {
      throw new ShapeError(
        `vecToTril: shape ${formatShape(t.shape)} does not fill a ${n} × ${n} triangle\n` +
          `  Fix: make the last dimension ${rows.length}.`,
      );
    }
    const batch = t.shape.slice(0, -1);
    // One column of zeros in front serves every entry outside of the triangle.
    const positions = new Int32Array(n * n);
    rows.forEach((row, k) => (positions[row * n + columns[k]] = k + 1));
    const padded = runKernel('Concat', [p.cast(p.fill([...batch, 1], 0), t.dtype as 'float32'), t], {
      axis: batch.length,
    });
    const indices = upload(positions, [n * n], 'int32');
    const flat = runKernel('GatherV2', { x: padded, indices }, { axis: batch.length, batchDims: 0 });
    return p.reshape(flat, [...batch, n, n]);
  });
}

/** The inverse of `vecToTril`: the lower triangles of [..., n, n] as vectors. */
export function trilToVec(x: TensorLike, options: TriangleOptions = {}): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = lift(x);
    const n = t.shape[t.rank - 1];
    if (t.rank < 2 || t.shape[t.rank - 2] !== n) {
      throw new ShapeError(
        `trilToVec: shape ${formatShape(t.shape)} is not square\n  Fix: pass [..., n, n].`,
      );
    }
    const { rows, columns } = trilIndices(n, options);
    return takeFlat(
      t,
      rows.map((row, k) => row * n + columns[k]),
    );
  });
}
