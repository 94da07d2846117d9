/** Matrix products with broadcast batch dimensions. */
import type { NdArray, NumericArray, TensorSpec } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, formatShape } from '../errors';
import { booleanAttr, numberAttr } from './attrs';
import { binaryKernels } from './binary';
import { toNumber } from './elementwise';
import type { Attrs, KernelSpec } from './kernel';
import { broadcastShapes, broadcastStrides, collapse, eachRow } from './strided';
import { unaryKernels } from './unary';

/** c += a·b for one matrix; element (i, k) of a is at a0 + i·ai + k·ak, and b likewise. */
function multiply(
  [m, k, n]: readonly [number, number, number],
  a: NumericArray,
  a0: number,
  [ai, ak]: readonly [number, number],
  b: NumericArray,
  b0: number,
  [bk, bj]: readonly [number, number],
  c: NumericArray,
  c0: number,
): void {
  if (bj === 1 && n > 1) {
    for (let i = 0; i < m; i++) {
      const row = c0 + i * n;
      for (let p = 0; p < k; p++) {
        const s = a[a0 + i * ai + p * ak];
        const from = b0 + p * bk;
        for (let j = 0; j < n; j++) c[row + j] += s * b[from + j];
      }
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let p = 0; p < k; p++) s += a[a0 + i * ai + p * ak] * b[b0 + p * bk + j * bj];
      c[c0 + i * n + j] += s;
    }
  }
}

function inferMatMul([a, b]: readonly TensorSpec[], attrs: Attrs): TensorSpec[] {
  const [ra, rb] = [a.shape.length, b.shape.length];
  if (ra < 2 || rb < 2) {
    throw new ShapeError(
      `matMul: operands have shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}\n` +
        `  Fix: both need at least rank 2; reshape a vector to a row or a column.`,
    );
  }
  const [m, ka] = booleanAttr(attrs, 'transposeA') ? [a.shape[ra - 1], a.shape[ra - 2]] : a.shape.slice(-2);
  const [kb, n] = booleanAttr(attrs, 'transposeB') ? [b.shape[rb - 1], b.shape[rb - 2]] : b.shape.slice(-2);
  if (ka !== kb) {
    throw new ShapeError(
      `matMul: inner dimensions ${ka} and ${kb} of ${formatShape(a.shape)} and ${formatShape(b.shape)} differ` +
        `\n  Fix: the columns of the first must be the rows of the second; ${transposed(attrs)}.`,
    );
  }
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return [{ shape: [...batch, m, n], dtype: toNumber(a.dtype, b.dtype) }];
}

function matMul([a, b]: readonly NdArray[], attrs: Attrs, [out]: readonly TensorSpec[]): NumericArray[] {
  const [a1, a2] = a.shape.slice(-2);
  const [b1, b2] = b.shape.slice(-2);
  const [m, n] = out.shape.slice(-2);
  const k = booleanAttr(attrs, 'transposeA') ? a1 : a2;
  const sa: [number, number] = booleanAttr(attrs, 'transposeA') ? [1, a2] : [a2, 1];
  const sb: [number, number] = booleanAttr(attrs, 'transposeB') ? [1, b2] : [b2, 1];
  const c = allocate(out.dtype, sizeOf(out.shape));
  if (c.length === 0) return [c];
  const batch = out.shape.slice(0, -2);
  const strides = [a.shape, b.shape].map((s) => broadcastStrides(s.slice(0, -2), batch));
  const walk = collapse(
    [...batch, 1],
    [
      [...strides[0], 0],
      [...strides[1], 0],
    ],
  );
  const last = walk.shape.length - 1;
  let c0 = 0;
  eachRow(walk, [0, 0], ([oa, ob]) => {
    for (let i = 0; i < walk.shape[last]; i++) {
      const at = (oa + i * walk.strides[0][last]) * a1 * a2;
      const bt = (ob + i * walk.strides[1][last]) * b1 * b2;
      multiply([m, k, n], a.data, at, sa, b.data, bt, sb, c, c0);
      c0 += m * n;
    }
  });
  return [c];
}

const batchMatMul: KernelSpec = { inputs: ['a', 'b'], infer: inferMatMul, compute: matMul };

const ACTIVATIONS: Readonly<Record<string, KernelSpec>> = {
  relu: unaryKernels.Relu,
  relu6: unaryKernels.Relu6,
  elu: unaryKernels.Elu,
  sigmoid: unaryKernels.Sigmoid,
  leakyrelu: unaryKernels.LeakyRelu,
};

const fusedMatMul: KernelSpec = {
  inputs: ['a', 'b', 'bias?', 'preluActivationWeights?'],
  infer: inferMatMul,
  compute([a, b, ...rest], attrs, [out]) {
    // Weights come with the activation 'prelu' alone, with or without a bias before them.
    const activation = (attrs['activation'] as string | undefined) ?? 'linear';
    const bias = rest.length > (activation === 'prelu' ? 1 : 0) ? rest[0] : undefined;
    const wrap = (data: NumericArray): NdArray => ({ ...out, data });
    let y = wrap(matMul([a, b], attrs, [out])[0]);
    if (bias !== undefined) y = wrap(binaryKernels.Add.compute([y, bias], {}, [out])[0]);
    if (activation === 'prelu') return binaryKernels.Prelu.compute([y, rest[rest.length - 1]], {}, [out]);
    if (activation === 'linear') return [y.data];
    const alpha = { alpha: numberAttr(attrs, 'leakyreluAlpha', 0.2) };
    return ACTIVATIONS[activation].compute([y], alpha, [out]);
  },
};

export const matmulKernels = { BatchMatMul: batchMatMul, _FusedMatMul: fusedMatMul };

/** Advice on the flags as they are. */
function transposed(attrs: Attrs): string {
  const names = ['transposeA', 'transposeB'].filter((name) => booleanAttr(attrs, name));
  return names.length === 0
    ? 'to transpose one, pass transposeA or transposeB'
    : `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} set`;
}
