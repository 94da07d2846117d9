/** Eigenvalues and eigenvectors of small symmetric matrices. */

export interface SymmetricEigen {
  /** [n], in no order. */
  readonly values: Float64Array;
  /** [n] of [n]: the vector of each value, orthonormal. */
  readonly vectors: readonly Float64Array[];
}

/**
 * Householder's reduction to a tridiagonal matrix, then implicit QL steps with Wilkinson's shift (Golub & Van Loan 2013,
 * sections 8.3.1 and 8.3.3). O(n³).
 * @param matrix [n, n] row-major, symmetric, finite
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = Array.from({ length: n }, (_, i) => matrix.slice(i * n, (i + 1) * n));
  const reflections = tridiagonalize(a, n);
  const values = Float64Array.from(a, (row, i) => row[i]);
  const below = Float64Array.from(a, (row, i) => (i + 1 < n ? row[i + 1] : 0));
  // Rows are the columns of the product of the reflections.
  const vectors = a.map((_, i) => {
    const row = new Float64Array(n);
    row[i] = 1;
    return row;
  });
  for (let k = reflections.length - 1; k >= 0; k--) {
    for (const row of vectors) reflect(row, reflections[k], k + 1);
  }
  diagonalize(values, below, vectors);
  return { values, vectors };
}

/** x ← x − v (v·x), from an index on; v·v = 2. */
function reflect(x: Float64Array, v: Float64Array, from: number): void {
  let along = 0;
  for (let i = from; i < x.length; i++) along += v[i] * x[i];
  for (let i = from; i < x.length; i++) x[i] -= along * v[i];
}

/** Overwrites a by H … H a H … H, tridiagonal; the reflections H = I − v vᵀ, in order. */
function tridiagonalize(a: readonly Float64Array[], n: number): Float64Array[] {
  const reflections: Float64Array[] = [];
  for (let k = 0; k + 2 < n; k++) {
    const v = new Float64Array(n);
    let squares = 0;
    for (let i = k + 1; i < n; i++) {
      v[i] = a[k][i];
      squares += v[i] * v[i];
    }
    const norm = Math.sqrt(squares);
    v[k + 1] += v[k + 1] < 0 ? -norm : norm;
    const scale = Math.sqrt(squares + norm * Math.abs(a[k][k + 1]));
    if (scale > 0) for (let i = k + 1; i < n; i++) v[i] /= scale;
    for (let i = k; i < n; i++) reflect(a[i], v, k + 1);
    // The same from the left: columns.
    for (let j = k; j < n; j++) {
      let along = 0;
      for (let i = k + 1; i < n; i++) along += v[i] * a[i][j];
      for (let i = k + 1; i < n; i++) a[i][j] -= along * v[i];
    }
    reflections.push(v);
  }
  return reflections;
}

/** QL on a tridiagonal matrix; rotates the vectors along. Three steps a value are usual, and 60 are more than enough. */
function diagonalize(d: Float64Array, e: Float64Array, vectors: readonly Float64Array[]): void {
  const n = d.length;
  for (let l = 0; l < n; l++) {
    for (let step = 0; step < 60; step++) {
      let m = l;
      while (m + 1 < n && Math.abs(e[m]) > Number.EPSILON * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++;
      if (m === l) break;
      const g = (d[l + 1] - d[l]) / (2 * e[l]);
      const root = Math.sqrt(g * g + 1);
      chase(d, e, vectors, l, m, d[m] - d[l] + e[l] / (g + (g < 0 ? -root : root)));
    }
  }
}

/** Chases the bulge of one QL step from m up to l. */
function chase(
  d: Float64Array,
  e: Float64Array,
  vectors: readonly Float64Array[],
  l: number,
  m: number,
  shifted: number,
): void {
  let [g, s, c, p] = [shifted, 1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const q = (d[i] - g) * s + 2 * c * b;
    p = s * q;
    d[i + 1] = g + p;
    g = c * q - b;
    const [lower, upper] = [vectors[i], vectors[i + 1]];
    for (let k = 0; k < lower.length; k++) {
      const [x, y] = [lower[k], upper[k]];
      upper[k] = s * x + c * y;
      lower[k] = c * x - s * y;
    }
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}
