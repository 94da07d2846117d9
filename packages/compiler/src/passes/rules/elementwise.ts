/** Kernels that work element by element with numpy broadcasting between their inputs. */
export const elementwiseKernels: ReadonlySet<string> = new Set([
  'Add', 'Sub', 'Multiply', 'RealDiv', 'FloorDiv', 'Mod', 'Pow', 'Maximum', 'Minimum', 'SquaredDifference', 'Atan2',
  'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr',
  'Betaln', 'Betainc', 'Gammainc', 'Gammaincc', 'Logaddexp', 'Xlogy', 'Xlog1py',
]); // prettier-ignore
