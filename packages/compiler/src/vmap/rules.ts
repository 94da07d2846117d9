/** The batching rule of every kernel; a kernel without one does not compile. */
import type { KernelName } from '@pyro-ts/ops';
import type { BatchRule } from './context';
import { alongAxis, broadcasting, einsum, fusedMatMul, leading, reduction } from './elementwise-rules';
import * as at from './index-rules';
import { matrixProduct } from './matmul-rule';
import * as shape from './shape-rules';

/**
 * `perExample`: the kernel runs once an example, in a Scan over the batch. Random kernels are among them: an example's
 * draws are those that it has alone, so examples of one key draw the same numbers, and examples of different keys
 * (a batch of keys) different ones.
 */
// prettier-ignore
export const batchRules: Readonly<Record<KernelName, BatchRule | 'perExample'>> = {
  // Elementwise, one operand.
  Abs: broadcasting, Neg: broadcasting, Exp: broadcasting, Expm1: broadcasting, Log: broadcasting,
  Log1p: broadcasting, Sqrt: broadcasting, Rsqrt: broadcasting, Square: broadcasting, Reciprocal: broadcasting,
  Sign: broadcasting, Floor: broadcasting, Ceil: broadcasting, Round: broadcasting, Sin: broadcasting,
  Cos: broadcasting, Tan: broadcasting, Asin: broadcasting, Acos: broadcasting, Atan: broadcasting,
  Sinh: broadcasting, Cosh: broadcasting, Tanh: broadcasting, Asinh: broadcasting, Acosh: broadcasting,
  Atanh: broadcasting, Sigmoid: broadcasting, Softplus: broadcasting, Relu: broadcasting, Relu6: broadcasting,
  Elu: broadcasting, Selu: broadcasting, Erf: broadcasting, IsNan: broadcasting, IsInf: broadcasting,
  IsFinite: broadcasting, LogicalNot: broadcasting, OnesLike: broadcasting, ZerosLike: broadcasting,
  LeakyRelu: broadcasting, Step: broadcasting, ClipByValue: broadcasting, Cast: broadcasting,
  Identity: broadcasting, StopGradient: broadcasting, Lgamma: broadcasting, Digamma: broadcasting,
  Polygamma: broadcasting, Erfc: broadcasting, Erfcx: broadcasting, Erfinv: broadcasting, Erfcinv: broadcasting,
  Ndtr: broadcasting, LogNdtr: broadcasting, Ndtri: broadcasting, I0e: broadcasting, I1e: broadcasting,
  LogI0: broadcasting, BesselRatio: broadcasting, Log1mexp: broadcasting, Logit: broadcasting,
  LogExcess: broadcasting, LogExponent: broadcasting, LogFraction: broadcasting,
  // Elementwise, several operands.
  Add: broadcasting, Sub: broadcasting, Multiply: broadcasting, RealDiv: broadcasting, Xdivy: broadcasting,
  FloorDiv: broadcasting, Mod: broadcasting, Pow: broadcasting, Maximum: broadcasting, Minimum: broadcasting,
  SquaredDifference: broadcasting, Atan2: broadcasting, Prelu: broadcasting, EluGrad: broadcasting,
  BitwiseAnd: broadcasting, Equal: broadcasting, NotEqual: broadcasting, Greater: broadcasting,
  GreaterEqual: broadcasting, Less: broadcasting, LessEqual: broadcasting, LogicalAnd: broadcasting,
  LogicalOr: broadcasting, LogicalXor: broadcasting, Select: broadcasting, Betaln: broadcasting,
  Lbinom: broadcasting, Gammainc: broadcasting, Gammaincc: broadcasting, GammaincGradA: broadcasting,
  RandomGammaGrad: broadcasting, Gammaincinv: broadcasting, Betainc: broadcasting, BetaincGradA: broadcasting,
  BetaincGradB: broadcasting, Betaincinv: broadcasting, Logaddexp: broadcasting, Logdiffexp: broadcasting,
  Xlogy: broadcasting, Xlog1py: broadcasting, AddN: leading,
  // Reductions, and kernels along an axis.
  Sum: reduction, Prod: reduction, Prod1p: reduction, Mean: reduction, Max: reduction, Min: reduction, All: reduction, Any: reduction,
  ArgMax: alongAxis('axis'), ArgMin: alongAxis('axis'), Cumsum: alongAxis('axis'), Cumprod: alongAxis('axis'),
  Softmax: alongAxis('dim', -1), LogSoftmax: alongAxis('axis', -1),
  // Linear algebra.
  BatchMatMul: matrixProduct, _FusedMatMul: fusedMatMul, Einsum: einsum, TriangularSolve: broadcasting,
  Cholesky: leading, CholeskyGrad: leading, LogMatrixDeterminant: leading, MatrixInverse: leading,
  MatrixBandPart: 'perExample', Diag: shape.diag,
  // Shape.
  Reshape: shape.reshape, ExpandDims: shape.reshape, Transpose: shape.transpose, Reverse: shape.reverse,
  Tile: shape.tile, BroadcastTo: shape.broadcastTo, Slice: shape.slice, StridedSlice: shape.strided,
  StridedSliceGrad: shape.strided, PadV2: shape.pad, MirrorPad: shape.pad, Concat: shape.concat, Pack: shape.pack,
  Unpack: shape.unpack, SplitV: shape.unpack,
  // Without operands, so never in a batch.
  Fill: 'perExample', LinSpace: 'perExample', Range: 'perExample',
  // Indices and order.
  OneHot: leading, GatherV2: at.gather, GatherV2Grad: at.gatherGrad, GatherNd: at.gatherNd,
  ScatterNd: at.scatterNd, TensorScatterUpdate: at.scatterUpdate, UnsortedSegmentSum: at.segmentSum,
  SparseToDense: 'perExample', TopK: leading, Bincount: 'perExample', DenseBincount: 'perExample',
  LowerBound: leading, UpperBound: leading, SearchSorted: leading,
  // Random.
  PhiloxBits: 'perExample', PhiloxUniform: 'perExample', PhiloxOpenUniform: 'perExample',
  PhiloxNormal: 'perExample', PhiloxExponential: 'perExample', PhiloxGamma: 'perExample',
  PhiloxLogGamma: 'perExample', PhiloxPoisson: 'perExample', PhiloxBinomial: 'perExample',
  PhiloxCategorical: 'perExample', PhiloxMultinomial: 'perExample', PhiloxSubsample: 'perExample',
  PhiloxFoldKey: 'perExample',
};
