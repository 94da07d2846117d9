import type { Model } from '@pyro-ts/core';

/** A model with its data, and the same data as the block of numbers that its C twin reads. */
export interface BenchmarkModel {
  readonly name: string;
  /** The file in packages/bench/c without its ending. */
  readonly c: string;
  readonly model: Model<[], unknown>;
  readonly block: readonly number[];
}
