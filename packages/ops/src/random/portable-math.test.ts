import { ulpDistance } from '@pyro-ts/testing';
import { devianceTerm, logBinomial, logPoisson, stirlingError } from './count-math';
import { exp, log, log1p } from './portable-math';
import { normalQuantile } from './standard-normal';

/** 4,000 points over the whole exponent range and densely about 1. */
const positive = Array.from({ length: 4000 }, (_, i) =>
  i % 2 === 0 ? 2 ** ((i - 2000) / 2) * (1 + (i % 97) / 97) : 0.5 + i / 2500,
);

describe('portable arithmetic', () => {
  it('log is within 1 ulp of Math.log on every magnitude, subnormals included', () => {
    for (const x of [...positive, 5e-324, 1e-310])
      expect(ulpDistance(log(x), Math.log(x))).toBeLessThanOrEqual(1);
    expect([log(0), log(-1), log(NaN), log(Infinity), log(1)]).toEqual([-Infinity, NaN, NaN, Infinity, 0]);
  });

  it('exp is within 1 ulp of Math.exp, subnormal results within one unit', () => {
    for (let x = -744; x < 709.7; x += 0.173) expect(ulpDistance(exp(x), Math.exp(x))).toBeLessThanOrEqual(1);
    expect([exp(0), exp(-800), exp(800), exp(NaN), exp(-Infinity)]).toEqual([1, 0, Infinity, NaN, 0]);
  });

  it('log1p is within 3 ulp of Math.log1p', () => {
    for (let e = -60; e < 0; e += 0.01) {
      expect(ulpDistance(log1p(2 ** e), Math.log1p(2 ** e))).toBeLessThanOrEqual(3);
      expect(ulpDistance(log1p(-(2 ** e)), Math.log1p(-(2 ** e)))).toBeLessThanOrEqual(3);
    }
  });

  it('normalQuantile is odd and gives tabulated quantiles to 1e-15 relative', () => {
    // mpmath, 30 digits
    const table: [number, number][] = [
      [0.975, 1.959963984540054],
      [0.6, 0.2533471031357998],
      [0.001, -3.090232306167813],
      [1e-10, -6.361340902404056],
    ];
    for (const [u, z] of table) expect(Math.abs(normalQuantile(u) / z - 1)).toBeLessThan(2e-15);
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(2 ** -53)).toBe(-normalQuantile(1 - 2 ** -53));
  });
});

describe('point probabilities of counts', () => {
  it('stirlingError recovers log k! to 1e-14 for k up to 170', () => {
    let logFactorial = 0;
    for (let k = 1; k <= 170; k++) {
      logFactorial += Math.log(k);
      const stirling = k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k);
      expect(Math.abs(stirling + stirlingError(k) - logFactorial)).toBeLessThan(
        3e-15 * (1 + k * Math.log(k)),
      );
    }
  });

  it('devianceTerm is continuous across the switch to its series', () => {
    // (k − m)/(k + m) = 0.1 at m = 9, k = 11.
    const below = devianceTerm(11, 9 + 1e-9);
    const above = devianceTerm(11, 9 - 1e-9);
    expect(Math.abs(below - above)).toBeLessThan(1e-9);
    expect(devianceTerm(1e9 + 1, 1e9)).toBeCloseTo(0.5e-9, 17);
  });

  it('sums to one over the support', () => {
    let poisson = 0;
    for (let k = 0; k < 400; k++) poisson += Math.exp(logPoisson(k, 123.4));
    expect(Math.abs(poisson - 1)).toBeLessThan(1e-13);
    let binomial = 0;
    for (let k = 0; k <= 50; k++) binomial += Math.exp(logBinomial(k, 50, 0.3, 0.7));
    expect(Math.abs(binomial - 1)).toBeLessThan(1e-13);
  });
});
