/**
 * Tests of samplers that state their false-alarm rate: with a right sampler and a random seed, each throws with the
 * probability given (default one in a million); with the fixed seeds of our tests, always or never.
 */

const FALSE_ALARM = 1e-6;

/** P(Kolmogorov distance of n draws > d), by the series with Stephens' correction for finite n (1970). */
export function kolmogorovTail(d: number, n: number): number {
  const t = d * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (t < 0.3) return 1;
  let sum = 0;
  for (let j = 100; j >= 1; j--) sum += (j % 2 === 1 ? 2 : -2) * Math.exp(-2 * j * j * t * t);
  return Math.min(1, Math.max(0, sum));
}

/** Largest distance between the empirical distribution function of the draws and a continuous cdf. */
export function kolmogorovDistance(draws: ArrayLike<number>, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(draws).sort();
  return sorted.reduce((worst, x, i) => {
    const f = cdf(x);
    if (Number.isNaN(f)) return Infinity;
    return Math.max(worst, f - i / sorted.length, (i + 1) / sorted.length - f);
  }, 0);
}

/** P(χ² with `df` degrees of freedom > x), by upward recurrence from one or two degrees. */
export function chiSquareTail(x: number, df: number): number {
  if (x <= 0) return 1;
  const half = x / 2;
  let [tail, term] =
    df % 2 === 0
      ? [Math.exp(-half), Math.exp(-half)]
      : [erfc(Math.sqrt(half)), 2 * Math.sqrt(half / Math.PI) * Math.exp(-half)];
  if (df % 2 === 0) {
    for (let k = 1; k < df / 2; k++) {
      term *= half / k;
      tail += term;
    }
    return tail;
  }
  for (let k = 1; k <= (df - 1) / 2; k++) {
    tail += term;
    term *= half / (k + 0.5);
  }
  return tail;
}

/** Complementary error function for x ≥ 0, relative error below 2e-7 (Numerical Recipes' Chebyshev fit). */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const c = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  return t * Math.exp(-x * x + c.reduce((sum, v) => sum * t + v, 0));
}

function check(p: number, falseAlarm: number, what: string): void {
  if (p >= falseAlarm) return;
  throw new Error(`${what}, probability ${p.toExponential(2)} under the hypothesis (limit ${falseAlarm})`);
}

/** Kolmogorov–Smirnov: the draws follow the continuous distribution function `cdf`. */
export function expectDistribution(
  draws: ArrayLike<number>,
  cdf: (x: number) => number,
  falseAlarm = FALSE_ALARM,
): void {
  const d = kolmogorovDistance(draws, cdf);
  check(kolmogorovTail(d, draws.length), falseAlarm, `Kolmogorov distance ${d} of ${draws.length} draws`);
}

/**
 * Chi-square: counts of outcomes 0, 1, … follow `probabilities`; what they lack to 1 is one more cell ("all the rest").
 * Neighbouring cells are merged until each expects at least 10.
 */
export function expectCounts(
  outcomes: ArrayLike<number>,
  probabilities: readonly number[],
  falseAlarm = FALSE_ALARM,
): void {
  const n = outcomes.length;
  const observed = new Float64Array(probabilities.length + 1);
  for (let i = 0; i < n; i++) {
    const k = outcomes[i];
    const inside = Number.isInteger(k) && k >= 0 && k < probabilities.length;
    if (inside && probabilities[k] === 0) throw new Error(`outcome ${k} has probability 0 but was drawn`);
    observed[inside ? k : probabilities.length] += 1;
  }
  const rest = Math.max(0, 1 - probabilities.reduce((a, b) => a + b, 0));
  const cells: { observed: number; expected: number }[] = [];
  let open = { observed: 0, expected: 0 };
  [...probabilities, rest].forEach((p, k) => {
    open = { observed: open.observed + observed[k], expected: open.expected + n * p };
    if (open.expected >= 10) {
      cells.push(open);
      open = { observed: 0, expected: 0 };
    }
  });
  const last = cells.pop() ?? { observed: 0, expected: 0 };
  cells.push({ observed: last.observed + open.observed, expected: last.expected + open.expected });
  if (cells.length < 2) throw new Error(`too few draws (${n}) for a chi-square test`);
  const x = cells.reduce((sum, c) => sum + (c.observed - c.expected) ** 2 / c.expected, 0);
  check(chiSquareTail(x, cells.length - 1), falseAlarm, `chi-square ${x} with ${cells.length - 1} degrees`);
}

/** The mean of the draws is within k standard errors of `mean`; k = 4.9 is one false alarm in a million. */
export function expectMean(draws: ArrayLike<number>, mean: number, sd: number, k = 4.9): void {
  let sum = 0;
  for (let i = 0; i < draws.length; i++) sum += draws[i];
  const z = ((sum / draws.length - mean) / sd) * Math.sqrt(draws.length);
  if (!(Math.abs(z) <= k)) {
    throw new Error(
      `mean ${sum / draws.length} of ${draws.length} draws is ${z} standard errors from ${mean}`,
    );
  }
}
