/**
 * Σ aᵢ bᵢ as two sums, of the even and of the odd entries, which are added at the end: the order of a vector of two
 * doubles, so that the WebAssembly sampler and the one in JavaScript find the same bits.
 */
export function dot(a: Float64Array, b: Float64Array): number {
  let even = 0;
  let odd = 0;
  const pairs = a.length - (a.length % 2);
  for (let i = 0; i < pairs; i += 2) {
    even += a[i] * b[i];
    odd += a[i + 1] * b[i + 1];
  }
  if (pairs < a.length) even += a[pairs] * b[pairs];
  return even + odd;
}
