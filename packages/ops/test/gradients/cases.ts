/** For every kernel of this package's core, operands and attributes on which values and derivatives are checked. */
import type { Attrs, KernelName, NdArray, Shape } from '@pyro-ts/ops';
import type { linalgKernels } from '../../src/linalg/kernels';
import type { randomKernels } from '../../src/random/kernels';
import type { specialKernels } from '../../src/special/kernels';
import { RANKS, draw, ints, shapeOfRank, type Domain } from './random-data';

/** Kernels of the rooms that bring tests of their own. */
type OtherRooms = keyof typeof linalgKernels | keyof typeof randomKernels | keyof typeof specialKernels;
export type CoreKernel = Exclude<KernelName, OtherRooms>;

export interface Case {
  readonly inputs: readonly NdArray[];
  readonly attrs: Attrs;
  /** Which inputs to differentiate by; all float ones unless given. */
  readonly wrt?: readonly number[];
}

const at = (inputs: readonly NdArray[], attrs: Attrs = {}, wrt?: readonly number[]): Case =>
  wrt === undefined ? { inputs, attrs } : { inputs, attrs, wrt };

const unary = (domain: Domain = 'real', attrs: Attrs = {}, input?: Shape): Case[] =>
  (input ? [input] : RANKS.map(shapeOfRank)).map((shape, i) => at([draw(shape, domain, i)], attrs));

/** Equal shapes, a scalar on either side, a missing leading axis, and ones against twos in every axis. */
export function broadcastPairs(shape: Shape): (readonly [Shape, Shape])[] {
  const flipped = shape.map((n) => 3 - n);
  return [
    [shape, shape],
    [shape, []],
    [[], shape],
    [shape, shape.slice(1)],
    [shape.slice(1), flipped],
    [shape, flipped],
  ];
}

function binary(first: Domain = 'real', second: Domain = first, wrt?: readonly number[]): Case[] {
  return RANKS.flatMap((rank) =>
    broadcastPairs(shapeOfRank(rank)).map(([a, b], i) =>
      at([draw(a, first, rank + i), draw(b, second, 50 + rank + i)], {}, wrt),
    ),
  );
}

function reduction(domain: Domain = 'real', name = 'axis'): Case[] {
  return RANKS.flatMap((rank) => {
    const axes = [null, [0], [-1], rank > 3 ? [0, 3] : [0], rank - 1];
    return axes.flatMap((axis, i) =>
      [false, true].map((keepDims) =>
        at([draw(shapeOfRank(rank), domain, rank + i)], { [name]: axis, keepDims }),
      ),
    );
  });
}

const alongAxis = (domain: Domain, ...variants: Attrs[]): Case[] =>
  RANKS.flatMap((rank) => {
    const shape = shapeOfRank(rank).map((n, i) => (i === rank - 1 ? 3 : n));
    const axes = [...new Set([0, rank - 1])];
    return axes.flatMap((axis) =>
      variants.map((attrs) => at([draw(shape, domain, rank + axis)], { ...attrs, axis })),
    );
  });

function matrices(): Case[] {
  const batches: [Shape, Shape][] = [
    [[], []],
    [[2], []],
    [[], [2]],
    [[2, 1], [3]],
    [
      [1, 2, 1, 2],
      [2, 1, 2, 1],
    ],
    [
      [2, 1, 1, 1, 1, 2],
      [1, 2],
    ],
  ];
  return batches.flatMap(([p, q], i) =>
    [false, true].flatMap((transposeA) =>
      [false, true].map((transposeB) =>
        at(
          [
            draw([...p, ...(transposeA ? [3, 2] : [2, 3])], 'real', i),
            draw([...q, ...(transposeB ? [2, 3] : [3, 2])], 'real', 9 + i),
          ],
          { transposeA, transposeB },
        ),
      ),
    ),
  );
}

const einsums = (): Case[] => {
  const table: [string, ...Shape[]][] = [
    ['ij,jk->ik', [2, 3], [3, 2]],
    ['bij,bjk->bik', [2, 2, 3], [2, 3, 2]],
    ['i,j->ij', [2], [3]],
    ['ij->j', [2, 3]],
    ['ij,j->', [2, 3], [3]],
    ['ii->i', [3, 3]],
    ['iij,jk->ik', [2, 2, 3], [3, 2]],
    ['ijk,l->l', [2, 1, 2], [3]],
    ['i,i,i->i', [3], [3], [3]],
    ['abcdefgh,h->abcdefg', [2, 1, 1, 2, 1, 1, 1, 2], [2]],
  ];
  return table.map(([equation, ...shapes]) =>
    at(
      shapes.map((s, i) => draw(s, 'real', i)),
      { equation },
    ),
  );
};

