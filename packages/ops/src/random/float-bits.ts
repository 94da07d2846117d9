/** The upper half of a double: sign, exponent and the first 20 bits of the fraction. */

const f64 = new Float64Array(1);
const u32 = new Uint32Array(f64.buffer);
/** Which of the two words is the upper one: engines on big-endian machines are not known, but cost nothing. */
const upper = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** As an unsigned integer. */
export function highWord(x: number): number {
  f64[0] = x;
  return u32[upper];
}

/** x with another upper half. */
export function withHighWord(x: number, word: number): number {
  f64[0] = x;
  u32[upper] = word;
  return f64[0];
}

/** 2^k for a normal result, −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  return withHighWord(0, (k + 1023) << 20);
}
