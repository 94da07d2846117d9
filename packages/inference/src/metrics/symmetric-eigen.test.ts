import { randomSource } from '../random/random-source';
import { symmetricEigen } from './symmetric-eigen';

/** Largest |A v − λ v| and |vᵢ·vⱼ − δᵢⱼ|. */
function errors(matrix: Float64Array, n: number): [number, number] {
  const { values, vectors } = symmetricEigen(matrix, n);
  let [residual, skew] = [0, 0];
  vectors.forEach((v, r) => {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += matrix[i * n + j] * v[j];
      residual = Math.max(residual, Math.abs(sum - values[r] * v[i]));
    }
    vectors.forEach((w, s) => {
      const dot = v.reduce((sum, x, i) => sum + x * w[i], 0);
      skew = Math.max(skew, Math.abs(dot - Number(r === s)));
    });
  });
  return [residual, skew];
}

function random(n: number): Float64Array {
  const source = randomSource([3, n], 0, 'start', 0);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = source.normal();
  }
  return matrix;
}

describe('eigenvectors of a symmetric matrix', () => {
  it.each([1, 2, 3, 5, 16, 64])(
    'of random numbers, n = %d: residual and orthogonality within 1e-13 n',
    (n) => {
      for (const error of errors(random(n), n)) expect(error).toBeLessThan(1e-13 * n);
    },
  );

  it('that is diagonal, zero, or of rank one', () => {
    const diagonal = Float64Array.of(3, 0, 0, 0, -1, 0, 0, 0, 3);
    const ones = new Float64Array(16).fill(1);
    for (const [matrix, n] of [
      [diagonal, 3],
      [new Float64Array(16), 4],
      [ones, 4],
    ] as const) {
      for (const error of errors(matrix, n)) expect(error).toBeLessThan(1e-14);
    }
    expect([...symmetricEigen(ones, 4).values].sort((a, b) => a - b)[3]).toBeCloseTo(4, 12);
  });

  it('of scales from 1e-8 to 1e8 in rotated axes keeps the trace and the large values', () => {
    const n = 6;
    const { vectors } = symmetricEigen(random(n), n);
    const values = [1e8, 1e5, 1, 1e-3, 1e-5, 1e-8];
    const matrix = new Float64Array(n * n);
    values.forEach((value, r) => {
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) matrix[i * n + j] += value * vectors[r][i] * vectors[r][j];
    });
    const found = [...symmetricEigen(matrix, n).values].sort((a, b) => b - a);
    expect(Math.abs(found[0] / 1e8 - 1)).toBeLessThan(1e-14);
    expect(Math.abs(found[1] / 1e5 - 1)).toBeLessThan(1e-11);
    expect(Math.abs(found[2] - 1)).toBeLessThan(1e-6);
  });
});
