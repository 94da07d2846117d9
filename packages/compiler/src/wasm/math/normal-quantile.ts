/**
 * The functions that random draws are made of, operation by operation as in packages/ops/src/random: the same bits as
 * its JavaScript. Fused multiply-add is therefore never used here.
 */
import type { Value } from '../assembler';
import type { F64x2 } from './f64x2';

const ln2High = 6.931471803691238e-1;
const ln2Low = 1.9082149292705877e-10;

const sumTimes = (v: F64x2, x: Value, factors: readonly number[]): Value => {
  let sum: Value = v.const(factors[0]);
  for (const c of factors.slice(1)) sum = v.add(v.mul(sum, x), c);
  return sum;
};

/** Natural logarithm of normal numbers in (0, 1). */
export function portableLog(v: F64x2, x: Value): Value {
  const exponent = v.sub(v.or(v.shrU(x, 52), v.bits(0x4330000000000000n)), 2 ** 52 + 1022);
  const fraction = v.or(v.and(x, v.bits(0x000fffffffffffffn)), v.bits(0x3fe0000000000000n));
  const small = v.lt(fraction, Math.SQRT1_2);
  const m = v.add(fraction, v.and(fraction, small));
  const k = v.sub(exponent, v.and(v.const(1), small));
  const f = v.sub(m, 1);
  const s = v.div(f, v.add(2, f));
  const z = v.mul(s, s);
  const w = v.mul(z, z);
  const even = v.mul(w, sumTimes(v, w, [0.15313837699209373, 0.22222198432149784, 0.3999999999940942]));
  const odd = v.mul(
    z,
    sumTimes(v, w, [0.14798198605116586, 0.1818357216161805, 0.2857142874366239, 0.6666666666666735]),
  );
  const half = v.mul(v.mul(f, 0.5), f);
  const inner = v.add(v.mul(s, v.add(half, v.add(even, odd))), v.mul(k, ln2Low));
  return v.sub(v.mul(k, ln2High), v.sub(v.sub(half, inner), f));
}

/** Wichura's AS 241 (PPND16), highest power first. */
const centre = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
] as const;
const tail = [
  [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
] as const;
const far = [
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
] as const;

function quantileBody(v: F64x2, [u]: readonly Value[]): Value {
  const q = v.sub(u, 0.5);
  const r = v.sub(0.180625, v.mul(q, q));
  const middle = v.div(v.mul(q, sumTimes(v, r, centre[0])), sumTimes(v, r, centre[1]));
  return v.blend(v.gt(v.abs(q), 0.425), middle, () => {
    const below = v.lt(q, 0);
    const t = v.sqrt(v.neg(portableLog(v, v.select(below, u, v.sub(1, u)))));
    const ratio = ([p, d]: typeof tail | typeof far, x: Value): Value =>
      v.div(sumTimes(v, x, p), sumTimes(v, x, d));
    const near = ratio(tail, v.sub(t, 1.6));
    const z = v.blend(v.gt(t, 5), near, () => ratio(far, v.sub(t, 5)));
    return v.select(below, v.neg(z), z);
  });
}

/** Quantile of the standard normal at u in (0, 1). */
export const normalQuantile = (v: F64x2, u: Value): Value => v.call('normal_quantile', quantileBody, u);
