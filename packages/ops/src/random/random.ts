/**
 * Draws as tensor operations. Every function takes its key first and, as in JAX, the full shape of the result last
 * (default: the broadcast shape of the parameters). The same key and shape give the same draws; `foldIn` and `split`
 * make new keys. Parameters may be traced, and so may the key.
 */
import type { Shape } from '../data/nd-array';
import { lift, type TensorLike } from '../data/tensor-like';
import { ValueError, formatShape } from '../errors';
import type { KernelName } from '../kernels';
import type { Attrs } from '../kernels/kernel';
import { runKernel } from '../kernels/run';
import { sameShape } from '../kernels/attrs';
import { broadcastShapes } from '../kernels/strided';
import { tf } from '../tf';
import type { RandomKey } from './key';

function draw(
  name: KernelName,
  key: RandomKey,
  inputs: Record<string, tf.Tensor>,
  attrs: Attrs = {},
): tf.Tensor {
  const all = { key: lift(key.key, 'int32'), ...inputs };
  return runKernel(name, all, { ...attrs, stream: key.stream });
}

function spread(x: tf.Tensor, shape: Shape): tf.Tensor {
  return sameShape(x.shape, shape) ? x : tf.broadcastTo(x, [...shape]);
}

/** Parameters as floats that share the shape asked for, or their own broadcast shape. */
function align<N extends string>(parameters: Record<N, TensorLike>, shape?: Shape): Record<N, tf.Tensor> {
  const lifted = Object.entries<TensorLike>(parameters).map(
    ([name, x]) => [name, lift(x, 'float32')] as const,
  );
  const own = lifted.reduce<Shape>((common, [, x]) => broadcastShapes(common, x.shape), []);
  const entries = lifted.map(([name, x]) => [name, spread(x, shape ?? own)] as const);
  return Object.fromEntries(entries) as Record<N, tf.Tensor>;
}

/** Uniform on [0, 1): multiples of 2^-53. The bits are the same on every executor. */
export function uniform(key: RandomKey, shape: Shape = []): tf.Tensor {
  return draw('PhiloxUniform', key, {}, { shape });
}

/** Uniform on (0, 1), both ends excluded: odd multiples of 2^-53, safe under log, log1p(−u) and quantile functions. */
export function openUniform(key: RandomKey, shape: Shape = []): tf.Tensor {
  return draw('PhiloxOpenUniform', key, {}, { shape });
}

/** 32 random bits an element, int32. */
export function bits(key: RandomKey, shape: Shape = []): tf.Tensor {
  return draw('PhiloxBits', key, {}, { shape });
}

/** Standard normal, by the inverse of its distribution function (Wichura's AS 241); |z| ≤ 8.21. */
export function normal(key: RandomKey, shape: Shape = []): tf.Tensor {
  return draw('PhiloxNormal', key, {}, { shape });
}

/** Standard exponential, −log u; between 1.1e-16 and 36.8. */
export function exponential(key: RandomKey, shape: Shape = []): tf.Tensor {
  return draw('PhiloxExponential', key, {}, { shape });
}

/**
 * Gamma(concentration, 1), differentiable in the concentration (implicit reparameterisation; Figurnov, Mohamed & Mnih,
 * NeurIPS 2018). Underflows to 0 for concentrations below about 0.05; `logGamma` does not. NaN unless concentration > 0.
 */
export function gamma(key: RandomKey, concentration: TensorLike, shape?: Shape): tf.Tensor {
  return draw('PhiloxGamma', key, align({ concentration }, shape));
}

/** The logarithm of the same draws as `gamma`, finite for the smallest concentrations; differentiable too. */
export function logGamma(key: RandomKey, concentration: TensorLike, shape?: Shape): tf.Tensor {
  return draw('PhiloxLogGamma', key, align({ concentration }, shape));
}

/** Poisson(rate), int32; saturates at 2^31 − 1; −1 unless rate ≥ 0. */
export function poisson(key: RandomKey, rate: TensorLike, shape?: Shape): tf.Tensor {
  return draw('PhiloxPoisson', key, align({ rate }, shape));
}

/** Binomial(totalCount, probs), int32; −1 unless totalCount ≥ 0 and 0 ≤ probs ≤ 1. */
export function binomial(
  key: RandomKey,
  totalCount: TensorLike,
  probs: TensorLike,
  shape?: Shape,
): tf.Tensor {
  return draw('PhiloxBinomial', key, align({ totalCount, probs }, shape));
}

