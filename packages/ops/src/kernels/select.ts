/** Kernels that pick, sum or pass on whole operands. */
import type { NumericArray } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { convert } from '../data/tensor-like';
import { ShapeError, formatShape } from '../errors';
import { dtypeAttr, sameShape } from './attrs';
import { toNumber, upcast } from './elementwise';
import type { KernelSpec } from './kernel';
import { broadcastShapes, broadcastStrides, collapse, eachRow } from './strided';

/** `t` where the condition holds, else `e`; all three broadcast (tfjs's kernel wants equal shapes). */
const select: KernelSpec = {
  inputs: ['condition', 't', 'e'],
  infer: ([c, t, e]) => {
    const shape = broadcastShapes(broadcastShapes(c.shape, t.shape), e.shape);
    return [{ shape, dtype: upcast(t.dtype, e.dtype) }];
  },
  compute([c, t, e], _attrs, [out]) {
    const n = sizeOf(out.shape);
    const y = allocate(out.dtype, n);
    if (sameShape(c.shape, t.shape) && sameShape(t.shape, e.shape)) {
      for (let i = 0; i < n; i++) y[i] = c.data[i] !== 0 ? t.data[i] : e.data[i];
      return [y];
    }
    const walk = collapse(
      out.shape,
      [c.shape, t.shape, e.shape].map((s) => broadcastStrides(s, out.shape)),
    );
    const last = walk.shape.length - 1;
    const [sc, st, se] = walk.strides.map((s) => s[last]);
    let at = 0;
    eachRow(walk, [0, 0, 0], ([oc, ot, oe]) => {
      for (let i = 0; i < walk.shape[last]; i++) {
        y[at++] = c.data[oc + i * sc] !== 0 ? t.data[ot + i * st] : e.data[oe + i * se];
      }
    });
    return [y];
  },
};

const addN: KernelSpec = {
  inputs: 'list',
  infer: (inputs) => {
    for (const { shape } of inputs) {
      if (!sameShape(shape, inputs[0].shape)) {
        throw new ShapeError(
          `AddN: shapes ${inputs.map((i) => formatShape(i.shape)).join(', ')} differ\n  Fix: broadcast them first.`,
        );
      }
    }
    return [{ shape: inputs[0].shape, dtype: toNumber(...inputs.map((i) => i.dtype)) }];
  },
  compute(inputs, _attrs, [out]) {
    const y = allocate(out.dtype, sizeOf(out.shape));
    for (const { data } of inputs) for (let i = 0; i < y.length; i++) y[i] += data[i];
    return [y];
  },
};

/** Values unchanged; the result may share the operand's storage. */
export const passThrough: KernelSpec = {
  inputs: ['x'],
  infer: ([x]) => [x],
  compute: ([x]) => [x.data],
};

const cast: KernelSpec = {
  inputs: ['x'],
  infer: ([x], attrs) => [{ shape: x.shape, dtype: dtypeAttr(attrs, 'dtype', x.dtype) }],
  compute([x], _attrs, [out]): NumericArray[] {
    return [x.dtype === out.dtype ? x.data : convert(x.data, out.dtype)];
  },
};

export const selectKernels = {
  Select: select,
  AddN: addN,
  Cast: cast,
  Identity: passThrough,
  StopGradient: passThrough,
};
