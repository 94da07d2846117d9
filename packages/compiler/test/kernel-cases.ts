/** Small inputs for every kernel: what tests that range over the whole table run on. */
import type { Attrs, KernelName } from '@pyro-ts/ops';
import { bool, float, int, type Domain, type InputCase } from '../src/wasm/codegen/cases';

export interface KernelCase {
  readonly inputs: readonly InputCase[];
  readonly attrs: Attrs;
}

const row = (inputs: readonly InputCase[], attrs: Attrs = {}): KernelCase => ({ inputs, attrs });
const on = (domain: Domain, ...shape: number[]): InputCase => ({ shape, domain });
const ints = (shape: number[], ...values: number[]): InputCase => ({
  shape,
  dtype: 'int',
  data: Int32Array.from(values),
});
const floats = (shape: number[], ...values: number[]): InputCase => ({
  shape,
  data: Float64Array.from(values),
});

const unary = (domain: Domain = 'real', attrs: Attrs = {}): KernelCase[] => [
  row([on(domain, 2, 3)], attrs),
  row([on(domain)], attrs),
];
const binary = (domain: Domain = 'real'): KernelCase[] => [
  row([on(domain, 2, 3), on(domain, 2, 3)]),
  row([on(domain, 3), on(domain, 4, 1)]),
  row([on(domain), on(domain, 2)]),
  row([on(domain, 2, 1, 3), on(domain, 1)]),
];
const compare = [...binary(), row([int(2, 3), int(3)])];
const logic = [row([bool(2, 3), bool(3)]), row([bool(), bool(2)])];
const ternary = (...domains: [Domain, Domain, Domain]): KernelCase[] => [
  row([on(domains[0], 2, 3), on(domains[1], 3), on(domains[2])]),
  row([on(domains[0]), on(domains[1], 2), on(domains[2], 2)]),
];
const reduce = (x: (...shape: number[]) => InputCase = float): KernelCase[] => [
  row([x(2, 3)], { axis: [1], keepDims: false }),
  row([x(2, 3, 2)], { axis: [0, -1], keepDims: true }),
  row([x(4)], { axis: null, keepDims: false }),
  row([x()], { axis: null, keepDims: false }),
];
const extremum = [
  row([float(2, 3)], { reductionIndices: [1], keepDims: false }),
  row([float(2, 3)], { reductionIndices: [0], keepDims: true }),
];
const cumulate = [false, true].flatMap((exclusive) => [
  row([float(2, 3)], { axis: 1, exclusive, reverse: false }),
  row([float(3, 2)], { axis: -2, exclusive, reverse: true }),
]);
/** Symmetric positive definite, and a lower factor. */
const spd = floats([2, 2], 4, 1.2, 1.2, 3);
const lower = floats([2, 2], 2, 0, 0.6, 1.5);
const key = ints([2], 12345, -678);
const stream: Attrs = { stream: [3, 9] };
const draw = (shape: readonly number[] = [5]): KernelCase[] => [row([key], { ...stream, shape })];
const masks: Attrs = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

