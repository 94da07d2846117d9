/** A seed for a run that was given none. */
import { defaultGenerator, philox } from '@pyro-ts/ops';
import { wordsOf } from '../random/random-source';

/** From the default generator: 53 bits of a block addressed by its next key. */
export function freshSeed(): number {
  const key = defaultGenerator.next();
  const [k0, k1] = wordsOf(key);
  const words = new Uint32Array(4);
  philox(words, 0, 0, key.stream[0], key.stream[1], k0, k1);
  return (words[0] >>> 11) * 2 ** 32 + words[1];
}
