/** Guides with one distribution over the vector of all latent sites. */
import { sample } from '@pyro-ts/core';
import { Normal, type Distribution } from '@pyro-ts/distributions';
import { lift, type NdArray, type tf } from '@pyro-ts/ops';
import type { ParamValues } from '../svi';
import type { GuideFamily, GuideRun } from './auto-guide';
import { valuesOf } from './constrain';
import { dimOf, packLatent, refuseSubsampled, unpackLatent } from './flat-latent';

/** What a run offers for declaring the distribution's parameters. */
export interface LatentDeclaration extends Pick<GuideRun, 'initScale' | 'prefix'> {
  readonly dim: number;
  /** Starting point in unconstrained space, [dim]. */
  readonly initialLoc: (key: Parameters<GuideRun['start']>[0]) => NdArray;
}

export interface ContinuousFamily {
  readonly name: string;
  /** Declares parameters; a distribution over [dim]. */
  readonly posterior: (declaration: LatentDeclaration) => Distribution;
  /** Location and standard deviation of each coordinate, from constrained parameters. */
  readonly marginals: (
    params: ParamValues,
    prefix: string,
  ) => { readonly loc: tf.Tensor; readonly scale: tf.Tensor };
}

/** A guide family from a distribution over the vector. */
export const continuousFamily = ({ name, posterior, marginals }: ContinuousFamily): GuideFamily => ({
  name,
  check: (prototype) => refuseSubsampled(name, prototype),
  draw({ prototype, start, initScale, prefix, constrain }) {
    const fn = posterior({
      dim: dimOf(prototype),
      initialLoc: (key) => packLatent(prototype, start(key).unconstrained),
      initScale,
      prefix,
    });
    const latent = sample(`_${prefix}_latent`, fn, { infer: { isAuxiliary: true } });
    return constrain(unpackLatent(prototype, latent));
  },
  quantile({ prototype, prefix, constrain }, params, probability) {
    const { loc, scale } = marginals(params, prefix);
    const latent = Normal(loc, scale).icdf(lift(probability));
    return valuesOf(constrain(unpackLatent(prototype, latent)));
  },
});

/** Identity matrix times a number. */
export function scaledIdentity(n: number, scale: number): NdArray {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = scale;
  return { data, shape: [n, n], dtype: 'float32' };
}

/** [n] of one number. */
export const repeated = (n: number, value: number): NdArray => ({
  data: new Float64Array(n).fill(value),
  shape: [n],
  dtype: 'float32',
});
