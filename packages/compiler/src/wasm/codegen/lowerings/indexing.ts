/** Gathering rows from places given by indices, and adding or writing rows to such places. */
import { sizeOf, type Shape } from '@pyro-ts/ops';
import type { ValueDType } from '../../../graph/graph';
import type { Value } from '../../assembler';
import { axisAttr } from '../axes';
import type { KernelContext } from '../kernel-context';
import type { Elementwise, Loops, NodeTypes, Reduction } from '../lowering';
import { loadVector, storeLanes, type Address } from '../memory-lanes';
import { readNumber, writeNumber } from './numbers';
import { rowMajor } from '../view';

type RowAction = 'copy' | 'add';

/** Rows up to this many vectors are written out. */
const unrolledVectors = 8;

/** One row of `n` elements to another place. */
function moveRow(
  c: KernelContext,
  dtype: ValueDType,
  from: Address,
  to: Address,
  n: number,
  action: RowAction,
): void {
  const { lanes: l } = c;
  const bytes = c.bytes(dtype);
  const part = (source: Address, target: Address, count: number): void => {
    const extent = count === 1 ? 'first' : 'vector';
    let value = loadVector(l, dtype, source, extent);
    if (action === 'add') {
      const before = loadVector(l, dtype, target, extent);
      value = dtype === 'float' ? l.op('add', before, value) : l.int('add', before, value);
    }
    storeLanes(l, dtype, target, value, count);
  };
  const vectors = Math.floor(n / l.width);
  const further = ({ pointer, offset }: Address, elements: number): Address => ({
    pointer,
    offset: offset + elements * bytes,
  });
  if (vectors <= unrolledVectors) {
    for (let v = 0; v < vectors; v++) part(further(from, v * l.width), further(to, v * l.width), l.width);
  } else {
    c.range(vectors, 1, (i) => {
      const at = c.scaled(i(), l.width * bytes);
      part(c.moved(from, at), c.moved(to, at), l.width);
    });
  }
  for (let i = vectors * l.width; i < n; i++) part(further(from, i), further(to, i), 1);
}

/** If an index is out of range, the kernel's own JavaScript runs, and throws its error. Constants were looked at now. */
function checkIndices(c: KernelContext, operand: number, limits: readonly number[]): void {
  const { f } = c;
  const n = sizeOf(c.inputType(operand).shape);
  const known = c.constant(operand);
  if (known !== undefined) {
    for (let i = 0; i < n; i++) {
      if (!(known[i] >= 0 && known[i] < limits[i % limits.length])) return c.reportError();
    }
    return;
  }
  const bad = f.variable(f.i32(0));
  const start = c.input(operand);
  c.range(n / limits.length, 1, (i) => {
    const at = c.scaled(i(), 4 * limits.length);
    limits.forEach((limit, k) => {
      const { pointer, offset } = c.moved(start, at);
      const outside = f.op('i32.ge_u', f.load('i32.load', pointer, offset + 4 * k), f.i32(limit));
      f.set(bad, f.op('i32.or', f.get(bad), outside));
    });
  });
  f.if(f.get(bad), () => c.reportError());
}

const indexAt = (c: KernelContext, base: Address, element: Value): Value => {
  const { pointer, offset } = c.moved(base, c.scaled(element, 4));
  return c.f.load('i32.load', pointer, offset);
};

/** Walks [batch, outer, count]; the body moves row (b, o, c) of the long side to or from its place on the short side. */
function gatherLike(c: KernelContext, x: Shape, action: RowAction): void {
  const indices = c.inputType(1).shape;
  const axis = axisAttr(c.attrs, 'axis', x.length);
  const given = (c.attrs['batchDims'] as number | undefined) ?? 0;
  const batchDims = given < 0 ? given + indices.length : given;
  const batch = sizeOf(x.slice(0, batchDims));
  const outer = sizeOf(x.slice(batchDims, axis));
  const inner = sizeOf(x.slice(axis + 1));
  const count = sizeOf(indices.slice(batchDims));
  const { dtype } = c.outputType();
  const bytes = c.bytes(dtype) * inner;
  checkIndices(c, 1, [x[axis]]);
  const at = c.input(1);
  const [short, long] = action === 'copy' ? [c.input(0), c.output()] : [c.output(), c.input(0)];
  c.range(batch, 1, (b) =>
    c.range(outer, 1, (o) =>
      c.range(count, 1, (k) => {
        const slab = c.plus(c.scaled(b(), outer), o());
        const index = indexAt(c, at, c.plus(c.scaled(b(), count), k()));
        const row = c.moved(short, c.scaled(c.plus(c.scaled(slab, x[axis]), index), bytes));
        const other = c.moved(long, c.scaled(c.plus(c.scaled(slab, count), k()), bytes));
        if (action === 'copy') moveRow(c, dtype, row, other, inner, 'copy');
        else moveRow(c, dtype, other, row, inner, 'add');
      }),
    ),
  );
}

