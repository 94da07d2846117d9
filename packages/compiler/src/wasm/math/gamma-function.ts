/**
 * lgamma, digamma and trigamma, with the approximations of packages/ops/src/special/scalar (same coefficients). Where
 * x ≤ 0, the scalar functions themselves.
 */
import { logGammaCoefficients } from '@pyro-ts/ops';
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';
import { log, log1p } from './log';
import { logDouble } from './pow';

const { aroundOne, aroundTwo } = logGammaCoefficients;

/** B₂ₖ. */
const bernoulli = [
  1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330,
]; // prettier-ignore
const lgammaSeries = bernoulli.map((b, i) => b / ((2 * i + 2) * (2 * i + 1)));
const digammaSeries = bernoulli.map((b, i) => b / (2 * i + 2));
const stirlingFrom = 10;
const logSqrtTwoPi = 0.9189385332046728;

/** From 10 to 1e17. */
function stirling(v: F64x2, x: Value): Value {
  const [high, low] = logDouble(v, x);
  const inverse = v.div(1, x);
  const remainder = v.mul(v.horner(v.mul(inverse, inverse), lgammaSeries), inverse);
  const factor = v.sub(x, 0.5);
  const main = v.sub(high, 1);
  // high − 1 and the product with it are rounded; what they lose goes with the small terms.
  const mainLow = v.add(v.sub(high, v.add(main, 1)), low);
  const product = v.mul(factor, main);
  const lost = v.add(v.productError(factor, main, product), v.mul(factor, mainLow));
  return v.add(product, v.add(v.add(remainder, logSqrtTwoPi - 0.5), lost));
}

/** From 3 to 10: down to [2, 3) by the recurrence. */
function middle(v: F64x2, x: Value): Value {
  const { f } = v;
  const y = f.variable(v.pmin(x, stirlingFrom));
  const product = f.variable(v.const(1));
  f.loop((again) => {
    const here = f.get(y);
    const down = v.ge(here, 3);
    const less = v.sub(here, 1);
    f.set(product, v.select(down, v.mul(f.get(product), less), f.get(product)));
    f.set(y, v.select(down, less, here));
    f.branchIf(again, f.op('v128.any_true', v.ge(f.get(y), 3)));
  });
  const z = v.sub(f.get(y), 2);
  return v.add(log(v, f.get(product)), v.mul(z, v.polynomial(z, aroundTwo)));
}

function lgammaBody(v: F64x2, [x]: readonly Value[]): Value {
  const nan = v.const(NaN);
  const low = v.blend(v.lt(x, 0.5), nan, () => v.sub(v.mul(x, v.polynomial(x, aroundOne)), log(v, x)));
  const one = v.blend(v.and(v.ge(x, 0.5), v.lt(x, 1.5)), low, () => {
    const z = v.sub(x, 1);
    return v.mul(z, v.polynomial(z, aroundOne));
  });
  const two = v.blend(v.and(v.ge(x, 1.5), v.lt(x, 3)), one, () => {
    const z = v.sub(x, 2);
    return v.mul(z, v.polynomial(z, aroundTwo));
  });
  const three = v.blend(v.and(v.ge(x, 3), v.lt(x, stirlingFrom)), two, () => middle(v, x));
  const high = v.blend(v.ge(x, stirlingFrom), three, () => stirling(v, x));
  const outside = v.not(v.and(v.gt(x, 2 ** -1022), v.le(x, 1e17)));
  return v.blend(outside, high, () => v.scalarCall('Lgamma', x));
}

/** The positive root of ψ less 1, in two doubles. */
const rootHigh = 0.46163214496836225;
const rootLow = 9.549995429965697e-17;
/** ψ(1 + z)/(1 + z − root), 0 ≤ z ≤ 1. */
const rootP = [
  1.2503801375034054, 1.8700043524338255, 0.9743403502685882, 0.21768187681527681, 0.02017953558560589,
  0.0005912225396509668, 1.1203401462381607e-6,
];
const rootQ = [
  1, 2.179095485694399, 1.6669574789317858, 0.5736334426638753, 0.09182531435153238, 0.0061765834060357435,
  0.00012272117629166584,
];

/** Below 10: by the recurrence to [1, 2]. */
function digammaSmall(v: F64x2, x: Value): Value {
  const { f } = v;
  const below = v.lt(x, 1);
  const y = f.variable(v.pmin(v.select(below, x, v.sub(x, 1)), stirlingFrom));
  const shift = f.variable(v.and(below, v.div(-1, x)));
  f.block((exit) => {
    f.loop((again) => {
      const here = f.get(y);
      const down = v.gt(here, 1);
      f.branchIf(exit, f.op('i32.eqz', f.op('v128.any_true', down)));
      f.set(shift, v.add(f.get(shift), v.and(down, v.div(1, here))));
      f.set(y, v.sub(here, v.and(down, v.const(1))));
      f.branch(again);
    });
  });
  const z = f.get(y);
  const ratio = v.div(v.horner(z, rootP), v.horner(z, rootQ));
  return v.add(v.mul(v.sub(v.sub(z, rootHigh), rootLow), ratio), f.get(shift));
}

