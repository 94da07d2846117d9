/**
 * Tests of tfjs that our kernels do not pass, each with the reason. A test listed here that passes is reported too,
 * so that the list stays true.
 */
import type { BackendName } from './backends';

export interface Difference {
  readonly file: string;
  /** The titles it holds for. */
  readonly title: RegExp;
  /** Default: all backends. */
  readonly backends?: readonly BackendName[];
  readonly reason: string;
}

const exactLiterals: readonly BackendName[] = ['eager', 'jit-float64'];

export const differences: readonly Difference[] = [
  ...['max', 'min'].map((op) => ({
    file: `ops/${op}_test.js`,
    title: new RegExp(`^${op} › ${op} gradient: (1D, )?ties`),
    reason: 'the gradient is shared among equal extremes; tfjs gives the whole of it to each of them',
  })),
  {
    file: 'ops/binary_ops_test.js',
    title: /^(maximum|minimum) › gradients: Tensor[12]D$/,
    reason: 'the gradient is shared among equal operands; tfjs gives all of it to the first',
  },
  {
    file: 'ops/mirror_pad_test.js',
    title: /^mirrorPad › grad/,
    reason: "tfjs's gradient forgets the mirrored copies; ours is the derivative",
  },
  {
    file: 'ops/avg_pool_test.js',
    title: /p=explicit$/,
    backends: ['eager'],
    reason:
      "tfjs's gradient divides by the whole window where its own forward pass divides by the part inside",
  },
  {
    file: 'ops/arithmetic_test.js',
    title: /^div › gradient: .*int32/,
    reason:
      'the quotient of integers is rounded down, so its derivative is zero; tfjs gives that of the exact quotient',
  },
  {
    file: 'gradients_test.js',
    title: /^gradients › (does not error if irrelevant|errors if relevant)/,
    reason:
      'functions of truth values have derivative zero, as all kernels that are constant almost everywhere',
  },
  {
    file: 'ops/sign_test.js',
    title: /^sign › (basic|does not propagate NaNs|accepts a tensor-like object)$/,
    reason: 'the sign of NaN is NaN, as in NumPy and TensorFlow; tfjs says 0',
  },
  ...['equal', 'less', 'not_equal'].map((op) => ({
    file: `ops/${op}_test.js`,
    title: /TensorLike chained$/i,
    backends: exactLiterals,
    reason: 'float32 rounding: a literal of 53 bits is compared with a value that the test rounded to 24',
  })),
  {
    file: 'ops/einsum_test.js',
    title: /(not implemented yet|more than two input tensors throws error)$/,
    reason: 'expects an error where ours computes the value',
  },
  {
    file: 'ops/stack_test.js',
    title: /non matching dtypes throws error$/,
    reason: 'expects an error where ours converts to the widest dtype, as concat does',
  },
  {
    file: 'ops/einsum_test.js',
    title:
      /(mismatched dimensions|incorrect equation|incorrect number of tensors|nonexistent dimension|two arrows)/,
    reason: 'the error is thrown, in our words',
  },
  {
    file: 'ops/gather_test.js',
    title: /^gather › throws when (batch dims|index is out of bound)/,
    reason: 'the error is thrown, in our words',
  },
  {
    file: 'ops/slice_test.js',
    title: /throws when begin is negative$/,
    reason: 'the error is thrown, in our words',
  },
  {
    file: 'ops/log_sigmoid_test.js',
    title: /gradient with clones$/,
    backends: ['jit-float32', 'jit-float64'],
    reason:
      "tfjs's gradient reads an intermediate value that it did not save: it lives on only where a clone shares storage, and a program's outputs are its own",
  },
  {
    file: 'ops/abs_test.js',
    title: /underflow-safe for complex64$/,
    reason: 'a test of complex numbers, written for backends of 16 and 32 bits',
  },
  {
    file: 'ops/conv2d_test.js',
    title: /NCHW$/,
    backends: ['eager'],
    reason: 'channels come last on ref64; the error says so',
  },
  {
    file: 'ops/conv2d_transpose_test.js',
    title: /output=4x4x8,f=8,s=1/,
    backends: ['eager'],
    reason:
      'no convolution of stride 1 maps 4x4 to 8x8: the expected values are those of reads outside of the input',
  },
  {
    file: 'ops/pool_test.js',
    title: /fractional outputs default rounding$/,
    backends: ['eager'],
    reason:
      'tfjs returns the input where a 1x1 window leaves the shape alone, although stride and padding move it',
  },
];
