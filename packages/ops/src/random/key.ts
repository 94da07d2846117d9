/**
 * Random keys. A key names a family of independent draws: `key` (two words, dynamic: a program's input) says which
 * run, `stream` (two words, static: an attribute) says which place in it. Nothing is ever consumed: the same key gives
 * the same draws, so derive a new one with `foldIn` or `split` for each use.
 */
import type * as tf from '@tensorflow/tfjs';
import seedrandom from 'seedrandom';
import type { NdArray } from '../data/nd-array';
import { philox } from './philox';

export type Stream = readonly [number, number];

export interface RandomKey {
  /** int32 [2]. A tensor where a compiled program takes a fresh key on every call. */
  readonly key: NdArray | tf.Tensor;
  /** Two unsigned 32-bit words. */
  readonly stream: Stream;
}

/**
 * The root key of a seed. Different seeds give different keys (64 bits; a number and its decimal string differ too).
 * @throws RangeError if a numeric seed is NaN or infinite
 */
export function keyFromSeed(seed: number | string): RandomKey {
  if (typeof seed === 'number' && !Number.isFinite(seed)) {
    throw new RangeError(`seed: ${seed} is not a finite number.\n  Fix: pass an integer or a string.`);
  }
  const generator = seedrandom(seedText(seed));
  return {
    key: { data: Int32Array.of(generator.int32(), generator.int32()), shape: [2], dtype: 'int32' },
    stream: [0, 0],
  };
}

/**
 * seedrandom keys RC4 with the low bytes of the characters, repeated: 'ab' and 'abab' would be one seed, 'a' and 'š'
 * too. Code units in hexadecimal and their number in front make the text injective.
 */
function seedText(seed: number | string): string {
  const text = typeof seed === 'number' ? `n${seed}` : `s${seed}`;
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16));
  return `${units.length}:${units.join('.')}`;
}

/** Domain tags of the stream hash (counter word 2). */
const STRING_TAG = 0x73747200;
const NUMBER_TAG = 0x6e756d00;

/**
 * Derives a key whose stream is a 64-bit hash of this stream and `data` (a site name, an occurrence, a plate index);
 * the dynamic part stays as it is. The hash is a chain of Philox blocks: n streams collide with probability n²/2^65.
 * @throws RangeError if a number is NaN or infinite
 */
export function foldIn(key: RandomKey, data: string | number): RandomKey {
  const block = new Uint32Array(4);
  let [s0, s1] = key.stream;
  const absorb = (d0: number, d1: number, tag: number, position: number): void => {
    philox(block, d0, d1, tag, position, s0, s1);
    [s0, s1] = block;
  };
  if (typeof data === 'number') {
    if (!Number.isFinite(data)) throw new RangeError(`foldIn: ${data} is not a finite number.`);
    // + 0 makes −0 and 0 one number.
    const words = new Uint32Array(Float64Array.of(data + 0).buffer);
    absorb(words[0], words[1], NUMBER_TAG, 0);
  } else {
    const unit = (i: number): number => (i < data.length ? data.charCodeAt(i) : 0);
    absorb(data.length, 0, STRING_TAG, 0);
    for (let i = 0; i < data.length; i += 4) {
      absorb(unit(i) | (unit(i + 1) << 16), unit(i + 2) | (unit(i + 3) << 16), STRING_TAG, i + 1);
    }
  }
  return { key: key.key, stream: [s0, s1] };
}

/** `count` keys, independent of each other and of keys folded from the same parent by name. */
export function split(key: RandomKey, count = 2): RandomKey[] {
  const parent = foldIn(key, '\0split');
  return Array.from({ length: count }, (_, i) => foldIn(parent, i));
}
