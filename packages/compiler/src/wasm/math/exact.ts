/** Elementary functions in 512-bit fixed point, for tests: obvious, slow, and with no rounding worth mentioning. */

const bits = 512n;
const one = 1n << bits;

const times = (a: bigint, b: bigint): bigint => (a * b) / one;
const over = (a: bigint, b: bigint): bigint => (a * one) / b;
const magnitude = (a: bigint): bigint => (a < 0n ? -a : a);

/** A double, exactly (magnitudes from 2^-400). */
export function fixed(x: number): bigint {
  const data = new DataView(new ArrayBuffer(8));
  data.setFloat64(0, x);
  const raw = data.getBigUint64(0);
  const exponent = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & ((1n << 52n) - 1n);
  const mantissa = exponent === 0 ? fraction : fraction | (1n << 52n);
  const shift = bits + BigInt(Math.max(exponent, 1) - 1075);
  const value = shift >= 0n ? mantissa << shift : mantissa >> -shift;
  return x < 0 ? -value : value;
}

/** A number as fixed · 2^exponent. */
export interface Exact {
  readonly value: bigint;
  readonly exponent: number;
}

const plain = (value: bigint): Exact => ({ value, exponent: 0 });

/** Σ termₙ with termₙ = termₙ₋₁ · next(n), until it vanishes. */
function series(first: bigint, next: (term: bigint, n: bigint) => bigint): bigint {
  let sum = 0n;
  let term = first;
  for (let n = 1n; term !== 0n; n++) {
    sum += term;
    term = next(term, n);
  }
  return sum;
}

function artanh(x: bigint): bigint {
  const square = times(x, x);
  let sum = 0n;
  let power = x;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = times(power, square);
  }
  return sum;
}

const ln2 = 2n * artanh(one / 3n);

function arctanSeries(x: bigint): bigint {
  const square = times(x, x);
  let sum = 0n;
  let power = x;
  for (let n = 1n; power !== 0n; n += 2n) {
    sum += power / n;
    power = -times(power, square);
  }
  return sum;
}

const pi = 16n * arctanSeries(one / 5n) - 4n * arctanSeries(one / 239n);

function squareRoot(x: bigint): bigint {
  const target = x << bits;
  let root = 1n << BigInt(Math.ceil(target.toString(2).length / 2));
  for (;;) {
    const better = (root + target / root) >> 1n;
    if (better >= root) return root;
    root = better;
  }
}

function expFixed(x: bigint): Exact {
  const k = (x + ln2 / 2n) / ln2;
  const r = x - k * ln2;
  return { value: series(one, (term, n) => times(term, r) / n), exponent: Number(k) };
}

const unscaled = ({ value, exponent }: Exact): bigint =>
  exponent >= 0 ? value << BigInt(exponent) : value >> BigInt(-exponent);

/** log of value·2^exponent. */
function logOf(x: Exact): bigint {
  const length = x.value.toString(2).length;
  const k = length - Number(bits);
  const m = k >= 0 ? x.value >> BigInt(k) : x.value << BigInt(-k);
  return 2n * artanh(over(m - one, m + one)) + BigInt(k + x.exponent) * ln2;
}

/** A positive double of any magnitude. */
function normalized(x: number): Exact {
  const k = Math.floor(Math.log2(x));
  const half = Math.trunc(k / 2);
  return { value: fixed(x * 2 ** -half * 2 ** -(k - half)), exponent: k };
}

function sineCosine(x: bigint): [bigint, bigint] {
  const half = pi / 2n;
  const k = (x + (x < 0n ? -half / 2n : half / 2n)) / half;
  const r = x - k * half;
  const square = times(r, r);
  const s = series(r, (term, n) => -times(term, square) / (2n * n * (2n * n + 1n)));
  const c = series(one, (term, n) => -times(term, square) / ((2n * n - 1n) * 2n * n));
  const quadrant = Number(((k % 4n) + 4n) % 4n);
  return ([[s, c], [c, -s], [-s, -c], [-c, s]] as [bigint, bigint][])[quadrant]; // prettier-ignore
}

function arctan(x: bigint): bigint {
  let t = x;
  for (let i = 0; i < 8; i++) t = over(t, one + squareRoot(one + times(t, t)));
  return 256n * arctanSeries(t);
}

export const exact = {
  exp: (x: number) => expFixed(fixed(x)),
  expm1: (x: number) => plain(unscaled(expFixed(fixed(x))) - one),
  log: (x: number) => plain(logOf(normalized(x))),
  log1p: (x: number) => plain(logOf(plain(one + fixed(x)))),
  logExcess: (x: number, y: number) =>
    plain(fixed(x) - (x < -0.5 ? logOf(normalized(y)) : logOf(plain(one + fixed(x))))),
  sin: (x: number) => plain(sineCosine(fixed(x))[0]),
  cos: (x: number) => plain(sineCosine(fixed(x))[1]),
  tan: (x: number) => plain(over(...sineCosine(fixed(x)))),
  atan: (x: number) => plain(arctan(fixed(x))),
  tanh: (x: number) => {
    const e = unscaled(expFixed(2n * fixed(x)));
    return plain(over(e - one, e + one));
  },
  sigmoid: (x: number) => plain(over(one, one + unscaled(expFixed(-fixed(x))))),
  softplus: (x: number) => plain(logOf(plain(one + unscaled(expFixed(fixed(x)))))),
  pow: (x: number, y: number) => expFixed(times(fixed(y), logOf(normalized(x)))),
} satisfies Record<string, (...args: number[]) => Exact>;

/** |actual − expected| in units of the last place of the expected value, `digits` bits long (53 or 24). */
export function ulpError(actual: number, expected: Exact, digits = 53): number {
  const size = magnitude(expected.value);
  if (size === 0n) return actual === 0 ? 0 : Infinity;
  const length = size.toString(2).length;
  // The exponent of the leading bit; below the normal range the last place stays where it is.
  const lead = length - 1 - Number(bits) + expected.exponent;
  const lowest = digits === 53 ? -1022 : -126;
  const ulpExponent = Math.max(lead, lowest) - (digits - 1);
  if (!Number.isFinite(actual)) return Infinity;
  const scale = Math.trunc(expected.exponent / 2);
  const same = fixed(actual * 2 ** -scale * 2 ** -(expected.exponent - scale));
  const difference = magnitude(same - expected.value);
  const unit = ulpExponent - expected.exponent + Number(bits);
  if (unit < 0) return 0;
  return Number((difference * 1000n) / (1n << BigInt(unit))) / 1000;
}
