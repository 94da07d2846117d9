/** x^y = exp(y·log x) with a logarithm of about 68 bits. */
import type { Value } from '../assembler';
import type { ConstantMemory } from './constant-memory';
import { expSum } from './exp';
import type { F64x2 } from './f64x2';
import { decompose, lowestReduced, roundedReduced } from './log';
import { logParts, once } from './tables';

/** Parts of log c are multiples of this: sums with k·ln2's first part are exact. */
const grain = 2 ** -42;
const ln2High = Math.round(Math.LN2 / grain) * grain;

/** Per c: 1/c, c's logarithm in two parts, and nothing. */
const rows = once(() => {
  const table = new Float64Array(4 * 256);
  const c = new Float64Array(1);
  const bits = new BigInt64Array(c.buffer);
  for (let i = lowestReduced; i <= lowestReduced + 128n; i++) {
    bits[0] = i << 45n;
    table.set([1 / c[0], 0, ...logParts(c[0], grain)], 4 * Number(i & 255n));
  }
  return table;
});

const table = (memory: ConstantMemory): number => memory.place('log/128 in two parts', rows);

const ln2Low = logParts(2, grain)[1];

/** log x for positive normal x as an unevaluated sum; relative error of the sum about 2^-68. */
export function logDouble(v: F64x2, x: Value): [high: Value, low: Value] {
  const { z, k } = decompose(v, x);
  const { c, index } = roundedReduced(v, z);
  const at = table(v.env.memory);
  const inverse = v.gather(at, v.shl(index, 5));
  const [logHigh, logLow] = v.gatherPairs(at + 16, v.shl(index, 5));
  const difference = v.sub(z, c);
  // r in 26 bits and a rest: its square, and its product with the 8 bits of c, are exact.
  const rHigh = v.and(v.mul(difference, inverse), v.bits(~((1n << 27n) - 1n)));
  const rLow = v.mul(v.sub(difference, v.mul(rHigh, c)), inverse);
  const r = v.add(rHigh, rLow);
  const start = v.add(v.mul(k, ln2High), logHigh);
  const first = v.add(start, rHigh);
  const error1 = v.add(v.sub(start, first), rHigh);
  const halfSquare = v.mul(v.mul(rHigh, rHigh), 0.5);
  const second = v.sub(first, halfSquare);
  const error2 = v.sub(v.sub(first, second), halfSquare);
  const series = v.horner(r, [1 / 3, -1 / 4, 1 / 5, -1 / 6, 1 / 7, -1 / 8]);
  const cube = v.mul(v.mul(v.mul(r, r), r), series);
  const small = v.add(v.add(v.mul(k, ln2Low), logLow), v.sub(rLow, v.mul(rHigh, rLow)));
  return [second, v.add(v.add(error1, error2), v.add(small, cube))];
}

function powBody(v: F64x2, [x, y]: readonly Value[]): Value {
  const magnitude = v.abs(x);
  const [high, low] = logDouble(v, magnitude);
  const product = v.mul(y, high);
  const lost = v.add(v.productError(y, high, product), v.mul(y, low));
  const power = expSum(v, product, lost);
  const whole = v.eq(v.trunc(y), y);
  const half = v.mul(y, 0.5);
  const oddPower = v.and(whole, v.ne(v.trunc(half), half));
  const negative = v.lt(x, 0);
  const signed = v.or(power, v.and(v.and(negative, oddPower), v.signMask));
  const value = v.select(v.and(negative, v.not(whole)), NaN, signed);
  const normal = v.and(v.ge(magnitude, 2 ** -1022), v.le(magnitude, Number.MAX_VALUE));
  // Of a larger y the product's error would overflow: x is 1, or the power does too.
  const moderate = v.le(v.abs(y), 2 ** 900);
  const inside = v.and(v.and(normal, moderate), v.le(v.abs(product), 708));
  return v.blend(v.not(inside), value, () => v.scalarCall('Pow', x, y));
}

/** @returns x^y, all arguments (1^y and x^0 are 1); error ≤ 1.5 ulp, outside the normal range JavaScript's */
export const pow = (v: F64x2, x: Value, y: Value): Value => v.call('pow', powBody, x, y);
