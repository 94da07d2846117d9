/** The uniforms and normals that samplers consume: counter-based, addressed by seed, chain, purpose and iteration. */
import {
  keyFromSeed,
  normalQuantile,
  philox,
  uniformFromWords,
  type NdArray,
  type RandomKey,
} from '@pyro-ts/ops';

/** A sequence of independent draws. Mutable, short-lived: one for each transition. */
export interface RandomSource {
  /** In the open interval (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** What the numbers are a function of: who knows it can make them elsewhere. Undefined for sources of other kinds. */
  readonly address?: RandomAddress;
}

/** Key words, purpose, chain, iteration. */
export type RandomAddress = readonly [number, number, number, number, number];

/** What a stream of random numbers is for; the words keep purposes apart in the counter ('tran', 'step', ...). */
export const purposes = {
  transition: 0x7472616e,
  stepSizeSearch: 0x73746570,
  start: 0x73746172,
  pathfinder: 0x70617468,
} as const;
export type Purpose = keyof typeof purposes;

/** Two 32-bit words, the dynamic part of a key. */
export type KeyWords = readonly [number, number];

/** The words of a seed's key. */
export function keyWords(seed: number | string): KeyWords {
  return wordsOf(keyFromSeed(seed));
}

/** The dynamic words of a key that holds data. */
export function wordsOf(key: RandomKey): KeyWords {
  const { data } = key.key as NdArray;
  return [data[0], data[1]];
}

/**
 * The random numbers of one iteration of one chain. A pure function of its arguments: chains are independent, and
 * the same whoever runs them and in whatever order; a chain can be resumed at any iteration.
 */
export function randomSource(
  key: KeyWords,
  chain: number,
  purpose: Purpose,
  iteration: number,
): RandomSource {
  return new AddressedSource(randomAddress(key, chain, purpose, iteration));
}

/** The address of those numbers. */
export const randomAddress = (
  [k0, k1]: KeyWords,
  chain: number,
  purpose: Purpose,
  iteration: number,
): RandomAddress => [k0, k1, purposes[purpose], chain, iteration];

class AddressedSource implements RandomSource {
  private words: Uint32Array | undefined;
  private block = 0;
  private second = false;

  constructor(readonly address: RandomAddress) {}

  uniform(): number {
    const words = (this.words ??= new Uint32Array(4));
    this.second = !this.second;
    if (!this.second) return uniformFromWords(words[2], words[3]);
    const [k0, k1, purpose, chain, iteration] = this.address;
    philox(words, this.block++, iteration, chain, purpose, k0, k1);
    return uniformFromWords(words[0], words[1]);
  }

  normal(): number {
    return normalQuantile(this.uniform());
  }
}
