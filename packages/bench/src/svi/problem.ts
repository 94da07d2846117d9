/** What is learnt in every framework, and how fast it is to go. */
import type { Model } from '@pyro-ts/core';
import type { CompileOptions } from '@pyro-ts/compiler';
import type { NdArray, tf } from '@pyro-ts/ops';
import { logistic } from './logistic';
import { vae } from './vae';

export type Precision = NonNullable<CompileOptions['precision']>;

/** Model, guide, data and initial weights of a problem. */
export interface Learning {
  readonly model: Model<tf.Tensor[]>;
  readonly guide: Model<tf.Tensor[]>;
  readonly args: tf.Tensor[];
  /** What the peers read: data, and where networks start. */
  readonly arrays: Readonly<Record<string, NdArray>>;
}

export interface Problem {
  readonly name: string;
  readonly kind: 'logistic' | 'vae';
  /** The peers' arguments. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Ours; the first is the one that bars are for. */
  readonly precisions: readonly Precision[];
  /** Steps per second over a peer's that are aimed at. */
  readonly bars: { readonly numpyro: number; readonly pyro: number };
  make(): Learning;
}

export const learningRate = 1e-3;

const logisticProblem = (rows: number, columns: number, batch: number): Problem => ({
  name: `logistic ${rows}×${columns}, batch ${batch}`,
  kind: 'logistic',
  sizes: { rows, columns, batch },
  precisions: ['float64', 'float32'],
  bars: { numpyro: 2, pyro: 10 },
  make: () => logistic(rows, columns, batch),
});

const vaeSizes = { rows: 2048, batch: 128, pixels: 784, hidden: 400, latent: 20 };

export const problems: readonly Problem[] = [
  logisticProblem(1000, 10, 100),
  logisticProblem(10000, 100, 256),
  {
    name: 'VAE 784-400-20, batch 128',
    kind: 'vae',
    sizes: vaeSizes,
    precisions: ['float32'],
    bars: { numpyro: 0.2, pyro: 1 },
    make: () => vae(vaeSizes),
  },
];