const notBool = ({
  outputs: [{ dtype }],
}: {
  readonly outputs: readonly { readonly dtype: ValueDType }[];
}): boolean => dtype !== 'bool';

const intIndices =
  (operand: number) =>
  ({ inputs }: { readonly inputs: readonly { readonly dtype: ValueDType }[] }): boolean =>
    inputs[operand].dtype === 'int';

const gather: Loops = {
  kind: 'loops',
  accepts: intIndices(1),
  emit: (c) => gatherLike(c, c.inputType(0).shape, 'copy'),
};

/** A gather from a vector at known places, as part of the loop that uses it. */
export const gatherElements: Elementwise = {
  kind: 'elementwise',
  gathers: true,
  emit: (_l, [gathered]) => gathered.value,
};

/** Whether `gatherElements` can do it. */
export function gathersElements(
  { inputs: [x, indices], attrs }: NodeTypes,
  known: ArrayLike<number> | undefined,
): boolean {
  if (known === undefined || x.dtype !== 'float' || indices.dtype !== 'int' || x.shape.length !== 1)
    return false;
  if (attrs['batchDims'] !== undefined && attrs['batchDims'] !== 0) return false;
  for (let i = 0; i < known.length; i++) if (!(known[i] >= 0 && known[i] < x.shape[0])) return false;
  return true;
}

/** Sums into a vector at known places, as part of the loop that computes what is added. */
export const scatterElements: Reduction = {
  kind: 'reduction',
  scatters: true,
  identity: () => 0,
  combine: (l, a, b) => l.op('add', a, b),
};

/** Fewer elements than this are not a loop. */
const fewestScattered = 33;

/** Whether `scatterElements` can do it. */
export function scattersElements(
  kernel: string,
  { inputs, outputs: [out], attrs }: NodeTypes,
  known: ArrayLike<number> | undefined,
): boolean {
  if (kernel !== 'GatherV2Grad' && kernel !== 'UnsortedSegmentSum') return false;
  const [x, indices] = inputs;
  if (known === undefined || known.length < fewestScattered || indices.dtype !== 'int') return false;
  if (x.dtype !== 'float' || out.dtype !== 'float' || out.shape.length !== 1) return false;
  if (x.shape.join() !== indices.shape.join()) return false;
  if (attrs['batchDims'] !== undefined && attrs['batchDims'] !== 0) return false;
  for (let i = 0; i < known.length; i++) if (!(known[i] >= 0 && known[i] < out.shape[0])) return false;
  return true;
}

const gatherGrad: Loops = {
  kind: 'loops',
  accepts: (types) => notBool(types) && intIndices(1)(types),
  emit: (c) => {
    c.fill(0);
    gatherLike(c, c.outputType().shape, 'add');
  },
};

/** Rows named by tuples of indices into the leading axes of `shape`. */
function tupleRows(
  c: KernelContext,
  indices: number,
  shape: Shape,
  body: (row: () => Value, place: () => Value, length: number) => void,
): void {
  const { f } = c;
  const tuple = c.inputType(indices).shape.at(-1) ?? 1;
  const strides = rowMajor(shape);
  const length = sizeOf(shape.slice(tuple));
  checkIndices(c, indices, shape.slice(0, tuple));
  const base = c.input(indices);
  c.range(sizeOf(c.inputType(indices).shape.slice(0, -1)), 1, (r) => {
    const place = (): Value => {
      let at: Value | null = null;
      for (let d = 0; d < tuple; d++) {
        const { pointer, offset } = c.moved(base, c.scaled(r(), 4 * tuple));
        const term = c.scaled(f.load('i32.load', pointer, offset + 4 * d), strides[d]);
        at = at === null ? term : f.op('i32.add', at, term);
      }
      return at ?? f.i32(0);
    };
    body(r, place, length);
  });
}

const validTuples =
  (indices: number, target: (s: readonly { readonly shape: Shape }[]) => number) =>
  (types: { readonly inputs: readonly { readonly shape: Shape; readonly dtype: ValueDType }[] }): boolean => {
    const depth = types.inputs[indices].shape.at(-1) ?? 1;
    return types.inputs[indices].dtype === 'int' && depth >= 1 && depth <= target(types.inputs);
  };

const gatherNd: Loops = {
  kind: 'loops',
  accepts: validTuples(1, (inputs) => inputs[0].shape.length),
  emit: (c) => {
    const { shape, dtype } = c.inputType(0);
    const [source, target] = [c.input(0), c.output()];
    tupleRows(c, 1, shape, (row, place, length) => {
      const from = c.moved(source, c.scaled(place(), c.bytes(dtype)));
      moveRow(c, dtype, from, c.moved(target, c.scaled(row(), length * c.bytes(dtype))), length, 'copy');
    });
  },
};

