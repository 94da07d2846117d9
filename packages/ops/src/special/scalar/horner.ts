/** c₀ + x (c₁ + x (c₂ + …)), lowest coefficient first. */
export function horner(c: readonly number[], x: number): number {
  let y = c[c.length - 1];
  for (let i = c.length - 2; i >= 0; i--) y = y * x + c[i];
  return y;
}
