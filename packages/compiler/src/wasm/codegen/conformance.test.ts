import { expectClose } from '@pyro-ts/testing';
import type { Attrs } from '@pyro-ts/ops';
import { interpret } from '../../reference/executor';
import { wasmExecutor } from '../executor';
import { bool, float, int, singleNode, type InputCase } from './cases';
import {
  binary,
  describeCase,
  fixed,
  indices,
  key,
  on,
  positiveDefinite,
  products,
  reduced,
  unary,
  type Case,
} from './case-tables';

function check(kernel: string, inputs: readonly InputCase[], attrs: Attrs = {}, bound = {}): void {
  const { graph, data } = singleNode(kernel, inputs, attrs);
  const program = wasmExecutor.compile(graph);
  const expected = interpret(graph, data);
  const actual = program.run(data);
  expect(actual.length).toBe(expected.length);
  actual.forEach((a, i) => {
    expect(a.constructor.name).toBe(expected[i].constructor.name);
    expectClose(a, expected[i], { rel: 1e-12, ...bound }, `${kernel} output ${i}`);
  });
}

function cases(title: string, rows: readonly Case[]): void {
  describe(title, () => {
    it.each(rows.map((r) => [r[0], describeCase(r[1], r[2] ?? {}), r] as const))(
      '%s of %s',
      (_k, _d, row) => {
        check(row[0], row[1], row[2], row[3]);
      },
    );
  });
}

const shapes: readonly (readonly number[])[] = [
  [],
  [1],
  [2],
  [7],
  [16],
  [33],
  [3, 5],
  [0],
  [5, 0],
  [40, 3],
  [2, 3, 11],
];
const pairs: readonly (readonly [readonly number[], readonly number[]])[] = [
  [[], []],
  [[5], []],
  [[37], [37]],
  [[], [37]],
  [[4, 9], [9]],
  [
    [40, 9],
    [40, 1],
  ],
  [
    [40, 1],
    [1, 9],
  ],
  [
    [3, 1, 17],
    [2, 1],
  ],
  [
    [2, 3],
    [2, 3],
  ],
  [[0], [1]],
  [[1000, 3], [3]],
];

const integerKernels = [
  'Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'SquaredDifference', 'Equal', 'NotEqual', 'Greater',
  'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr', 'FloorDiv', 'Mod',
]; // prettier-ignore

cases(
  'unary kernels of every shape',
  unary.flatMap(([k, domain]) =>
    shapes.map((s): Case => [k, [on(domain, ...s)], {}, { rel: 1e-12, abs: 1e-300 }]),
  ),
);
cases(
  'unary kernels at 0, infinities, NaN and subnormals',
  unary
    .filter(([k]) => !['Tan', 'Sin', 'Cos'].includes(k))
    .map(([k]): Case => [k, [on('edges', 64)], {}, { rel: 1e-12, abs: 1e-320 }]),
);
cases(
  'binary kernels over broadcasting',
  binary.flatMap((k) => pairs.map(([a, b]): Case => [k, [float(...a), float(...b)]])),
);
cases(
  'binary kernels at 0, infinities, NaN',
  binary.map((k): Case => [k, [on('edges', 200), on('edges', 200)]]),
);
cases('powers', [
  ...pairs.map(([a, b]): Case => ['Pow', [on('positive', ...a), float(...b)]]),
  ['Pow', [on('edges', 300), on('edges', 300)]],
  ['Xlogy', [on('positive', 20), on('positive', 20)]],
  ['Logaddexp', [float(20), float(20)]],
]);
cases(
  'integers',
  integerKernels.flatMap((k): Case[] => [
    [k, [int(37), { ...int(37), data: Int32Array.from({ length: 37 }, (_, i) => (i % 7) - 8) }]],
    [k, [int(3, 9), { ...int(9), data: Int32Array.from({ length: 9 }, (_, i) => i + 1) }]],
    [k, [int(), { ...int(), data: Int32Array.of(3) }]],
    [k, [int(5), { ...float(5), data: Float64Array.of(1, 2, 3, 4, 5) }]],
  ]),
);
cases('integers and bools alone', [
  ['Abs', [int(19)]],
  ['Neg', [int(19)]],
  ['Square', [int(19)]],
  ['Sign', [int(19)]],
  ['Relu', [int(19)]],
  ['Exp', [int(19)]],
  ['LogicalNot', [bool(19)]],
  ['LogicalNot', [int(40)]],
  ['LogicalAnd', [bool(3, 7), bool(7)]],
  ['Multiply', [bool(40), bool(40)]],
  ['Add', [bool(40), bool(40)]],
]);
cases('selection and conversion', [
  ['Select', [bool(37), float(37), float(37)]],
  ['Select', [bool(3, 9), float(9), float()]],
  ['Select', [bool(37), int(37), int(37)]],
  ['Select', [bool(5), bool(5), bool(5)]],
  ['Select', [bool(5), float(5, 5), float(5, 5)]],
  ['Select', [bool(), float(50), float(50)]],
  ...(['float32', 'int32', 'bool'] as const).flatMap((dtype): Case[] => [
    ['Cast', [float(37)], { dtype }],
    ['Cast', [int(37)], { dtype }],
    ['Cast', [bool(37)], { dtype }],
    ['Cast', [on('edges', 5)], { dtype: dtype === 'int32' ? 'float32' : dtype }],
  ]),
  ['ClipByValue', [float(37)], { clipValueMin: -1, clipValueMax: 1.5 }],
  ['Step', [on('edges', 37)], { alpha: 0.25 }],
  ['AddN', [float(3, 4), float(3, 4), float(3, 4)]],
]);

