/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011). A block of four 32-bit words is a pure function of a 128-bit counter and a 64-bit key, so a
 * draw depends on nothing but its own address.
 *
 * How the project addresses its draws: the key words are the (dynamic) key of the run; counter word 0 is the index of
 * the element drawn, word 1 the attempt (rejection samplers) or a reserved lane, words 2 and 3 the (static) stream.
 */

/** Multipliers and Weyl increments of the paper, section 3.3 and table 2. */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** Values of counter word 1 that no rejection loop reaches. */
export const BOOST_LANE = 0x80000000;
export const KEY_LANE = 0xc0000000;

/**
 * Writes block (counter c0..c3, key k0, k1) into `out` as four unsigned words.
 *
 * The high word of a 32×32-bit product: `a * m` in double is off by at most 2^10, and so is its difference with the
 * exact low word; what is left is a multiple of 2^32, so adding half and truncating gives it exactly.
 */
export function philox(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let [a, b, c, d, x, y] = [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0, k0 >>> 0, k1 >>> 0];
  for (let round = 0; round < ROUNDS; round++) {
    const lo0 = Math.imul(a, M0) >>> 0;
    const hi0 = ((a * M0 - lo0) * 2 ** -32 + 0.5) >>> 0;
    const lo1 = Math.imul(c, M1) >>> 0;
    const hi1 = ((c * M1 - lo1) * 2 ** -32 + 0.5) >>> 0;
    a = (hi1 ^ b ^ x) >>> 0;
    c = (hi0 ^ d ^ y) >>> 0;
    b = lo1;
    d = lo0;
    x = (x + W0) >>> 0;
    y = (y + W1) >>> 0;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

/** Two words → a multiple of 2^-53 in [0, 1): the top 27 and 26 bits. */
export function halfOpen(w0: number, w1: number): number {
  return ((w0 >>> 5) * 0x4000000 + (w1 >>> 6)) * 2 ** -53;
}

/** Two words → an odd multiple of 2^-53 in (0, 1), symmetric about ½: safe under log, log1p and ndtri. */
export function open(w0: number, w1: number): number {
  return ((w0 >>> 6) * 0x4000000 + (w1 >>> 6) + 0.5) * 2 ** -52;
}

/** The blocks of one stream under one key. Reusable scratch, private to the kernel call that made it. */
export class Blocks {
  readonly words = new Uint32Array(4);
  private readonly k0: number;
  private readonly k1: number;
  private readonly s0: number;
  private readonly s1: number;

  constructor(key: ArrayLike<number>, stream: readonly [number, number]) {
    [this.k0, this.k1] = [key[0], key[1]];
    [this.s0, this.s1] = stream;
  }

  /** Loads the block of an element and attempt. */
  load(element: number, attempt: number): void {
    philox(this.words, element, attempt, this.s0, this.s1, this.k0, this.k1);
  }

  /** First uniform of the loaded block, in (0, 1). */
  get first(): number {
    return open(this.words[0], this.words[1]);
  }

  /** Second uniform of the loaded block, in (0, 1). */
  get second(): number {
    return open(this.words[2], this.words[3]);
  }
}
