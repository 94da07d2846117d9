/** Fast Fourier transform for lengths that are powers of two. */

/**
 * Replaces re + i·im by its discrete Fourier transform (radix 2, in place).
 * @param re real parts; the length is a power of two
 * @param im imaginary parts, same length
 */
export function fft(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  reverseBits(re, im);
  const { cosines, sines } = rootsOfUnity(n);
  for (let size = 2; size <= n; size *= 2) {
    const half = size / 2;
    const stride = n / size;
    for (let start = 0; start < n; start += size) {
      for (let k = 0; k < half; k++) {
        const c = cosines[k * stride];
        const s = sines[k * stride];
        const even = start + k;
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

interface Roots {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

let latestRoots: Roots = { cosines: new Float64Array(0), sines: new Float64Array(0) };

/** exp(−2πik/n) for k < n/2; the latest are kept, since chains are equally long. */
function rootsOfUnity(n: number): Roots {
  if (latestRoots.cosines.length !== n >> 1) {
    const angles = new Float64Array(n >> 1).map((_, k) => (-2 * Math.PI * k) / n);
    latestRoots = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
  }
  return latestRoots;
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      const [x, y] = [re[i], im[i]];
      re[i] = re[j];
      im[i] = im[j];
      re[j] = x;
      im[j] = y;
    }
  }
}
