/** Kernels that work element by element with numpy broadcasting between their inputs. */
export const elementwiseKernels: ReadonlySet<string> = new Set([
  'Add', 'Sub', 'Multiply', 'RealDiv', 'FloorDiv', 'Mod', 'Pow', 'Maximum', 'Minimum', 'SquaredDifference', 'Atan2',
  'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr',
  'Betaln', 'Betainc', 'Gammainc', 'Gammaincc', 'Logaddexp', 'Xlogy', 'Xlog1py',
]); // prettier-ignore

/** Kernels of one operand that work element by element. */
const unaryKernels = [
  'Abs', 'Neg', 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Square', 'Reciprocal', 'Sign', 'Floor', 'Ceil',
  'Round', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh', 'Sigmoid',
  'Softplus', 'Relu', 'Relu6', 'Elu', 'Selu', 'Erf', 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot', 'LeakyRelu', 'Step',
  'ClipByValue', 'Cast', 'Lgamma', 'Digamma', 'Polygamma', 'Erfc', 'Erfcx', 'Erfinv', 'Erfcinv', 'Ndtr', 'LogNdtr',
  'Ndtri', 'I0e', 'I1e', 'LogI0', 'BesselRatio', 'Log1mexp', 'LogExponent', 'LogFraction', 'Logit',
]; // prettier-ignore

/** All kernels that compute each element of their output from one element of each operand, and from nothing else. */
export const pointwiseKernels: ReadonlySet<string> = new Set([
  ...elementwiseKernels, ...unaryKernels, 'Xdivy', 'Select', 'LogicalXor', 'Lbinom', 'GammaincGradA',
  'RandomGammaGrad', 'Gammaincinv', 'BetaincGradA', 'BetaincGradB', 'Betaincinv', 'Logdiffexp', 'LogExcess', 'Prelu', 'EluGrad',
]); // prettier-ignore
