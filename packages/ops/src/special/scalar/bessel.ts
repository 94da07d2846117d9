/**
 * Modified Bessel functions of order 0 and 1, exponentially scaled: the ascending series (DLMF 10.25.2; positive terms)
 * for |x| < 20, the asymptotic series (DLMF 10.40.1) beyond, whose smallest term is below e^(−40).
 */
const SWITCH = 20;
const SQRT_TWO_PI = 2.5066282746310002;

/** Σ_{k≥first} t^k / (k! (k + order)!) for t = x²/4. */
function ascending(t: number, order: 0 | 1, first: number): number {
  let term = 1;
  for (let k = 1; k <= first; k++) term *= t / (k * (k + order));
  let total = 0;
  for (let k = first + 1; term > total * 1e-17; k++) {
    total += term;
    term *= t / (k * (k + order));
  }
  return total;
}

/** √(2πx) e^(−x) I_order(x) for x ≥ 20. */
function asymptotic(x: number, order: 0 | 1): number {
  const mu = 4 * order * order;
  let term = 1;
  let total = 0;
  for (let k = 1; Math.abs(term) > 1e-18 && k < 45; k++) {
    total += term;
    term *= -(mu - (2 * k - 1) ** 2) / (8 * k * x);
  }
  return total;
}

/** e^(−|x|) I₀(x); within 4 ulp; 0 at ±∞. */
export function i0e(x: number): number {
  const z = Math.abs(x);
  if (z < SWITCH) return Math.exp(-z) * ascending((z / 2) ** 2, 0, 0);
  return asymptotic(z, 0) / (SQRT_TWO_PI * Math.sqrt(z));
}

/** e^(−|x|) I₁(x), odd; within 5 ulp; 0 at ±∞. */
export function i1e(x: number): number {
  const z = Math.abs(x);
  if (z < SWITCH) return x * (Math.exp(-z) * 0.5 * ascending((z / 2) ** 2, 1, 0));
  return (Math.sign(x) * asymptotic(z, 1)) / (SQRT_TWO_PI * Math.sqrt(z));
}

/** log I₀(x), even; within 4 ulp, also near 0 where it is x²/4. */
export function logI0(x: number): number {
  const z = Math.abs(x);
  if (z === Infinity) return Infinity;
  if (z < SWITCH) {
    const t = (z / 2) ** 2;
    return t === 0 ? 0 : Math.log1p(ascending(t, 0, 1));
  }
  return z + Math.log(i0e(z));
}

/** I₁(x)/I₀(x), the mean resultant length of a von Mises law of concentration x; odd; within 4 ulp; ±1 at ±∞. */
export function besselRatio(x: number): number {
  const z = Math.abs(x);
  if (z === Infinity) return Math.sign(x);
  if (z >= SWITCH) return (Math.sign(x) * asymptotic(z, 1)) / asymptotic(z, 0);
  const t = (z / 2) ** 2;
  return (x / 2) * (ascending(t, 1, 0) / ascending(t, 0, 0));
}