// prettier-ignore
export const kernelCases: Readonly<Record<KernelName, readonly KernelCase[]>> = {
  Abs: unary(), Neg: unary(), Exp: unary(), Expm1: unary(), Log: unary('positive'), Log1p: unary('positive'),
  Sqrt: unary('positive'), Rsqrt: unary('positive'), Square: unary(), Reciprocal: unary(), Sign: unary(),
  Floor: unary(), Ceil: unary(), Round: unary(), Sin: unary(), Cos: unary(), Tan: unary('small'), Asin: unary('small'),
  Acos: unary('small'), Atan: unary(), Sinh: unary(), Cosh: unary(), Tanh: unary(), Asinh: unary(),
  Acosh: unary('positive'), Atanh: unary('small'), Sigmoid: unary(), Softplus: unary(), Relu: unary(), Relu6: unary(),
  Elu: unary(), Selu: unary(), Erf: unary(), IsNan: unary('edges'), IsInf: unary('edges'), IsFinite: unary('edges'),
  LogicalNot: [row([bool(3)])], OnesLike: unary(), ZerosLike: unary(), LeakyRelu: unary('real', { alpha: 0.3 }),
  Step: unary('real', { alpha: 0.5 }), ClipByValue: unary('real', { clipValueMin: -1, clipValueMax: 2 }),
  Cast: [row([float(2, 3)], { dtype: 'int32' }), row([int(3)], { dtype: 'float32' }), row([bool()], { dtype: 'int32' })],
  Identity: unary(), StopGradient: unary(), Lgamma: unary('positive'), Digamma: unary('positive'),
  Polygamma: unary('positive', { n: 2 }), Erfc: unary(), Erfcx: unary(), Erfinv: unary('small'), Erfcinv: unary('unit'),
  Ndtr: unary(), LogNdtr: unary(), Ndtri: unary('unit'), I0e: unary(), I1e: unary(), LogI0: unary(),
  BesselRatio: unary('positive'), Log1mexp: unary('positive'), Logit: unary('unit'),
  LogExcess: [
    row([floats([2, 3], 0, 0.01, -0.03, 0.5, 7, -0.9), floats([2, 3], 1, 1.01, 0.97, 1.5, 8, 0.1)]),
    row([floats([3], 0, 0.01, -0.9), floats([2, 3], 1, 1.01, 0.1, 1, 1.01, 0.1)]),
  ],
  LogExponent: unary('positive'), LogFraction: unary('positive'),
  Add: compare, Sub: compare, Multiply: compare, RealDiv: binary(), Xdivy: binary(), FloorDiv: compare, Mod: binary(),
  Pow: binary('positive'), Maximum: compare, Minimum: compare, SquaredDifference: compare, Atan2: binary(),
  Prelu: binary(), EluGrad: binary(), BitwiseAnd: [row([int(2, 3), int(3)])], Equal: compare, NotEqual: compare,
  Greater: compare, GreaterEqual: compare, Less: compare, LessEqual: compare, LogicalAnd: logic, LogicalOr: logic,
  LogicalXor: logic,
  Select: [row([bool(2, 3), float(3), float()]), row([bool(), float(2), float(2)]), row([bool(3), int(2, 3), int(3)])],
  Betaln: binary('positive'), Lbinom: binary('positive'), Gammainc: binary('positive'), Gammaincc: binary('positive'),
  GammaincGradA: binary('positive'), RandomGammaGrad: binary('positive'),
  Gammaincinv: [row([on('positive', 2, 3), on('unit', 3)])],
  Betainc: ternary('positive', 'positive', 'unit'), BetaincGradA: ternary('positive', 'positive', 'unit'),
  BetaincGradB: ternary('positive', 'positive', 'unit'), Betaincinv: ternary('positive', 'positive', 'unit'),
  Logaddexp: binary(), Logdiffexp: [row([floats([2], 3, 4), floats([], 1)])], Xlogy: binary('positive'),
  Xlog1py: binary('positive'), AddN: [row([float(2, 3), float(2, 3), float(2, 3)])],
  Sum: reduce(), Prod: reduce(), Prod1p: reduce((...shape) => on('unit', ...shape)), Mean: reduce(), Max: [...reduce(), ...extremum], Min: [...reduce(), ...extremum],
  All: reduce(bool), Any: reduce(bool), ArgMax: [row([float(2, 3)], { axis: 1 }), row([float(3)], { axis: -1 })],
  ArgMin: [row([float(2, 3)], { axis: 0 })], Cumsum: cumulate, Cumprod: cumulate,
  Softmax: [row([float(2, 3)], { dim: 1 }), row([float(3)], { dim: -1 })],
  LogSoftmax: [row([float(2, 3)], { axis: 0 }), row([float(3)], { axis: -1 })],
  BatchMatMul: [
    row([float(2, 3), float(3, 4)], { transposeA: false, transposeB: false }),
    row([float(3, 2), float(4, 3)], { transposeA: true, transposeB: true }),
    row([float(5, 2, 3), float(3, 4)], { transposeA: false, transposeB: false }),
    row([float(2, 3), float(5, 1, 3, 4)], { transposeA: false, transposeB: false }),
  ],
  _FusedMatMul: [
    row([float(2, 3), float(3, 4), float(4)], { transposeA: false, transposeB: false, activation: 'relu' }),
    row([float(2, 3), float(3, 4), float(4), float(4)], { transposeA: false, transposeB: false, activation: 'prelu' }),
  ],
  Einsum: [
    row([float(2, 3), float(3, 4)], { equation: 'ij,jk->ik' }),
    row([float(2, 3), float(3)], { equation: 'ab, b -> a' }),
    row([float(3, 3)], { equation: 'ii->' }),
  ],
  TriangularSolve: [
    row([lower, float(2, 3)], { lower: true, adjoint: false }),
    row([floats([1, 2, 2], 2, 0.4, 0, 1.5), float(3, 2, 1)], { lower: false, adjoint: true }),
  ],
  Cholesky: [row([spd])], CholeskyGrad: [row([lower, float(2, 2)])],
  LogMatrixDeterminant: [row([spd]), row([floats([1, 2, 2], 1, 2, 3, -4)])], MatrixInverse: [row([spd])],
  MatrixBandPart: [row([float(3, 4), ints([], 1), ints([], 0)])], Diag: [row([float(3)]), row([int(2, 2)]), row([bool(2)])],
  Reshape: [row([float(2, 3)], { shape: [3, -1] }), row([float()], { shape: [1, 1] })],
  ExpandDims: [row([float(2, 3)], { dim: 1 }), row([float(2, 3)], { dim: -1 })],
  Transpose: [row([float(2, 3, 4)], { perm: [2, 0, 1] }), row([float(2, 3)], { perm: [1, 0] })],
  Reverse: [row([float(2, 3)], { dims: [1] }), row([float(2, 3)], { dims: [-2, 1] })],
  Tile: [row([float(2, 3)], { reps: [2, 1] }), row([float(2)], { reps: [3] })],
  BroadcastTo: [row([float(3)], { shape: [2, 3] }), row([float(2, 1)], { shape: [4, 2, 3] }), row([float()], { shape: [2] })],
  Slice: [row([float(4, 3)], { begin: [1, 0], size: [2, -1] }), row([float(5)], { begin: 2, size: 2 })],
  StridedSlice: [
    row([float(6, 3)], { begin: [1, 0], end: [6, 3], strides: [2, 1], ...masks }),
    row([float(6, 3)], { begin: [5, 1], end: [0, 3], strides: [-2, 1], ...masks, endMask: 1, shrinkAxisMask: 2 }),
    row([float(3, 4)], { begin: [0, 0, 1], end: [0, 0, 3], strides: [1, 1, 1], ...masks, ellipsisMask: 1, newAxisMask: 2 }),
  ],
  StridedSliceGrad: [
    row([float(3, 2)], { begin: [1, 0], end: [6, 2], strides: [2, 1], ...masks, shape: [6, 3] }),
    row([float(3)], { begin: [0, 1], end: [3, 2], strides: [1, 1], ...masks, shrinkAxisMask: 2, shape: [3, 4] }),
  ],
  PadV2: [row([float(2, 3)], { paddings: [[1, 0], [0, 2]], constantValue: 0.5 }), row([float(2)], { paddings: [[0, 0]], constantValue: 0 })],
  MirrorPad: [
    row([float(3, 3)], { paddings: [[1, 2], [0, 1]], mode: 'reflect' }),
    row([float(3)], { paddings: [[2, 3]], mode: 'symmetric' }),
  ],
  Concat: [row([float(2, 3), float(2, 1), float(2, 0)], { axis: 1 }), row([float(2), float(3)], { axis: -1 }), row([int(2), int(1)], { axis: 0 })],
  Pack: [row([float(2, 3), float(2, 3)], { axis: 1 }), row([float(), float(), float()], { axis: 0 }), row([float(2), float(2)], { axis: -1 })],
  Unpack: [row([float(3, 2)], { axis: 0 }), row([float(2, 3)], { axis: -1 })],
  SplitV: [row([float(2, 5)], { numOrSizeSplits: [2, -1], axis: 1 }), row([float(4)], { numOrSizeSplits: 2, axis: 0 })],
  Fill: [row([], { shape: [2, 2], value: 0.1, dtype: 'float32' })], LinSpace: [row([], { start: 0, stop: 1, num: 4 })],
  Range: [row([], { start: 1, stop: 8, step: 2, dtype: 'int32' })],
  OneHot: [row([ints([3], 0, 2, 5)], { depth: 4, onValue: 2, offValue: -1, dtype: 'float32' })],
  GatherV2: [
    row([float(4, 3), ints([2], 3, 0)], { axis: 0, batchDims: 0 }),
    row([float(2, 4, 3), ints([2, 2], 3, 0, 1, 1)], { axis: -2, batchDims: 0 }),
    row([float(2, 4), ints([2, 3], 3, 0, 1, 1, 2, 2)], { axis: 1, batchDims: 1 }),
    row([float(4), ints([], 2)], { axis: 0, batchDims: 0 }),
  ],
  GatherV2Grad: [
    row([float(2, 3), ints([2], 3, 3)], { axis: 0, batchDims: 0, shape: [4, 3] }),
    row([float(2, 3), ints([3], 0, 1, 1)], { axis: -1, batchDims: 0, shape: [2, 4] }),
    row([float(2, 3), ints([2, 3], 3, 0, 1, 1, 1, 2)], { axis: 1, batchDims: 1, shape: [2, 4] }),
  ],
  GatherNd: [row([float(4, 4), ints([2, 2], 0, 3, 2, 1)]), row([float(3, 4), ints([2, 1], 2, 0)])],
  ScatterNd: [row([ints([3, 1], 0, 2, 2), float(3, 2)], { shape: [4, 2] }), row([ints([2, 2], 0, 1, 1, 0), float(2)], { shape: [2, 3] })],
  TensorScatterUpdate: [row([float(4, 2), ints([2, 1], 3, 0), float(2, 2)]), row([float(4), ints([2, 1], 1, 2), float()])],
  UnsortedSegmentSum: [row([float(4, 2), ints([4], 1, 0, -1, 1)], { numSegments: 3 }), row([float(4), ints([4], 2, 2, 0, 2)], { numSegments: 3 })],
  SparseToDense: [row([ints([2, 1], 1, 3), float(2), float()], { outputShape: [5] })],
  TopK: [row([float(2, 5)], { k: 3, sorted: true })],
  Bincount: [row([ints([4], 0, 2, 2, 1), float(4)], { size: 3 })],
  DenseBincount: [row([ints([2, 3], 0, 2, 2, 1, 1, 0), float(2, 3)], { size: 3, binaryOutput: false })],
  LowerBound: [row([floats([1, 4], 0, 1, 1, 3), float(1, 5)])], UpperBound: [row([floats([1, 4], 0, 1, 1, 3), float(1, 5)])],
  SearchSorted: [row([floats([2, 3], 0, 1, 3, -1, 0, 1), float(2, 4)], { side: 'right' })],
  PhiloxBits: draw(), PhiloxUniform: draw(), PhiloxOpenUniform: draw(), PhiloxNormal: draw([2, 3]), PhiloxExponential: draw(),
  PhiloxGamma: [row([key, on('positive', 2, 3)], stream)], PhiloxLogGamma: [row([key, on('positive', 4)], stream)],
  PhiloxPoisson: [row([key, on('positive', 4)], stream)],
  PhiloxBinomial: [row([key, floats([3], 5, 9, 100), on('unit', 3)], stream)],
  PhiloxCategorical: [row([key, float(2, 3)], { ...stream, sampleShape: [4] })],
  PhiloxMultinomial: [row([key, floats([2], 10, 50), on('unit', 2, 3)], stream)],
  PhiloxSubsample: [row([key], { ...stream, n: 10, k: 4 })], PhiloxFoldKey: [row([key, ints([], 7)], stream)],
};