function digammaBody(v: F64x2, [x]: readonly Value[]): Value {
  const small = v.lt(x, stirlingFrom);
  const low = v.blend(small, v.const(NaN), () => digammaSmall(v, x));
  const high = v.blend(v.ge(x, stirlingFrom), low, () => {
    const inverse = v.div(1, x);
    const t = v.mul(inverse, inverse);
    return v.sub(log(v, x), v.add(v.mul(inverse, 0.5), v.mul(t, v.horner(t, digammaSeries))));
  });
  return v.blend(v.not(v.and(v.gt(x, 2 ** -1022), v.le(x, 1e300))), high, () => v.scalarCall('Digamma', x));
}

function trigammaBody(v: F64x2, [x]: readonly Value[]): Value {
  const { f } = v;
  const inside = v.and(v.gt(x, 1e-150), v.le(x, 1e150));
  const y = f.variable(v.select(inside, x, stirlingFrom));
  const shift = f.variable(v.const(0));
  f.block((exit) => {
    f.loop((again) => {
      const here = f.get(y);
      const up = v.lt(here, stirlingFrom);
      f.branchIf(exit, f.op('i32.eqz', f.op('v128.any_true', up)));
      const inverse = v.div(1, here);
      f.set(shift, v.add(f.get(shift), v.and(up, v.mul(inverse, inverse))));
      f.set(y, v.add(here, v.and(up, v.const(1))));
      f.branch(again);
    });
  });
  const inverse = v.div(1, f.get(y));
  const t = v.mul(inverse, inverse);
  const series = v.mul(v.mul(t, inverse), v.horner(t, bernoulli));
  const value = v.add(f.get(shift), v.add(inverse, v.add(v.mul(t, 0.5), series)));
  return v.blend(v.not(inside), value, () => v.scalarCall('Polygamma', x));
}

/** @returns log|Γ(x)|, all arguments; error ≤ 4 ulp */
export const lgamma = (v: F64x2, x: Value): Value => v.call('lgamma', lgammaBody, x);

/** @returns ψ(x), all arguments; error ≤ 4 ulp */
export const digamma = (v: F64x2, x: Value): Value => v.call('digamma', digammaBody, x);

/** @returns ψ′(x), all arguments; error ≤ 4 ulp */
export const trigamma = (v: F64x2, x: Value): Value => v.call('trigamma', trigammaBody, x);

/** Remainder of Stirling's series (log Γ(x) − …) for x ≥ 10. */
function stirlingRemainder(v: F64x2, x: Value): Value {
  const inverse = v.div(1, x);
  return v.mul(v.horner(v.mul(inverse, inverse), lgammaSeries), inverse);
}

/**
 * log B(a, b) for 0 < a, b ≤ 1e9: sums of lgamma where both are small, else without the cancellation of large terms
 * (DiDonato & Morris, ACM TOMS 18 (1992) 360, as in packages/ops/src/special/scalar/betaln.ts).
 */
function betalnBody(v: F64x2, [a, b]: readonly Value[]): Value {
  const order = v.lt(a, b);
  const small = v.select(order, a, b);
  const large = v.select(order, b, a);
  const below = v.lt(large, stirlingFrom);
  const above = v.ge(small, stirlingFrom);
  const sums = v.blend(below, v.const(NaN), () => {
    const both = v.add(lgamma(v, small), lgamma(v, large));
    return v.sub(both, lgamma(v, v.add(small, large)));
  });
  const mixed = v.blend(v.and(v.ge(large, stirlingFrom), v.not(above)), sums, () => {
    const total = v.add(small, large);
    const shrink = v.mul(v.sub(large, 0.5), log1p(v, v.div(small, large)));
    const growth = v.mul(small, v.sub(log(v, total), 1));
    const rest = v.sub(stirlingRemainder(v, large), stirlingRemainder(v, total));
    return v.add(lgamma(v, small), v.sub(rest, v.add(shrink, growth)));
  });
  const value = v.blend(above, mixed, () => {
    const ratio = v.div(small, large);
    const more = log1p(v, ratio);
    const main = v.add(v.mul(small, v.sub(more, log(v, ratio))), v.mul(large, more));
    const half = v.mul(v.sub(more, log(v, small)), 0.5);
    const two = v.sub(stirlingRemainder(v, large), stirlingRemainder(v, v.add(small, large)));
    const rest = v.add(stirlingRemainder(v, small), two);
    return v.sub(v.add(v.add(half, logSqrtTwoPi), rest), main);
  });
  const outside = v.not(v.and(v.gt(small, 2 ** -1022), v.le(large, 1e9)));
  return v.blend(outside, value, () => v.scalarCall('Betaln', a, b));
}

/** @returns log B(a, b), all arguments; |error| ≤ 1e-14·(1 + |log B|); beyond 1e9 the scalar function's */
export const betaln = (v: F64x2, a: Value, b: Value): Value => v.call('betaln', betalnBody, a, b);
