import * as dd from './double-double';
import { expOf, log, logOfNumber, splitExponent, timesExp } from './log-exp';

/** A double-double as an exact rational n / 2^s, for comparisons without rounding. */
function exact(x: dd.DoubleDouble, scale = 1200n): bigint {
  const whole = (v: number): bigint => {
    let rest = Math.abs(v);
    let shift = 0n;
    while (rest !== Math.floor(rest)) {
      rest *= 2;
      shift++;
    }
    const bits = BigInt(rest) << (scale - shift);
    return v < 0 ? -bits : bits;
  };
  return whole(x.hi) + whole(x.lo);
}

/** |a − b| / |b| of double-doubles by integer arithmetic. */
function relativeError(a: dd.DoubleDouble, b: bigint): number {
  const difference = exact(a) - b;
  const size = difference < 0n ? -difference : difference;
  return Number((size * 10n ** 40n) / (b < 0n ? -b : b)) / 1e40;
}

const samples = Array.from({ length: 200 }, (_, i) => ({
  a: Math.sin(i + 1) * 2 ** ((i * 7) % 60),
  b: Math.cos(2 * i + 1) * 2 ** ((i * 13) % 60),
}));

describe('double-double arithmetic', () => {
  it('sums and products of numbers are exact', () => {
    for (const { a, b } of samples) {
      expect(exact(dd.sum(a, b))).toBe(exact(dd.fromNumber(a)) + exact(dd.fromNumber(b)));
      expect(exact(dd.product(a, b)) << 1200n).toBe(exact(dd.fromNumber(a)) * exact(dd.fromNumber(b)));
    }
  });
  it('products near overflow are exact too', () => {
    const p = dd.product(1.1e300, 1.3e5);
    expect(p.lo).toBe(dd.product(1.1e300 * 2 ** -200, 1.3e5).lo * 2 ** 200);
  });
  it('sums, products and quotients of double-doubles have a relative error below 2^-100', () => {
    for (const { a, b } of samples) {
      const x = dd.sum(a, b * 2 ** -60);
      const y = dd.sum(b, a * 2 ** -60);
      expect(relativeError(dd.multiply(x, y), (exact(x) * exact(y)) >> 1200n)).toBeLessThan(2 ** -100);
      expect(relativeError(dd.divide(x, y), (exact(x) << 1200n) / exact(y))).toBeLessThan(2 ** -100);
      expect(relativeError(dd.add(x, y), exact(x) + exact(y))).toBeLessThan(2 ** -100);
    }
  });
});

describe('logarithm and exponential beyond 53 bits', () => {
  it('log 2 has 31 digits', () => {
    // log 2 = 0.693147180559945309417232121458176568075500134360255…
    const digits = 693147180559945309417232121458176568075500134360255n;
    expect(relativeError(logOfNumber(2), (digits << 1200n) / 10n ** 51n)).toBeLessThan(1e-31);
  });
  it('log(ab) = log a + log b to 1e-29, for values near 1 as well', () => {
    for (let i = 0; i < 300; i++) {
      const a = 0.5 + i / 150 + 2 ** -40;
      const b = 1 + 2 ** -(i % 30) + i * 1e-9;
      const left = log(dd.product(a, b));
      const right = dd.add(logOfNumber(a), logOfNumber(b));
      expect(Math.abs(dd.toNumber(dd.subtract(left, right)))).toBeLessThan(1e-30);
    }
  });
  it('log is relatively exact next to 1: log(1 + h) = h − h²/2 + h³/3', () => {
    for (const h of [2 ** -37, -(2 ** -40), 2 ** -52, -(2 ** -53)]) {
      const y = logOfNumber(1 + h);
      const series = dd.addNumber(dd.fromNumber(h), -(h * h) / 2);
      expect(Math.abs(dd.toNumber(dd.subtract(y, dd.addNumber(series, h ** 3 / 3))) / h)).toBeLessThan(1e-31);
    }
  });
  it('takes apart every positive number', () => {
    for (const x of [5e-324, 1e-310, 2.2250738585072014e-308, 0.7, 1, 1.5, 1.7976931348623157e308]) {
      const { mantissa, exponent } = splitExponent(x);
      const half = Math.floor(exponent / 2);
      expect(mantissa * 2 ** half * 2 ** (exponent - half)).toBe(x);
      expect(mantissa).toBeGreaterThanOrEqual(Math.SQRT1_2);
      expect(mantissa).toBeLessThan(Math.SQRT2);
    }
  });
  it('exp undoes log within 1 ulp over the whole range', () => {
    for (let e = -1070; e < 1023; e += 7) {
      const x = 1.2345678 * 2 ** e;
      expect(Math.abs(expOf(logOfNumber(x)) / x - 1)).toBeLessThan(e < -1022 ? 1 : 2 ** -52);
    }
  });
  it('a factor may be out of range where the product is not, and the reverse', () => {
    expect(timesExp(1e300, dd.fromNumber(-800)) / (1e300 * Math.exp(-400) * Math.exp(-400))).toBeCloseTo(
      1,
      12,
    );
    expect(timesExp(1e-300, dd.fromNumber(800)) / (1e-300 * Math.exp(400) * Math.exp(400))).toBeCloseTo(
      1,
      12,
    );
    expect(timesExp(1, dd.fromNumber(-1e6))).toBe(0);
    expect(timesExp(1, dd.fromNumber(1e6))).toBe(Infinity);
    expect(timesExp(0, dd.fromNumber(-Infinity))).toBe(0);
  });
});
