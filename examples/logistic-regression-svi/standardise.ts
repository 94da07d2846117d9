/** Columns with mean 0 and standard deviation 1. */
export function standardise(rows: number[][]): number[][] {
  const n = rows.length;
  const moments = rows[0].map((_, j) => {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / n;
    return { mean, sd: Math.sqrt(rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / (n - 1)) };
  });
  return rows.map((row) => row.map((v, j) => (v - moments[j].mean) / moments[j].sd));
}
