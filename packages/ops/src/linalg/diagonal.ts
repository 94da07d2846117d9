/** Diagonals, triangles and outer products. */
import * as tfjs from '@tensorflow/tfjs';
import { lift, upload, type TensorLike } from '../data/tensor-like';
import { ShapeError, formatShape } from '../errors';
import * as p from '../gradients/primitives';
import { runKernel } from '../kernels/run';
import { bandMask } from './band';

/** The identity matrix, [n, n]. */
export function eye(n: number): tfjs.Tensor {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * (n + 1)] = 1;
  return upload(data, [n, n], 'float32');
}

function matrix(op: string, x: TensorLike): tfjs.Tensor {
  const t = lift(x);
  if (t.rank < 2) {
    throw new ShapeError(
      `${op}: shape ${formatShape(t.shape)} is not a matrix\n  Fix: pass [..., rows, columns].`,
    );
  }
  return t;
}

/** Entries on and below diagonal k (0: the main one, negative: below it), the rest 0. */
export function tril(x: TensorLike, k = 0): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = matrix('tril', x);
    return p.keepWhere(
      bandMask(t.shape, (i, j) => j - i <= k),
      t,
    );
  });
}

/** Entries on and above diagonal k, the rest 0. */
export function triu(x: TensorLike, k = 0): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = matrix('triu', x);
    return p.keepWhere(
      bandMask(t.shape, (i, j) => j - i >= k),
      t,
    );
  });
}

/** The main diagonals of [..., n, m], as [..., min(n, m)]. */
export function diagPart(x: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = matrix('diagPart', x);
    const [rows, columns] = t.shape.slice(-2);
    const indices = Int32Array.from({ length: Math.min(rows, columns) }, (_, i) => i * (columns + 1));
    return takeFlat(t, indices);
  });
}

/** Square matrices [..., n, n] with the vectors [..., n] on their diagonals. */
export function matrixDiag(x: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = lift(x);
    const n = t.shape[t.rank - 1];
    if (t.rank === 0) throw new ShapeError('matrixDiag: a scalar has no diagonal\n  Fix: pass a vector.');
    const shape = [...t.shape, n];
    const rows = p.broadcastTo(p.reshape(t, [...t.shape, 1]), shape);
    return p.keepWhere(
      bandMask(shape, (i, j) => i === j),
      rows,
    );
  });
}

/** `matrixDiag` of a vector, `diagPart` of a matrix (NumPy's diag). */
export function diag(x: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const t = lift(x);
    return t.rank < 2 ? matrixDiag(t) : diagPart(t);
  });
}

/** x yᵀ: [..., n] and [..., m] to [..., n, m]; batch dimensions broadcast. */
export function outer(x: TensorLike, y: TensorLike): tfjs.Tensor {
  return tfjs.tidy(() => {
    const [a, b] = [lift(x, 'float32'), lift(y, 'float32')];
    return p.mul(
      p.reshape(a, [...a.shape, 1]),
      p.reshape(b, [...b.shape.slice(0, -1), 1, b.shape[b.rank - 1]]),
    );
  });
}

/** Entries of [..., n, m] at flat positions within each matrix. */
export function takeFlat(t: tfjs.Tensor, positions: Int32Array): tfjs.Tensor {
  const batch = t.shape.slice(0, -2);
  const flat = p.reshape(t, [...batch, t.shape[t.rank - 2] * t.shape[t.rank - 1]]);
  const indices = upload(positions, [positions.length], 'int32');
  return runKernel('GatherV2', { x: flat, indices }, { axis: batch.length, batchDims: 0 });
}