cases(
  'reductions over any axes',
  ['Sum', 'Mean', 'Prod', 'Max', 'Min'].flatMap((k) =>
    reduced.flatMap(([shape, axis]): Case[] => [
      [k, [on(k === 'Prod' ? 'unit' : 'positive', ...shape)], { axis, keepDims: shape.length === 2 }],
    ]),
  ),
);
cases('reductions of edges, ints and bools', [
  ...['Max', 'Min', 'Sum', 'Prod'].flatMap((k): Case[] => [
    [k, [on('edges', 50, 3)], { axis: [1], keepDims: false }],
    [k, [on('edges', 5, 3)], { axis: [1], keepDims: false }],
    [k, [{ ...int(4, 9), domain: 'index' }], { axis: [1], keepDims: false }],
  ]),
  ...['All', 'Any'].flatMap((k): Case[] =>
    reduced.map(([shape, axis]): Case => [k, [bool(...shape)], { axis, keepDims: false }]),
  ),
  ['Sum', [bool(100)], { axis: [0], keepDims: false }],
  ['Sum', [int(7, 30)], { axis: [0], keepDims: false }],
]);

cases('views', [
  ['Reshape', [float(6, 4)], { shape: [3, 8] }],
  ['Reshape', [float()], { shape: [1, 1] }],
  ['ExpandDims', [float(6, 4)], { dim: 1 }],
  ['Transpose', [float(6, 40)], { perm: [1, 0] }],
  ['Transpose', [float(3, 4, 5)], { perm: [2, 0, 1] }],
  ['Transpose', [int(3, 14, 5)], { perm: [2, 0, 1] }],
  ['Transpose', [bool(13, 14)], { perm: [1, 0] }],
  ['Reverse', [float(33)], { dims: [0] }],
  ['Reverse', [float(3, 40)], { dims: [0, 1] }],
  ['Reverse', [int(5)], { dims: [0] }],
  ['Slice', [float(20)], { begin: [3], size: [9] }],
  ['Slice', [float(9, 40)], { begin: [3, 1], size: [-1, 35] }],
  ['StridedSlice', [float(50)], { begin: [3], end: [48], strides: [2] }],
  ['StridedSlice', [float(50)], { begin: [45], end: [3], strides: [-3] }],
  ['StridedSlice', [float(9, 50)], { begin: [1, 0], end: [8, 50], strides: [2, 3], shrinkAxisMask: 0 }],
  ['BroadcastTo', [float(1, 7)], { shape: [30, 7] }],
  ['BroadcastTo', [float()], { shape: [30] }],
  ['Tile', [float(3, 4)], { reps: [2, 5] }],
  ['Unpack', [float(3, 20)], { axis: 0 }],
  ['Unpack', [float(3, 20)], { axis: 1 }],
  ['SplitV', [float(3, 20)], { numOrSizeSplits: [5, 15], axis: 1 }],
  ['SplitV', [float(6)], { numOrSizeSplits: 3, axis: 0 }],
  ['Fill', [], { shape: [40], value: 2.5, dtype: 'float32' }],
  ['Range', [], { start: 0, stop: 9, step: 2, dtype: 'int32' }],
  ['LinSpace', [], { start: 0, stop: 1, num: 7 }],
]);
cases('joins', [
  ['Concat', [float(3), float(4), float(20)], { axis: 0 }],
  ['Concat', [float(3, 4), float(3, 5)], { axis: 1 }],
  ['Concat', [float(30, 4), float(30, 50)], { axis: -1 }],
  ['Concat', [int(3, 4), int(30, 4)], { axis: 0 }],
  ['Concat', [bool(3, 4), bool(30, 4)], { axis: 0 }],
  ['Concat', [float(3, 4), float(0, 4)], { axis: 0 }],
  ['Pack', [float(), float(), float()], { axis: 0 }],
  ['Pack', [float(30), float(30)], { axis: 1 }],
  ['PadV2', [float(5)], { paddings: [[2, 3]], constantValue: 0 }],
  ['PadV2', [float(15, 4)], { paddings: [[2, 3], [0, 7]], constantValue: 1.5 }],
  ['PadV2', [int(5, 6)], { paddings: [[2, 3], [1, 0]], constantValue: -2 }],
  ['MirrorPad', [float(5)], { paddings: [[2, 3]], mode: 'reflect' }],
]); // prettier-ignore

