/** Why a test was skipped, from what it used that the backend does not compute. */
const categories: readonly (readonly [RegExp, string])[] = [
  [/^(complex64|Complex|Real|Imag|ComplexAbs|I?FFT)$/, 'complex numbers'],
  [/^string$|^String|Regex/, 'strings'],
  [/Conv|Dilation2D/, 'convolution'],
  [/Pool|^LRN/, 'pooling'],
  [/^FusedBatchNorm$|^BatchNorm/, 'fused batch normalisation'],
  [/Resize|Crop|Flip|Rotate|^Transform$|NonMax|Pixels|^Draw$/, 'images'],
  [/^Sparse|^Ragged/, 'sparse and ragged tensors'],
  [/SpaceToBatch|BatchToSpace|DepthToSpace/, 'space to batch and back'],
  [/^(Unique|Where)$/, 'output shape depends on values'],
  [/^(Multinomial)$/, "tfjs's own random kernels"],
  [/^BroadcastArgs$/, 'shapes as tensors'],
];

export function categoryOf(outside: readonly string[]): string {
  const found = categories.find(([pattern]) => outside.some((what) => pattern.test(what)));
  return found === undefined ? outside.join(', ') : found[1];
}
