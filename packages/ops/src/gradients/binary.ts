/** Derivatives of broadcasting kernels, and of those that pick or sum operands. */
import type * as tfjs from '@tensorflow/tfjs';
import * as p from './primitives';
import type { GradientEntry, GradientRow } from './row';
import { broadcasting } from './row';

type T = tfjs.Tensor;

/** Where both operands are equal each gets half, which is what central differences give. */
function extremum(better: (a: T, b: T) => T): GradientRow {
  const share = (dy: T, own: T, other: T): T =>
    p.select(better(own, other), dy, p.keepWhere(p.equal(own, other), p.scale(dy, 0.5)));
  return broadcasting(
    (dy, a, b) => share(dy, a, b),
    (dy, a, b) => share(dy, b, a),
  );
}

/**
 * d(aᵇ)/da = b a^(b−1), 0 where dy·b is 0 (so at a = 0 with b = 0, and at masked places); d(aᵇ)/db = aᵇ log a, 0 where
 * a ≤ 0, where the derivative does not exist or is 0.
 */
const power = broadcasting(
  (dy, a, b) => {
    const factor = p.mul(dy, b);
    const idle = p.equal(factor, p.constant(0));
    return p.select(idle, p.fill(factor.shape, 0), p.mul(factor, p.pow(a, p.plus(b, -1))));
  },
  (dy, a, _b, y) => {
    const positive = p.greater(a, p.constant(0));
    return p.mul(dy, p.keepWhere(positive, p.mul(y, p.log(p.select(positive, a, p.fill(a.shape, 1))))));
  },
  ['a', 'b'],
  true,
);

export const binaryGradients = {
  Add: broadcasting(
    (dy) => dy,
    (dy) => dy,
  ),
  Sub: broadcasting(
    (dy) => dy,
    (dy) => p.neg(dy),
  ),
  Multiply: broadcasting(
    (dy, _a, b) => p.mul(dy, b),
    (dy, a) => p.mul(dy, a),
  ),
  RealDiv: broadcasting(
    (dy, _a, b) => p.xdivy(dy, b),
    (dy, a, b) => p.neg(p.xdivy(p.mul(dy, a), p.square(b))),
  ),
  Xdivy: broadcasting(
    (dy, _a, b) => p.xdivy(dy, b),
    (dy, a, b) => p.neg(p.xdivy(p.mul(dy, a), p.square(b))),
  ),
  FloorDiv: null,
  Mod: broadcasting(
    (dy) => dy,
    (dy, a, b) => p.neg(p.mul(dy, p.floor(p.div(a, b)))),
  ),
  Pow: power,
  Maximum: extremum(p.greater),
  Minimum: extremum((a, b) => p.greater(b, a)),
  SquaredDifference: broadcasting(
    (dy, a, b) => p.mul(dy, p.scale(p.sub(a, b), 2)),
    (dy, a, b) => p.mul(dy, p.scale(p.sub(b, a), 2)),
  ),
  Atan2: broadcasting(
    (dy, a, b) => p.xdivy(p.mul(dy, b), p.add(p.square(a), p.square(b))),
    (dy, a, b) => p.neg(p.xdivy(p.mul(dy, a), p.add(p.square(a), p.square(b)))),
  ),
  Prelu: broadcasting(
    (dy, x, alpha) => p.select(p.greater(x, p.constant(0)), dy, p.mul(dy, alpha)),
    (dy, x) => p.keepWhere(p.lessEqual(x, p.constant(0)), p.mul(dy, x)),
    ['x', 'alpha'],
  ),
  EluGrad: broadcasting(
    (dy, _g, y) => p.select(p.greaterEqual(y, p.constant(0)), dy, p.mul(dy, p.plus(y, 1))),
    (dy, g, y) => p.keepWhere(p.greater(p.constant(0), y), p.mul(dy, g)),
    ['dy', 'y'],
  ),
  BitwiseAnd: null,
  Equal: null,
  NotEqual: null,
  Greater: null,
  GreaterEqual: null,
  Less: null,
  LessEqual: null,
  LogicalAnd: null,
  LogicalOr: null,
  LogicalXor: null,
  /** Not a product with the mask: an infinite or NaN cotangent does not reach the branch that was not taken. */
  Select: {
    inputsToSave: ['condition', 't', 'e'],
    gradFunc: (dy, [condition, t, e]) => ({
      condition: () => p.fill(condition.shape, 0),
      t: () => p.sumTo(p.keepWhere(condition, dy as T), t.shape),
      e: () => p.sumTo(p.select(condition, p.fill((dy as T).shape, 0), dy as T), e.shape),
    }),
  },
  AddN: {
    saveAllInputs: true,
    gradFunc: (dy, saved) => Object.fromEntries(saved.map((_, i) => [String(i), () => p.identity(dy as T)])),
  },
} satisfies Record<string, GradientEntry>;