const perms = (rank: number): number[] => Array.from({ length: rank }, (_, i) => (i + 2) % rank);

const strided = (begin: number[], end: number[], strides: number[], masks: Attrs = {}): Attrs => ({
  ...{ beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 },
  ...{ begin, end, strides },
  ...masks,
});

const STRIDED: readonly [Shape, Attrs][] = [
  [[5], strided([1], [5], [2])],
  [[5], strided([4], [0], [-1])],
  [[5], strided([0], [0], [-2], { beginMask: 1, endMask: 1 })],
  [[3, 4], strided([0, -2], [2, 4], [1, 1])],
  [[3, 4], strided([1, 0], [2, 4], [1, 3], { shrinkAxisMask: 1 })],
  [[2, 3, 4], strided([0, 1], [0, 2], [1, 1], { ellipsisMask: 1 })],
  [[2, 3], strided([0, 0, 1], [0, 2, 3], [1, 1, 1], { newAxisMask: 1 })],
  [[2, 1, 1, 2, 1, 1, 2, 1], strided([1, 0, 0, 0], [2, 1, 1, 2], [1, 1, 1, 1])],
];

const slices = (): Case[] =>
  RANKS.map((rank) => {
    const shape = Array.from({ length: rank }, (_, i) => (i < 3 ? 3 : 1));
    const begin = shape.map((n) => (n > 1 ? 1 : 0));
    return at([draw(shape, 'real', rank)], {
      begin,
      size: shape.map((n, i) => (n > 1 ? (i === 0 ? -1 : 1) : 1)),
    });
  });

const pads = (): Case[] =>
  RANKS.map((rank) => {
    const paddings = shapeOfRank(rank).map((_, i) => (i < 2 ? [1, 2] : [0, 0]));
    return at([draw(shapeOfRank(rank), 'real', rank)], { paddings, constantValue: 0.5 });
  });

const mirrors = (): Case[] =>
  (['reflect', 'symmetric'] as const).flatMap((mode) => [
    at([draw([4], 'real', 1)], { paddings: [[2, 1]], mode }),
    at([draw([3, 2], 'real', 1)], { paddings: [[1, 2], [1, 0]], mode }), // prettier-ignore
  ]);

const joins = (stack: boolean): Case[] =>
  RANKS.flatMap((rank) => {
    const shape = shapeOfRank(rank);
    return [...new Set([0, rank - 1])].map((axis) =>
      at(
        [1, 2, 1].map((n, i) => draw(stack ? shape : shape.map((d, k) => (k === axis ? n : d)), 'real', i)),
        { axis },
      ),
    );
  });

const gathers = (): Case[] => [
  ...RANKS.map((rank) =>
    at([draw([3, ...shapeOfRank(rank).slice(1)], 'real', rank), ints([4], [2, 0, 2, 1])], {
      axis: 0,
      batchDims: 0,
    }),
  ),
  at([draw([2, 3], 'real', 1), ints([2, 2], [2, 0, 1])], { axis: 1, batchDims: 0 }),
  at([draw([2, 3, 2], 'real', 1), ints([2, 4], [2, 0, 2, 1, 1])], { axis: 1, batchDims: 1 }),
  at([draw([2, 2, 3], 'real', 1), ints([2, 2, 2], [2, 0, 1])], { axis: 2, batchDims: 2 }),
  at([draw([2, 2, 3, 2], 'real', 1), ints([2, 2], [1, 0, 2])], { axis: 2, batchDims: 1 }),
];

const gatherGrads = (): Case[] =>
  gathers().map(({ inputs: [x, indices], attrs }) => {
    const [axis, batchDims] = [attrs['axis'] as number, attrs['batchDims'] as number];
    const shape = [...x.shape.slice(0, axis), ...indices.shape.slice(batchDims), ...x.shape.slice(axis + 1)];
    return at([draw(shape, 'real', 3), indices], { ...attrs, shape: x.shape });
  });