/** 1 with probability `probs`, else 0; int32. */
export function bernoulli(key: RandomKey, probs: TensorLike, shape?: Shape): tf.Tensor {
  const p = lift(probs, 'float32');
  return tf.cast(tf.less(uniform(key, shape ?? p.shape), p), 'int32');
}

/**
 * Category indices, int32 [...batch], from logits [...batch, K] that need not be normalised.
 * One of weight 0 is never drawn; −1 where all weights are 0 or one is NaN.
 */
export function categorical(key: RandomKey, logits: TensorLike, shape?: Shape): tf.Tensor {
  const x = lift(logits, 'float32');
  const batch = x.shape.slice(0, -1);
  const full = shape ?? batch;
  const split = full.length - batch.length;
  if (sameShape(full.slice(split), batch)) {
    return draw('PhiloxCategorical', key, { logits: x }, { sampleShape: full.slice(0, split) });
  }
  const logitsOfAll = spread(x, [...full, x.shape[x.rank - 1]]);
  return draw('PhiloxCategorical', key, { logits: logitsOfAll }, { sampleShape: [] });
}

/**
 * Multinomial counts, int32 [...batch, K], of totals [...batch] over probs [...batch, K], which need not be normalised.
 * The work does not grow with the totals. Rows with invalid parameters are −1.
 * @param shape the shape of the result, K included
 */
export function multinomial(
  key: RandomKey,
  totalCount: TensorLike,
  probs: TensorLike,
  shape?: Shape,
): tf.Tensor {
  const total = lift(totalCount, 'float32');
  const p = lift(probs, 'float32');
  const full = shape ?? [...broadcastShapes(total.shape, p.shape.slice(0, -1)), p.shape[p.rank - 1]];
  return draw('PhiloxMultinomial', key, {
    totalCount: spread(total, full.slice(0, -1)),
    probs: spread(p, full),
  });
}

/** Beta(a, b) as x = e^u / (e^u + e^v) of log-gamma draws: no underflow, differentiable in both. */
export function beta(key: RandomKey, a: TensorLike, b: TensorLike, shape?: Shape): tf.Tensor {
  const { a: first, b: second } = align({ a, b }, shape);
  // One kernel call for both, so that no second stream is needed.
  const logs = logGamma(key, tf.stack([first, second]));
  const [u, v] = tf.unstack(logs);
  return tf.sigmoid(tf.sub(u, v));
}

/** Logarithms of Dirichlet(concentration) draws over the last axis: finite where the draw itself underflows. */
export function logDirichlet(key: RandomKey, concentration: TensorLike, shape?: Shape): tf.Tensor {
  const logs = logGamma(key, concentration, shape);
  return tf.sub(logs, tf.logSumExp(logs, -1, true));
}

/** Dirichlet(concentration) over the last axis: log-gamma draws, normalised. Differentiable in the concentration. */
export function dirichlet(key: RandomKey, concentration: TensorLike, shape?: Shape): tf.Tensor {
  return tf.softmax(logGamma(key, concentration, shape));
}

/** A random permutation of 0 … n − 1, int32 [n]. */
export function permutation(key: RandomKey, n: number): tf.Tensor {
  return subsample(key, n, n);
}

/**
 * k of 0 … n − 1 without replacement in random order, int32 [k]; every ordered subset equally often, in O(k).
 * @throws {ValueError} unless 0 ≤ k ≤ n < 2^31 are integers
 */
export function subsample(key: RandomKey, n: number, k: number): tf.Tensor {
  if (!(Number.isInteger(n) && Number.isInteger(k) && k >= 0 && k <= n && n < 2 ** 31)) {
    throw new ValueError(
      `subsample: cannot draw ${k} of ${n} without replacement\n  Fix: pass integers with 0 ≤ k ≤ n < 2^31.`,
    );
  }
  return draw('PhiloxSubsample', key, {}, { n, k });
}

/**
 * A key for a dynamic index (a loop counter, a step, a chain), which only the tensor part can carry: int32 [] → RandomKey.
 * @throws {ValueError} unless the index is a scalar
 */
export function foldInTensor(key: RandomKey, index: TensorLike): RandomKey {
  const data = lift(index, 'int32');
  if (data.rank !== 0) {
    throw new ValueError(
      `foldInTensor: the index has shape ${formatShape(data.shape)}\n  Fix: pass one number, or a scalar tensor.`,
    );
  }
  return { key: draw('PhiloxFoldKey', key, { data }), stream: key.stream };
}
