/** Log factors whose dims have names instead of positions, so that no rank grows with the number of sites. */
import type { EnumeratedVariable } from '@pyro-ts/core';
import { logsumexp, tf } from '@pyro-ts/ops';

/** A plate (its name), or an enumerated site. */
export type Dim = string | EnumeratedVariable;

export interface Factor {
  /** Nats; `tensor.shape[i]` lies along `dims[i]`. */
  readonly tensor: tf.Tensor;
  /** Dims of size 1 are left out. */
  readonly dims: readonly Dim[];
}

export const isVariable = (dim: Dim): dim is EnumeratedVariable => typeof dim !== 'string';

export const variablesOf = ({ dims }: Factor): EnumeratedVariable[] => dims.filter(isVariable);

/** The factor with its dims in this order; those it lacks have size 1. */
export function aligned({ tensor, dims }: Factor, order: readonly Dim[]): tf.Tensor {
  if (dims.length === order.length && dims.every((dim, i) => dim === order[i])) return tensor;
  const own = order.filter((dim) => dims.includes(dim));
  const axes = own.map((dim) => dims.indexOf(dim));
  const sorted = axes.every((axis, i) => axis === i) ? tensor : tf.transpose(tensor, axes);
  const shape = order.map((dim) => (dims.includes(dim) ? tensor.shape[dims.indexOf(dim)] : 1));
  return shape.length === own.length ? sorted : tf.reshape(sorted, shape);
}

/** The dims of the larger factor, then what the other one has besides: the larger one is not moved. */
function commonOrder(small: readonly Dim[], large: readonly Dim[]): Dim[] {
  return [...large, ...small.filter((dim) => !large.includes(dim))];
}

/** Takes a variable out of a factor. */
export type Reduction = (factor: Factor, variable: EnumeratedVariable) => Factor;

/** The product of factors: the sum of their logarithms, small ones first. */
export function product(factors: readonly Factor[]): Factor {
  const [first, ...rest] = [...factors].sort((a, b) => a.dims.length - b.dims.length);
  return rest.reduce((so, next) => {
    const dims = commonOrder(so.dims, next.dims);
    return { dims, tensor: tf.add(aligned(so, dims), aligned(next, dims)) };
  }, first);
}

/** Σ over the values of a variable, in log space: −∞ where every term is. */
export function sumOver({ tensor, dims }: Factor, variable: EnumeratedVariable): Factor {
  const axis = dims.indexOf(variable);
  return { tensor: logsumexp(tensor, axis), dims: dims.filter((dim) => dim !== variable) };
}

/** The largest over the values of a variable. */
export function maxOver({ tensor, dims }: Factor, variable: EnumeratedVariable): Factor {
  const axis = dims.indexOf(variable);
  return { tensor: tf.max(tensor, axis), dims: dims.filter((dim) => dim !== variable) };
}

/** Π over plates; a factor that is the same for all elements of a plate counts once for each. */
export function productOver({ tensor, dims }: Factor, plates: ReadonlyMap<string, number>): Factor {
  const axes = dims.flatMap((dim, i) => (typeof dim === 'string' && plates.has(dim) ? [i] : []));
  const repeats = [...plates].reduce(
    (count, [name, size]) => (dims.includes(name) ? count : count * size),
    1,
  );
  const summed = axes.length === 0 ? tensor : tf.sum(tensor, axes);
  return {
    tensor: repeats === 1 ? summed : tf.mul(summed, repeats),
    dims: dims.filter((_, i) => !axes.includes(i)),
  };
}
