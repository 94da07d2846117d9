/** Pieces of a trajectory and the criterion that ends it: `nuts/segment.ts`, all its sums in one pass. */
import type { wasmKit } from '@pyro-ts/compiler';
import { velocityAt, velocityPointers } from './metric-code';
import { define, type Context, type Value, type Variable, type Writer } from './writer';

type Callee = wasmKit.Callee;

export interface SegmentCode {
  /** (left, right, sum) → whether two points move apart; writes the sum of their momenta. */
  readonly joinPoints: Callee;
  /** (begin, end and sum of the left piece, of the right piece) → whether the whole is straight; adds to the right sum. */
  readonly join: Callee;
}

function allPositive(w: Writer, sums: readonly Variable[]): Value {
  const { f } = w;
  return sums
    .map((sum) => f.op('f64.gt', w.total(sum), f.f64(0)))
    .reduce((all, positive) => f.op('i32.and', all, positive));
}

export function segmentCode(context: Context): SegmentCode {
  const joinPoints = define(context, 'join_points', ['i32', 'i32', 'i32'], 'i32', (w, [left, right, sum]) => {
    const { f, v } = w;
    const dots = [w.zero(), w.zero()];
    const ends = [w.at(left), w.at(right)];
    w.each([w.at(sum), ...ends, ...ends.flatMap((p) => velocityPointers(w, p))], (at, pair) => {
      const [target, a, b, velocityA, velocityB] = at;
      const [pA, pB] = [w.load(a, pair), w.load(b, pair)];
      const both = v.add(pA, pB);
      w.store(target, both, pair);
      w.accumulate(dots[0], velocityAt(w, pA, velocityA, pair), both);
      w.accumulate(dots[1], velocityAt(w, pB, velocityB, pair), both);
    });
    f.return(allPositive(w, dots));
  });

  const six = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  const join = define(context, 'join', six, 'i32', (w, params) => {
    const { f, v } = w;
    const [lb, le, ls, rb, re, rs] = params.map((p) => w.at(p));
    const dots = Array.from({ length: 6 }, () => w.zero());
    const ends = [lb, le, rb, re];
    w.each([ls, rs, ...ends, ...ends.flatMap((p) => velocityPointers(w, p))], (at, pair) => {
      const [leftSum, rightSum, ...rest] = at;
      const [left, right] = [w.load(leftSum, pair), w.load(rightSum, pair)];
      const momenta = rest.slice(0, 4).map((p) => w.load(p, pair));
      const [begin, seamLeft, seamRight, end] = momenta.map((p, k) => velocityAt(w, p, rest[4 + k], pair));
      const whole = v.add(left, right);
      const toSeam = v.add(left, momenta[2]);
      const fromSeam = v.add(momenta[1], right);
      w.store(rightSum, whole, pair);
      w.accumulate(dots[0], begin, whole);
      w.accumulate(dots[1], end, whole);
      w.accumulate(dots[2], begin, toSeam);
      w.accumulate(dots[3], seamRight, toSeam);
      w.accumulate(dots[4], seamLeft, fromSeam);
      w.accumulate(dots[5], end, fromSeam);
    });
    f.return(allPositive(w, dots));
  });
  return { joinPoints, join };
}
