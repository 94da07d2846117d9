import type { Model } from '@pyro-ts/core';

/** A model with its data, and the same data as the block of numbers that its C twin reads. */
export interface BenchmarkModel {
  readonly name: string;
  /** What the model is called in file names: its C twin is `packages/bench/c/<c>.c`. */
  readonly c: string;
  readonly model: Model<[], unknown>;
  /** What the model is made of, by name: numbers and nested arrays. */
  readonly data: object;
  readonly block: readonly number[];
  /** The same model written otherwise: the compiler is to make about the same of each. */
  readonly variants?: readonly ModelVariant[];
}

/** The same sites in the same order, so that a point means the same to both. */
export interface ModelVariant {
  /** What is written otherwise. */
  readonly name: string;
  readonly model: Model<[], unknown>;
  /**
   * The latent variables are other ones (centred instead of non-centred, …): then densities at a point differ.
   * Otherwise they agree up to a constant.
   */
  readonly isReparameterised?: boolean;
}
