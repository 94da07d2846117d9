/** Logarithms where all values are positive (the group is 0 or 1), then mean 0 and standard deviation 1. */
export function standardise(rows: number[][]): number[][] {
  const columns = rows[0]
    .map((_, j) => rows.map((row) => row[j]))
    .map((column) => (Math.min(...column) > 0 ? column.map(Math.log) : column));
  const scaled = columns.map((column) => {
    const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
    const sd = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (column.length - 1));
    return column.map((v) => (v - mean) / sd);
  });
  return rows.map((_, i) => scaled.map((column) => column[i]));
}
