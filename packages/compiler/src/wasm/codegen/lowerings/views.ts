/** Kernels that only rename elements. */
import type { Attrs } from '@pyro-ts/ops';
import { gathered } from './rearrangements';
import { axisAttr } from '../axes';
import type { Composite, Constant, NodeTypes, ViewLowering } from '../lowering';
import { broadcastStrides, reshapeView, type View } from '../view';

const list = (value: unknown): readonly number[] =>
  typeof value === 'number' ? [value] : ((value ?? []) as readonly number[]);

/** Starts at `begin` and steps by `step` along each axis. */
function window(
  input: View,
  shape: readonly number[],
  begin: readonly number[],
  step: readonly number[],
): View {
  const offset = input.strides.reduce((at, s, i) => at + s * begin[i], input.offset);
  return { ...input, shape, strides: input.strides.map((s, i) => s * step[i]), offset };
}

const ones = (shape: readonly number[]): number[] => shape.map(() => 1);

const reshape: ViewLowering = {
  kind: 'view',
  view: (input, { outputs: [{ shape }] }) => reshapeView(input, shape),
};

const same: ViewLowering = { kind: 'view', view: (input) => input };

const slice: ViewLowering = {
  kind: 'view',
  view: (input, { attrs, outputs: [{ shape }] }) => {
    const begin = list(attrs['begin']);
    return window(
      input,
      shape,
      input.shape.map((_, i) => begin[i] ?? 0),
      ones(shape),
    );
  },
};

const noMasks = ({ attrs, inputs: [{ shape }] }: NodeTypes): boolean =>
  ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].every(
    (m) => (attrs[m] ?? 0) === 0,
  ) && list(attrs['begin']).length === shape.length;

const stridedSlice: ViewLowering = {
  kind: 'view',
  accepts: noMasks,
  otherwise: gathered('StridedSlice'),
  view: (input, { attrs, outputs: [{ shape }] }) => {
    const step = (attrs['strides'] as readonly number[] | undefined) ?? ones(shape);
    const begin = list(attrs['begin']).map((b, i) => {
      const n = input.shape[i];
      const at = b < 0 ? b + n : b;
      return step[i] > 0 ? Math.min(Math.max(at, 0), n) : Math.min(Math.max(at, -1), n - 1);
    });
    return window(input, shape, begin, step);
  },
};

const transpose: ViewLowering = {
  kind: 'view',
  view: (input, { attrs }) => {
    const perm = attrs['perm'] as readonly number[];
    return { ...input, shape: perm.map((p) => input.shape[p]), strides: perm.map((p) => input.strides[p]) };
  },
};

function reversedAxes(attrs: Attrs, rank: number): number[] {
  const dims = attrs['dims'];
  if (dims === null || dims === undefined) return Array.from({ length: rank }, (_, i) => i);
  return list(dims).map((d) => (d < 0 ? d + rank : d));
}

const reverse: ViewLowering = {
  kind: 'view',
  view: (input, { attrs }) => {
    const axes = reversedAxes(attrs, input.shape.length);
    const begin = input.shape.map((n, i) => (axes.includes(i) ? n - 1 : 0));
    const step = input.shape.map((_, i) => (axes.includes(i) ? -1 : 1));
    return window(input, input.shape, begin, step);
  },
};

const broadcastTo: ViewLowering = {
  kind: 'view',
  view: (input, { outputs: [{ shape }] }) => ({ ...input, shape, strides: broadcastStrides(input, shape) }),
};

const unpack: ViewLowering = {
  kind: 'view',
  view: (input, { attrs }, k) => {
    const axis = axisAttr(attrs, 'axis', input.shape.length);
    const drop = <T>(xs: readonly T[]): T[] => xs.filter((_, i) => i !== axis);
    const offset = input.offset + k * input.strides[axis];
    return { ...input, shape: drop(input.shape), strides: drop(input.strides), offset };
  },
};

const split: ViewLowering = {
  kind: 'view',
  view: (input, { attrs, outputs }, k) => {
    const axis = axisAttr(attrs, 'axis', input.shape.length);
    const before = outputs.slice(0, k).reduce((n, o) => n + o.shape[axis], 0);
    return { ...input, shape: outputs[k].shape, offset: input.offset + before * input.strides[axis] };
  },
};

/** x repeated along axes: as a window with axes of stride 0 in between, then merged. */
const tile: Composite = {
  kind: 'composite',
  build: (g, [x], { inputs: [{ shape }], outputs: [out], attrs }) => {
    const reps = attrs['reps'] as readonly number[];
    const split = g.node('Reshape', [x], { shape: shape.flatMap((n) => [1, n]) });
    const repeated = g.node('BroadcastTo', [split], { shape: shape.flatMap((n, i) => [reps[i], n]) });
    return [g.node('Reshape', [repeated], { shape: out.shape })];
  },
};

const constant: Constant = { kind: 'constant' };

export const views = {
  Reshape: reshape,
  ExpandDims: reshape,
  Identity: same,
  StopGradient: same,
  Slice: slice,
  StridedSlice: stridedSlice,
  Transpose: transpose,
  Reverse: reverse,
  BroadcastTo: broadcastTo,
  Unpack: unpack,
  SplitV: split,
  Tile: tile,
  Fill: constant,
  LinSpace: constant,
  Range: constant,
  OnesLike: constant,
  ZerosLike: constant,
};
