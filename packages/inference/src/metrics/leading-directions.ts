/** The directions in which vectors vary most. */
import { dot } from '../integrators/dot';

type Vectors = readonly Float64Array[];

/** Powers taken; the directions are to be near the leading ones, not exact. */
const iterations = 3;

/**
 * About the leading principal directions of some vectors, fewer than these are long: orthogonal iteration (Golub & Van Loan
 * 2013, section 8.2.4) with their Gram matrix, which is small.
 * @returns at most `count`, not of length 1
 */
export function leadingDirections(all: Vectors, count: number): Float64Array[] {
  const n = all.length;
  const gram = all.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) gram[i][j] = gram[j][i] = dot(all[i], all[j]);
  // The longest vectors, as coefficients of themselves.
  const longest = [...gram.keys()].sort((i, j) => gram[j][j] - gram[i][i]).slice(0, count);
  let block = orthonormal(longest.map((i) => gram[i]));
  for (let k = 0; k < iterations; k++) {
    block = orthonormal(
      block.map((v) => {
        const image = new Float64Array(n);
        for (let i = 0; i < n; i++) image[i] = dot(gram[i], v);
        return image;
      }),
    );
  }
  return block.map((v) => combine(all, v));
}

/** Gram–Schmidt, twice; what depends on the others is left out. */
export function orthonormal(all: Vectors): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const v of all) {
    const rest = v.slice();
    const length = Math.sqrt(dot(v, v));
    for (let pass = 0; pass < 2; pass++) {
      for (const b of basis) {
        const along = dot(b, rest);
        for (let i = 0; i < rest.length; i++) rest[i] -= along * b[i];
      }
    }
    const left = Math.sqrt(dot(rest, rest));
    if (!(left > 1e-8 * length)) continue;
    for (let i = 0; i < rest.length; i++) rest[i] /= left;
    basis.push(rest);
  }
  return basis;
}

/** Σ cⱼ vⱼ */
export function combine(vectors: Vectors, coefficients: Float64Array): Float64Array {
  const sum = new Float64Array(vectors[0].length);
  vectors.forEach((v, j) => {
    const c = coefficients[j];
    for (let i = 0; i < sum.length; i++) sum[i] += c * v[i];
  });
  return sum;
}
