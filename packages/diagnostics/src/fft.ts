/** Fast Fourier transform for lengths that are powers of two. */

/**
 * Replaces re + i·im by its discrete Fourier transform (radix 2, in place).
 * @param re real parts; the length is a power of two
 * @param im imaginary parts, same length
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  reverseBits(re, im);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / size;
      const c = Math.cos(angle);
      const s = Math.sin(angle);
      for (let even = k; even < n; even += size) {
        const odd = even + half;
        const x = re[odd] * c - im[odd] * s;
        const y = re[odd] * s + im[odd] * c;
        re[odd] = re[even] - x;
        im[odd] = im[even] - y;
        re[even] += x;
        im[even] += y;
      }
    }
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j], re[i]];
      [im[i], im[j]] = [im[j], im[i]];
    }
  }
}