/** The kernels without derivatives: their values are checked, and that their gradient is zero. */
export const cases: Readonly<Record<CoreKernel, readonly Case[]>> = {
  Abs: unary(),
  Neg: unary(),
  Exp: unary(),
  Expm1: unary(),
  Log: unary('positive'),
  Log1p: unary('positive'),
  Sqrt: unary('positive'),
  Rsqrt: unary('positive'),
  Square: unary(),
  Reciprocal: unary(),
  Sign: unary(),
  Floor: unary('small'),
  Ceil: unary('small'),
  Round: unary('small'),
  Sin: unary(),
  Cos: unary(),
  Tan: unary('unit'),
  Asin: unary('unit'),
  Acos: unary('unit'),
  Atan: unary(),
  Sinh: unary(),
  Cosh: unary(),
  Tanh: unary(),
  Asinh: unary(),
  Acosh: unary('aboveOne'),
  Atanh: unary('unit'),
  Sigmoid: unary(),
  Softplus: unary(),
  Relu: unary(),
  Relu6: unary(),
  Elu: unary(),
  Selu: unary(),
  LeakyRelu: unary('real', { alpha: 0.3 }),
  Erf: unary(),
  Step: unary('real', { alpha: 0.5 }),
  IsNan: unary(),
  IsInf: unary(),
  IsFinite: unary(),
  LogicalNot: unary('bool'),
  OnesLike: unary(),
  ZerosLike: unary(),
  ClipByValue: unary('distinct', { clipValueMin: 0.83, clipValueMax: 3.6 }),
  Cast: unary('real', { dtype: 'float32' }),
  Identity: unary(),
  StopGradient: unary(),
  Add: binary(),
  Sub: binary(),
  Multiply: binary(),
  RealDiv: binary(),
  Xdivy: binary(),
  FloorDiv: binary('dividend', 'divisor'),
  Mod: binary('dividend', 'divisor'),
  Pow: binary('positive', 'real'),
  Maximum: binary(),
  Minimum: binary(),
  SquaredDifference: binary(),
  Atan2: binary(),
  Prelu: binary('real', 'small'),
  EluGrad: binary('real', 'unit'),
  BitwiseAnd: [at([ints([3], [5, 6, 7]), ints([3], [3, 2, 9])])],
  Equal: binary(),
  NotEqual: binary(),
  Greater: binary(),
  GreaterEqual: binary(),
  Less: binary(),
  LessEqual: binary(),
  LogicalAnd: binary('bool'),
  LogicalOr: binary('bool'),
  LogicalXor: binary('bool'),
  Select: RANKS.flatMap((rank) =>
    broadcastPairs(shapeOfRank(rank)).flatMap(([a, b], i) => [
      at([draw(a, 'bool', i + rank), draw(a, 'real', 2), draw(b, 'real', 3)]),
      at([draw(b, 'bool', i + rank), draw(a, 'real', 2), draw(a, 'real', 3)]),
    ]),
  ),
  AddN: RANKS.map((rank) => at([1, 2, 3].map((seed) => draw(shapeOfRank(rank), 'real', seed)))),
  Sum: reduction(),
  Prod: reduction(),
  Prod1p: reduction(),
  Mean: reduction(),
  Max: reduction('distinct', 'reductionIndices'),
  Min: reduction('distinct'),
  All: reduction('bool'),
  Any: reduction('bool'),
  ArgMax: alongAxis('distinct', {}),
  ArgMin: alongAxis('distinct', {}),
  Cumsum: alongAxis('real', ...cumulative()),
  Cumprod: alongAxis('real', ...cumulative()),
  Softmax: RANKS.map((rank) => at([draw(shapeOfRank(rank).concat(3), 'real', rank)], { dim: rank })),
  LogSoftmax: alongAxis('real', {}),
  BatchMatMul: matrices(),
  _FusedMatMul: matrices().map(({ inputs, attrs }) => at(inputs, { ...attrs, activation: 'linear' }, [])),
  Einsum: einsums(),
  Reshape: RANKS.map((rank) => at([draw(shapeOfRank(rank), 'real', rank)], { shape: [2, -1] })),
  ExpandDims: RANKS.slice(0, 7).map((rank) => at([draw(shapeOfRank(rank), 'real', rank)], { dim: rank - 1 })),
  Transpose: RANKS.map((rank) => at([draw(shapeOfRank(rank), 'real', rank)], { perm: perms(rank) })),
  Reverse: RANKS.map((rank) =>
    at([draw(shapeOfRank(rank), 'real', rank)], { dims: rank > 3 ? [0, 3] : [0] }),
  ),
  Tile: RANKS.map((rank) =>
    at([draw(shapeOfRank(rank), 'real', rank)], { reps: shapeOfRank(rank).map((_, i) => (i % 3) + 1) }),
  ),
  BroadcastTo: RANKS.flatMap((rank) =>
    broadcastPairs(shapeOfRank(rank))
      .filter(([, b]) => b.length > 0)
      .map(([a, b]) => at([draw(a, 'real', rank)], { shape: out(a, b) })),
  ),
  Slice: slices(),
  StridedSlice: STRIDED.map(([shape, attrs]) => at([draw(shape, 'real', 1)], attrs)),
  StridedSliceGrad: [
    at([draw([2], 'real', 1)], { ...strided([1], [5], [2]), shape: [5] }),
    at([draw([2, 2], 'real', 1)], { ...strided([0, -2], [2, 4], [1, 1]), shape: [3, 4] }),
    at([draw([3], 'real', 1)], { ...strided([0], [0], [-2], { beginMask: 1, endMask: 1 }), shape: [5] }),
  ],
  PadV2: pads(),
  MirrorPad: mirrors(),
  Concat: joins(false),
  Pack: joins(true),
  Unpack: RANKS.map((rank) => at([draw(shapeOfRank(rank), 'real', rank)], { axis: rank > 3 ? 3 : 0 })),
  SplitV: RANKS.flatMap((rank) => {
    const x = draw([4, ...shapeOfRank(rank).slice(1)], 'real', rank);
    return [at([x], { numOrSizeSplits: 2, axis: 0 }), at([x], { numOrSizeSplits: [1, -1, 2], axis: 0 })];
  }),
  Fill: [at([], { shape: [2, 2], value: 0.5, dtype: 'float32' })],
  LinSpace: [at([], { start: -1, stop: 2, num: 4 })],
  Range: [
    at([], { start: 1, stop: 3, step: 0.5, dtype: 'float32' }),
    at([], { start: 3, stop: 0, step: 1, dtype: 'int32' }),
  ],
  OneHot: [at([ints([2, 2], [1, 0, 5, -1])], { depth: 3, onValue: 2, offValue: 0.5, dtype: 'float32' })],
  GatherV2: gathers(),
  GatherV2Grad: gatherGrads(),
  GatherNd: [
    at([draw([3, 2], 'real', 1), ints([2, 1], [2, 0])]),
    at([draw([3, 2], 'real', 1), ints([4, 2], [2, 0, 1, 1])]),
    at([draw([2, 1, 1, 2, 1, 1, 2, 2], 'real', 1), ints([2, 1], [1, 1])]),
  ],
  ScatterNd: [
    at([ints([2, 1], [2, 0]), draw([2, 2], 'real', 1)], { shape: [3, 2] }),
    at([ints([3, 1], [2, 0, 2]), draw([3], 'real', 1)], { shape: [4] }),
  ],
  TensorScatterUpdate: [at([draw([3, 2], 'real', 1), ints([2, 1], [2, 0]), draw([2, 2], 'real', 2)])],
  SparseToDense: [
    at([ints([2], [2, 0]), draw([2], 'real', 1), draw([], 'real', 2)], { outputShape: [4] }),
    at([ints([2, 2], [1, 0, 0, 1]), draw([], 'real', 1), draw([], 'real', 2)], { outputShape: [2, 2] }),
  ],
  UnsortedSegmentSum: [
    at([draw([4, 2], 'real', 1), ints([4], [1, 0, 1, 2])], { numSegments: 3 }),
    at([draw([3], 'real', 1), ints([3], [1, -1, 1])], { numSegments: 2 }),
  ],
  TopK: RANKS.map((rank) =>
    at(
      [
        draw(
          shapeOfRank(rank).map((n, i) => (i === rank - 1 ? 5 : n)),
          'distinct',
          rank,
        ),
      ],
      { k: 2, sorted: true },
    ),
  ),
  Bincount: [at([ints([5], [0, 2, 2, 1, 3]), draw([5], 'real', 1)], { size: 3 })],
  DenseBincount: [
    at([ints([2, 3], [0, 2, 2, 1, 3]), draw([2, 3], 'real', 1)], { size: 3, binaryOutput: false }),
  ],
  LowerBound: [at([draw([1, 4], 'distinct', 1), draw([1, 3], 'real', 2)])].map(sortFirst),
  UpperBound: [at([draw([1, 4], 'distinct', 1), draw([1, 3], 'real', 2)])].map(sortFirst),
  SearchSorted: ['left', 'right'].map((side) =>
    sortFirst(at([draw([2, 4], 'distinct', 1), draw([2, 3], 'real', 2)], { side })),
  ),
  Diag: [at([draw([3], 'real', 1)]), at([draw([2, 2], 'real', 1)])],
  MatrixBandPart: [
    at([draw([2, 3, 3], 'real', 1), ints([], [1]), ints([], [0])]),
    at([draw([3, 4], 'real', 1), ints([], [-1]), ints([], [1])]),
  ],
};

function cumulative(): Attrs[] {
  return [false, true].flatMap((exclusive) => [false, true].map((reverse) => ({ exclusive, reverse })));
}

function out(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) =>
    Math.max(a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1),
  );
}

function sortFirst({ inputs: [sorted, values], attrs }: Case): Case {
  return { inputs: [{ ...sorted, data: Float64Array.from(sorted.data).sort() }, values], attrs };
}