cases(
  'matrix products, transposed in every way',
  products.flatMap(([m, k, n]) =>
    [0, 1, 2, 3].map((t): Case => {
      const transposeA = (t & 1) === 1;
      const transposeB = (t & 2) === 2;
      const a = transposeA ? float(k, m) : float(m, k);
      const b = transposeB ? float(n, k) : float(k, n);
      return ['BatchMatMul', [a, b], { transposeA, transposeB }, { abs: 1e-12 }];
    }),
  ),
);
cases('batches of matrix products', [
  ['BatchMatMul', [float(3, 4, 5), float(3, 5, 6)], {}, { abs: 1e-12 }],
  ['BatchMatMul', [float(3, 1, 4, 5), float(2, 5, 6)], {}, { abs: 1e-12 }],
  ['BatchMatMul', [float(3, 4, 5), float(5, 1)], {}, { abs: 1e-12 }],
  ['_FusedMatMul', [float(4, 5), float(5, 6), float(6)], { activation: 'sigmoid' }, { abs: 1e-12 }],
]);

cases('special functions', [
  ...['Asin', 'Atan2', 'Mod', 'Logaddexp', 'Logdiffexp', 'Xlogy', 'Xlog1py', 'Xdivy'].map((k): Case => [
    k,
    k === 'Asin' ? [on('small', 33)] : [on('positive', 33), on('unit', 33)],
    {},
    { abs: 1e-15 },
  ]),
  ['Logaddexp', [on('edges', 200), on('edges', 200)]],
  ['Xlogy', [on('edges', 200), on('edges', 200)]],
  ['Xlog1py', [on('edges', 200), on('edges', 200)]],
  ['Xdivy', [on('edges', 200), on('edges', 200)]],
  ['Polygamma', [on('positive', 33)], { n: 0 }],
  ['Polygamma', [on('positive', 33)], { n: 1 }],
  ['Polygamma', [on('positive', 33)], { n: 2 }],
  ['Betaln', [on('positive', 33), on('positive', 33)], {}, { rel: 1e-12, abs: 1e-14 }],
  ['Gammainc', [on('positive', 33), on('positive', 33)]],
  ['Betainc', [on('positive', 33), on('positive', 33), on('unit', 33)]],
]);
cases('composites', [
  ['Softmax', [float(4, 7)], { dim: -1 }],
  ['Softmax', [on('edges', 40, 3)], { dim: 1 }],
  ['LogSoftmax', [float(40, 7)], { axis: 0 }],
  ['LogSoftmax', [float(7)], { axis: -1 }],
  ['OneHot', [indices(5, 9)], { depth: 5, onValue: 1, offValue: 0, dtype: 'float32' }],
  ['OneHot', [indices(7, 3, 9)], { depth: 5, onValue: 3, offValue: -1, dtype: 'int32' }],
  ['Diag', [float(9)]],
  ['Einsum', [float(4, 5), float(5, 6)], { equation: 'ij,jk->ik' }, { abs: 1e-13 }],
  ['Einsum', [float(3, 4, 5), float(6, 5, 3)], { equation: 'bij,kjb->bki' }, { abs: 1e-13 }],
  ['Einsum', [float(4, 5), float(7)], { equation: 'ij,k->k' }, { abs: 1e-12 }],
  ['Einsum', [float(4, 4)], { equation: 'ii->i' }],
]);
cases('along an axis', [
  ...['Cumsum', 'Cumprod'].flatMap((k): Case[] =>
    [0, 1].flatMap((axis) =>
      [false, true].flatMap((exclusive) =>
        [false, true].map((reverse): Case => [k, [on('unit', 5, 9)], { axis, exclusive, reverse }]),
      ),
    ),
  ),
  ['Cumsum', [int(30)], { axis: 0 }],
  ['ArgMax', [float(5, 9)], { axis: 1 }],
  ['ArgMin', [float(5, 9)], { axis: 0 }],
  ['ArgMax', [on('edges', 40)], { axis: 0 }],
  ['ArgMax', [int(40)], { axis: 0 }],
  ['TopK', [float(5, 9)], { k: 3, sorted: true }],
]);
cases('indexing', [
  ...[(c: InputCase) => c, fixed].flatMap((known): Case[] => [
    ['GatherV2', [float(9), known(indices(9, 20))], { axis: 0, batchDims: 0 }],
    ['GatherV2', [float(9, 5), known(indices(9, 4, 3))], { axis: 0, batchDims: 0 }],
    ['GatherV2', [float(4, 9, 33), known(indices(9, 7))], { axis: 1, batchDims: 0 }],
    ['GatherV2', [float(4, 9), known(indices(9, 4, 7))], { axis: 1, batchDims: 1 }],
    ['GatherV2', [int(9), known(indices(9, 7))], { axis: 0, batchDims: 0 }],
    ['GatherV2', [bool(9), known(indices(9, 7))], { axis: 0, batchDims: 0 }],
    [
      'GatherV2Grad',
      [float(20), known(indices(9, 20))],
      { axis: 0, batchDims: 0, shape: [9] },
      { abs: 1e-14 },
    ],
    ['GatherV2Grad', [float(4, 7, 3), known(indices(9, 7))], { axis: 1, batchDims: 0, shape: [4, 9, 3] }],
    ['GatherNd', [float(4, 9, 3), known(indices(4, 5, 2))]],
    ['ScatterNd', [known(indices(4, 5, 2)), float(5, 3)], { shape: [4, 9, 3] }],
    ['ScatterNd', [known(indices(9, 50, 1)), float(50)], { shape: [9] }, { abs: 1e-14 }],
    ['UnsortedSegmentSum', [float(20, 3), known(indices(6, 20))], { numSegments: 6 }, { abs: 1e-14 }],
  ]),
]);
cases('linear algebra', [
  ...[1, 2, 3, 8, 21].flatMap((n): Case[] => [
    ['Cholesky', [positiveDefinite(n, n)]],
    ['CholeskyGrad', [positiveDefinite(n, n), float(n, n)], {}, { abs: 1e-13 }],
    ...[0, 1, 2, 3].flatMap((t): Case[] =>
      [1, 2, 13].map((m): Case => [
        'TriangularSolve',
        [positiveDefinite(n, n), float(n, m)],
        { lower: (t & 1) === 0, adjoint: (t & 2) !== 0 },
        { abs: 1e-13 },
      ]),
    ),
  ]),
  ['Cholesky', [positiveDefinite(3, 4, 4)]],
  ['Cholesky', [{ shape: [2, 2], data: Float64Array.of(1, 2, 2, 1) }]],
  ['CholeskyGrad', [positiveDefinite(3, 4, 4), float(3, 4, 4)], {}, { abs: 1e-13 }],
  [
    'TriangularSolve',
    [positiveDefinite(4, 4), float(3, 4, 2)],
    { lower: true, adjoint: false },
    { abs: 1e-13 },
  ],
  [
    'TriangularSolve',
    [positiveDefinite(2, 1, 4, 4), float(3, 4, 1)],
    { lower: true, adjoint: true },
    { abs: 1e-13 },
  ],
  ['LogMatrixDeterminant', [positiveDefinite(4, 4)]],
]);
cases('random numbers, the same bits', [
  ...['PhiloxBits', 'PhiloxUniform', 'PhiloxOpenUniform', 'PhiloxNormal', 'PhiloxExponential'].flatMap((k) =>
    [[], [3, 7], [16], [5000]].map((shape): Case => [
      k,
      [key],
      { shape, stream: [77, 4000000000] },
      { rel: 0 },
    ]),
  ),
  [
    'PhiloxFoldKey',
    [key, { shape: [], dtype: 'int', data: Int32Array.of(-5) }],
    { stream: [3, 4] },
    { rel: 0 },
  ],
  ['PhiloxGamma', [key, on('positive', 9)], { stream: [1, 2] }, { rel: 0 }],
]);

describe('errors', () => {
  it.each(['GatherV2', 'GatherNd'])(
    '%s throws the kernel’s own error for an index out of range',
    (kernel) => {
      const bad: InputCase = { shape: [3, 1], dtype: 'int', data: Int32Array.of(0, 9, 1) };
      const { graph, data } = singleNode(kernel, [float(5), bad], { axis: 0, batchDims: 0 });
      expect(() => wasmExecutor.compile(graph).run(data)).toThrow('index 9 is out of range');
    },
  );
});
