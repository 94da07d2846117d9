/** The geometric mean of a covariance matrix and the inverse of another. */
import { symmetricEigen } from './symmetric-eigen';

/** Eigenvalues and eigenvectors of the A with A G A = C: A = G^(−½) (G^(½) C G^(½))^(½) G^(−½). */
export function geometricMean(
  c: Float64Array,
  g: Float64Array,
  m: number,
): ReturnType<typeof symmetricEigen> {
  const eigenOfG = symmetricEigen(g, m);
  const root = rebuilt(eigenOfG, Math.sqrt);
  const inverseRoot = rebuilt(eigenOfG, (value) => 1 / Math.sqrt(value));
  const middle = symmetricEigen(sandwich(root, c, m), m);
  const middleRoot = rebuilt(middle, (value) => Math.sqrt(Math.max(value, 0)));
  return symmetricEigen(sandwich(inverseRoot, middleRoot, m), m);
}

/** Σ f(λᵣ) vᵣ vᵣᵀ */
function rebuilt(
  { values, vectors }: ReturnType<typeof symmetricEigen>,
  f: (value: number) => number,
): Float64Array {
  const m = values.length;
  const matrix = new Float64Array(m * m);
  vectors.forEach((v, r) => {
    const factor = f(values[r]);
    for (let i = 0; i < m; i++) for (let j = 0; j < m; j++) matrix[i * m + j] += factor * v[i] * v[j];
  });
  return matrix;
}

/** S A S, exactly symmetric. */
function sandwich(s: Float64Array, a: Float64Array, m: number): Float64Array {
  const whole = product(product(s, a, m), s, m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < i; j++) {
      whole[i * m + j] = whole[j * m + i] = (whole[i * m + j] + whole[j * m + i]) / 2;
    }
  }
  return whole;
}

function product(x: Float64Array, y: Float64Array, m: number): Float64Array {
  const z = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const factor = x[i * m + k];
      for (let j = 0; j < m; j++) z[i * m + j] += factor * y[k * m + j];
    }
  }
  return z;
}
