/**
 * The random kernels. Each is a pure function of a key tensor (int32 [2]), the static attribute `stream` and its
 * parameters, which arrive broadcast to the shape of the output; element i draws from counter words (i, attempt).
 */
import { allocate, sizeOf, type NdArray, type Shape, type TensorSpec } from '../data/nd-array';
import type { Attrs, KernelSpec } from '../kernels/kernel';
import { drawBinomial } from './binomial-draw';
import { cumulativeWeights, searchCategory } from './categorical-draw';
import { drawGamma, drawLogGamma } from './gamma-draw';
import { Blocks, halfOpen, KEY_LANE } from './philox';
import { drawPoisson, NO_COUNT } from './poisson-draw';
import { log } from './portable-math';
import { normalQuantile } from './standard-normal';
import { drawSubsample } from './subsample-draw';

function blocksOf(key: NdArray, attrs: Attrs): Blocks {
  return new Blocks(key.data, attrs['stream'] as [number, number]);
}

function shapeOf(attrs: Attrs): Shape {
  return attrs['shape'] as Shape;
}

/** One block serves two elements: words 0–1 the even one, words 2–3 the odd one. */
function fromUniform(draw: (blocks: Blocks, odd: boolean) => number): KernelSpec {
  return {
    inputs: ['key'],
    infer: (_, attrs) => [{ shape: shapeOf(attrs), dtype: 'float32' }],
    compute([key], attrs, [output]) {
      const blocks = blocksOf(key, attrs);
      const out = allocate('float32', sizeOf(output.shape));
      for (let i = 0; i < out.length; i++) {
        if ((i & 1) === 0) blocks.load(i >>> 1, 0);
        out[i] = draw(blocks, (i & 1) === 1);
      }
      return [out];
    },
  };
}

const openUniform = (blocks: Blocks, odd: boolean): number => (odd ? blocks.second : blocks.first);

/** A draw for each element of parameters that share the output's shape. */
function elementwise(
  inputs: readonly string[],
  dtype: 'float32' | 'int32',
  draw: (blocks: Blocks, element: number, ...parameters: number[]) => number,
): KernelSpec {
  return {
    inputs: ['key', ...inputs],
    infer: ([, first]) => [{ shape: first.shape, dtype }],
    compute([key, ...parameters], attrs, [output]) {
      const blocks = blocksOf(key, attrs);
      const out = allocate(dtype, sizeOf(output.shape));
      for (let i = 0; i < out.length; i++) out[i] = draw(blocks, i, ...parameters.map((p) => p.data[i]));
      return [out];
    },
  };
}

/** logits [...batch, K], attribute `sampleShape` → [...sampleShape, ...batch]. */
const categorical: KernelSpec = {
  inputs: ['key', 'logits'],
  infer: ([, logits], attrs) => [
    { shape: [...(attrs['sampleShape'] as Shape), ...logits.shape.slice(0, -1)], dtype: 'int32' },
  ],
  compute([key, logits], attrs, [output]) {
    const blocks = blocksOf(key, attrs);
    const count = logits.shape[logits.shape.length - 1];
    const batch = sizeOf(logits.shape.slice(0, -1));
    const tables = Array.from({ length: batch }, (_, b) => cumulativeWeights(logits.data, b * count, count));
    const out = new Int32Array(sizeOf(output.shape));
    for (let i = 0; i < out.length; i++) {
      if ((i & 1) === 0) blocks.load(i >>> 1, 0);
      out[i] = searchCategory(tables[i % batch], openUniform(blocks, (i & 1) === 1));
    }
    return [out];
  },
};

/** totalCount [...batch], probs [...batch, K] → counts [...batch, K], a chain of conditional binomials. */
const multinomial: KernelSpec = {
  inputs: ['key', 'totalCount', 'probs'],
  infer: ([, , probs]) => [{ shape: probs.shape, dtype: 'int32' }],
  compute([key, totalCount, probs], attrs, [output]) {
    const blocks = blocksOf(key, attrs);
    const count = output.shape[output.shape.length - 1];
    const out = new Int32Array(sizeOf(output.shape));
    for (let start = 0; start < out.length; start += count) {
      drawMultinomial(blocks, totalCount.data[start / count], probs.data, out, start, count);
    }
    return [out];
  },
};