const scatterNd: Loops = {
  kind: 'loops',
  accepts: (types) =>
    notBool(types) &&
    validTuples(0, () => types.outputs[0].shape.length)(types) &&
    sizeOf(types.inputs[1].shape) ===
      sizeOf(types.inputs[0].shape.slice(0, -1)) *
        sizeOf(types.outputs[0].shape.slice(types.inputs[0].shape.at(-1) ?? 1)),
  emit: (c) => {
    const { shape, dtype } = c.outputType();
    c.fill(0);
    const [source, target] = [c.input(1), c.output()];
    tupleRows(c, 0, shape, (row, place, length) => {
      const to = c.moved(target, c.scaled(place(), c.bytes(dtype)));
      moveRow(c, dtype, c.moved(source, c.scaled(row(), length * c.bytes(dtype))), to, length, 'add');
    });
  },
};

const unsortedSegmentSum: Loops = {
  kind: 'loops',
  accepts: (types) => notBool(types) && intIndices(1)(types),
  emit: (c) => {
    const { f } = c;
    const { shape, dtype } = c.outputType();
    c.fill(0);
    const length = sizeOf(shape.slice(1));
    const bytes = length * c.bytes(dtype);
    const [source, ids, target] = [c.input(0), c.input(1), c.output()];
    const known = c.constant(1);
    const top = shape[0];
    if (known !== undefined && Array.from(known).some((id) => id >= top)) return c.reportError();
    c.range(sizeOf(c.inputType(1).shape), 1, (r) => {
      const id = indexAt(c, ids, r());
      f.if(f.op('i32.lt_u', id, f.i32(top)), () => {
        const again = indexAt(c, ids, r());
        moveRow(
          c,
          dtype,
          c.moved(source, c.scaled(r(), bytes)),
          c.moved(target, c.scaled(again, bytes)),
          length,
          'add',
        );
      });
    });
  },
};

/** One number for all places, or one for each. */
const fitsRows = (updates: Shape, rows: number, length: number): boolean =>
  sizeOf(updates) === rows * length || sizeOf(updates) === 1;

/** Rows of updates over what an output holds; a single number fills the rows. */
function overwrite(c: KernelContext, indices: number, updates: number): void {
  const { shape, dtype } = c.outputType();
  const bytes = c.bytes(dtype);
  const single = sizeOf(c.inputType(updates).shape) === 1;
  const [source, target] = [c.input(updates), c.output()];
  tupleRows(c, indices, shape, (row, place, length) => {
    const to = c.moved(target, c.scaled(place(), bytes));
    const from = (i: Value): Address => (single ? source : c.moved(source, c.scaled(i, bytes)));
    if (!single) return moveRow(c, dtype, from(c.scaled(row(), length)), to, length, 'copy');
    const { pointer, offset } = to;
    const start = c.f.variable(pointer);
    c.range(length, 1, (i) => {
      const at = c.f.op('i32.add', c.f.get(start), c.scaled(i(), bytes));
      writeNumber(c, dtype, { pointer: at, offset }, readNumber(c, dtype, source));
    });
  });
}

const tensorScatterUpdate: Loops = {
  kind: 'loops',
  accepts: (types) => {
    const [tensor, indices, updates] = types.inputs;
    const rows = sizeOf(indices.shape.slice(0, -1));
    return (
      validTuples(1, (inputs) => inputs[0].shape.length)(types) &&
      indices.shape.length > 1 &&
      tensor.dtype === updates.dtype &&
      fitsRows(updates.shape, rows, sizeOf(tensor.shape.slice(indices.shape.at(-1))))
    );
  },
  emit: (c) => {
    const { shape, dtype } = c.outputType();
    moveRow(c, dtype, c.input(0), c.output(), sizeOf(shape), 'copy');
    overwrite(c, 1, 2);
  },
};

const sparseToDense: Loops = {
  kind: 'loops',
  accepts: (types) => {
    const [indices, values, rest] = types.inputs;
    const [{ shape }] = types.outputs;
    return (
      indices.dtype === 'int' &&
      indices.shape.length === 2 &&
      indices.shape[1] === shape.length &&
      values.dtype === rest.dtype &&
      fitsRows(values.shape, indices.shape[0], 1)
    );
  },
  emit: (c) => {
    const { shape, dtype } = c.outputType();
    const [rest, target] = [c.input(2), c.output()];
    c.range(sizeOf(shape), 1, (i) =>
      writeNumber(c, dtype, c.moved(target, c.scaled(i(), c.bytes(dtype))), readNumber(c, dtype, rest)),
    );
    overwrite(c, 0, 1);
  },
};

export const indexing = {
  TensorScatterUpdate: tensorScatterUpdate,
  SparseToDense: sparseToDense,
  GatherV2: gather,
  GatherV2Grad: gatherGrad,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  UnsortedSegmentSum: unsortedSegmentSum,
};