function drawMultinomial(
  blocks: Blocks,
  total: number,
  probs: ArrayLike<number>,
  out: Int32Array,
  start: number,
  count: number,
): void {
  // Summed from the end, so that each conditional probability p_k / (p_k + … + p_K) is at most 1 exactly.
  const rest = new Float64Array(count + 1);
  for (let k = count - 1; k >= 0; k--) rest[k] = rest[k + 1] + probs[start + k];
  let left = total;
  for (let k = 0; k < count && left >= 0; k++) {
    const p = rest[k + 1] === 0 && rest[k] > 0 ? 1 : rest[k] === 0 ? 0 : probs[start + k] / rest[k];
    out[start + k] = drawBinomial(blocks, start + k, left, p);
    left = out[start + k] < 0 ? NO_COUNT : left - out[start + k];
  }
  if (!(left >= 0)) out.fill(NO_COUNT, start, start + count);
}

const int32Output = (shape: Shape): readonly TensorSpec[] => [{ shape, dtype: 'int32' }];

/** Raw words: element i is word i mod 4 of block ⌊i / 4⌋. */
const bits: KernelSpec = {
  inputs: ['key'],
  infer: (_, attrs) => int32Output(shapeOf(attrs)),
  compute([key], attrs, [output]) {
    const blocks = blocksOf(key, attrs);
    const out = new Int32Array(sizeOf(output.shape));
    for (let i = 0; i < out.length; i++) {
      if ((i & 3) === 0) blocks.load(i >>> 2, 0);
      out[i] = blocks.words[i & 3];
    }
    return [out];
  },
};

/** `k` of `n` without replacement → int32 [k]. */
const subsample: KernelSpec = {
  inputs: ['key'],
  infer: (_, attrs) => int32Output([attrs['k'] as number]),
  compute: ([key], attrs) => [
    drawSubsample(blocksOf(key, attrs), attrs['n'] as number, attrs['k'] as number),
  ],
};

/** A new key for a dynamic index (a loop counter, a chain, a step): data int32 [] → int32 [2]. */
const foldKey: KernelSpec = {
  inputs: ['key', 'data'],
  infer: () => int32Output([2]),
  compute([key, data], attrs) {
    const blocks = blocksOf(key, attrs);
    blocks.load(data.data[0], KEY_LANE);
    return [Int32Array.of(blocks.words[0], blocks.words[1])];
  },
};

export const randomKernels = {
  PhiloxBits: bits,
  /** Multiples of 2^-53 in [0, 1). */
  PhiloxUniform: fromUniform(({ words }, odd) =>
    odd ? halfOpen(words[2], words[3]) : halfOpen(words[0], words[1]),
  ),
  /** Odd multiples of 2^-53 in (0, 1). */
  PhiloxOpenUniform: fromUniform(openUniform),
  PhiloxNormal: fromUniform((blocks, odd) => normalQuantile(openUniform(blocks, odd))),
  PhiloxExponential: fromUniform((blocks, odd) => -log(openUniform(blocks, odd))),
  PhiloxGamma: elementwise(['concentration'], 'float32', drawGamma),
  PhiloxLogGamma: elementwise(['concentration'], 'float32', drawLogGamma),
  PhiloxPoisson: elementwise(['rate'], 'int32', drawPoisson),
  PhiloxBinomial: elementwise(['totalCount', 'probs'], 'int32', drawBinomial),
  PhiloxCategorical: categorical,
  PhiloxMultinomial: multinomial,
  PhiloxSubsample: subsample,
  PhiloxFoldKey: foldKey,
} satisfies Record<string, KernelSpec>;
