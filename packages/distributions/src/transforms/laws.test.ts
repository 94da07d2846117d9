import { lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as constraints from '../constraints';
import type { Constraint } from '../constraints';
import * as transforms from '.';
import { bijectTo, transformTo } from './biject-to';
import type { Transform } from './transform';

const numbers = (t: tf.Tensor): number[] => Array.from(toNdArray(t).data);

/** Which entries of y are free coordinates: all, or those that log|det J| is taken over. */
type Coordinates = (y: number[]) => number[];

const all: Coordinates = (y) => y;
const butLast: Coordinates = (y) => y.slice(0, -1);
const lower =
  (diagonal: 0 | -1): Coordinates =>
  (y) => {
    const n = Math.round(Math.sqrt(y.length));
    return y.filter((_, k) => k % n <= Math.floor(k / n) + diagonal);
  };

interface Case {
  readonly transform: Transform;
  readonly x: number[];
  readonly coordinates?: Coordinates;
}

const bijections: Case[] = [
  ...[
    constraints.positive,
    constraints.softplusPositive,
    constraints.unitInterval,
    constraints.greaterThan(-2),
    constraints.greaterThanEq(3),
    constraints.lessThan(1.5),
    constraints.lessThanEq(-1),
    constraints.interval(-1, 4),
    constraints.openInterval(2, 3),
    constraints.halfOpenInterval(0, 0.1),
    constraints.circular,
  ].map((constraint) => ({ transform: bijectTo(constraint), x: [0.37] })),
  { transform: bijectTo(constraints.simplex), x: [0.4, -1.2, 0.9], coordinates: butLast },
  { transform: bijectTo(constraints.orderedVector), x: [0.4, -1.2, 0.9, 0.1] },
  { transform: bijectTo(constraints.positiveOrderedVector), x: [0.4, -1.2, 0.9, 0.1] },
  {
    transform: bijectTo(constraints.corrCholesky),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(-1),
  },
  {
    transform: bijectTo(constraints.corrMatrix),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(-1),
  },
  {
    transform: bijectTo(constraints.lowerCholesky),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(0),
  },
  {
    transform: bijectTo(constraints.softplusLowerCholesky),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(0),
  },
  {
    transform: bijectTo(constraints.scaledUnitLowerCholesky),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(0),
  },
  {
    transform: bijectTo(constraints.positiveDefinite),
    x: [0.3, -0.6, 0.2, 1.1, -0.4, 0.8],
    coordinates: lower(0),
  },
  { transform: bijectTo(constraints.l1Ball), x: [0.3, -0.6, 0.2] },
  { transform: bijectTo(constraints.independent(constraints.positive, 1)), x: [0.3, -0.6, 0.2] },
  { transform: transforms.TanhTransform(), x: [0.8] },
  { transform: transforms.ELUTransform(), x: [-0.8] },
  { transform: transforms.LeakyReLUTransform(0.2), x: [-0.8] },
  { transform: transforms.PositivePowerTransform(1.7), x: [-0.8] },
  { transform: transforms.AffineTransform(1, -3), x: [0.2] },
  {
    transform: transforms.LowerCholeskyAffine(
      [1, 2],
      [
        [2, 0],
        [-1, 0.5],
      ],
    ),
    x: [0.3, 0.4],
  },
  { transform: transforms.DiscreteCosineTransform(-1, 0.7), x: [0.3, -0.4, 1, 2, 0.1] },
  { transform: transforms.HaarTransform(-1, true), x: [0.3, -0.4, 1, 2, 0.1] },
  { transform: transforms.PermuteTransform([2, 0, 1]), x: [0.3, -0.4, 1] },
  {
    transform: transforms.ComposeTransform([
      transforms.AffineTransform([0.5, 1, -1], 2),
      transforms.StickBreakingTransform(),
      transforms.SimplexToOrderedTransform(0.3),
    ]),
    x: [0.3, -0.4, 1],
  },
];

/** log|det| by elimination with partial pivoting. */
function logAbsDet(matrix: number[][]): number {
  const a = matrix.map((row) => [...row]);
  let total = 0;
  for (let k = 0; k < a.length; k++) {
    let pivot = k;
    for (let i = k + 1; i < a.length; i++) if (Math.abs(a[i][k]) > Math.abs(a[pivot][k])) pivot = i;
    [a[k], a[pivot]] = [a[pivot], a[k]];
    total += Math.log(Math.abs(a[k][k]));
    for (let i = k + 1; i < a.length; i++) {
      const factor = a[i][k] / a[k][k];
      for (let j = k; j < a.length; j++) a[i][j] -= factor * a[k][j];
    }
  }
  return total;
}

/** Fourth order central differences of the free coordinates of y: the rows of Jᵀ. */
function jacobian(transform: Transform, x: number[], coordinates: Coordinates): number[][] {
  const scalar = transform.domain.eventDim === 0;
  const at = (z: number[]): number[] => coordinates(numbers(transform.call(scalar ? z[0] : z)));
  const h = 2 ** -10;
  return x.map((_, i) => {
    const shifted = (steps: number): number[] => at(x.map((v, j) => (j === i ? v + steps * h : v)));
    const [a, b, c, d] = [shifted(-2), shifted(-1), shifted(1), shifted(2)];
    return a.map((_, k) => (a[k] - 8 * b[k] + 8 * c[k] - d[k]) / (12 * h));
  });
}

describe.each(bijections.map((c) => [String(c.transform), c] as const))('%s', (_, c) => {
  const { transform, x, coordinates = all } = c;
  const value = transform.domain.eventDim === 0 ? x[0] : x;

  it('has the log-determinant of its numerical Jacobian (1e-9)', () => {
    tf.tidy(() => {
      const y = transform.call(value);
      const expected = logAbsDet(jacobian(transform, x, coordinates));
      expectClose(numbers(transform.logAbsDetJacobian(value, y)), [expected], { abs: 1e-9, rel: 1e-9 });
    });
  });

  it('is undone by its inverse, and its inverse has minus its log-determinant', () => {
    tf.tidy(() => {
      const y = transform.call(value);
      expectClose(numbers(transform.inverse(y)), x, { rel: 1e-11, abs: 1e-12 });
      expectClose(numbers(transform.inv.call(y)), x, { rel: 1e-11, abs: 1e-12 });
      expectClose(
        numbers(transform.inv.logAbsDetJacobian(y, value)),
        numbers(tf.neg(transform.logAbsDetJacobian(value, y))),
      );
      expect(transform.inv.inv).toBe(transform);
    });
  });

  it('keeps batch dims and maps shapes as it says', () => {
    tf.tidy(() => {
      const many = lift([value, value, value] as number[]);
      const y = transform.call(many);
      expect(y.shape).toEqual(transform.forwardShape(many.shape));
      expect(transform.inverse(y).shape).toEqual(transform.inverseShape(y.shape));
      expect(transform.logAbsDetJacobian(many, y).shape).toEqual([3]);
    });
  });

  it('lands in its codomain', () => {
    tf.tidy(() => {
      expect(numbers(transform.codomain.check(transform.call(value)))).toEqual([1]);
    });
  });
});

describe('zero-sum transform', () => {
  it.each([1, 2])('is an isometry onto its codomain over %d axes', (ndims) => {
    tf.tidy(() => {
      const transform = bijectTo(constraints.zeroSum(ndims));
      const x = lift(
        ndims === 1
          ? [0.3, -0.6, 0.2]
          : [
              [0.3, -0.6, 0.2],
              [1, 2, -0.4],
            ],
      );
      const y = transform.call(x);
      expectClose(numbers(tf.sum(tf.square(y))), numbers(tf.sum(tf.square(x))));
      expect(numbers(transform.codomain.check(y))).toEqual([1]);
      expectClose(numbers(transform.inverse(y)), numbers(x), { abs: 1e-14 });
    });
  });
});

describe('transformTo', () => {
  it.each<[Constraint, number[] | number[][]]>([
    [constraints.simplex, [0.1, 2, -1]],
    [constraints.sphere, [0.1, 2, -1]],
    [
      constraints.lowerCholesky,
      [
        [1, 2],
        [3, -4],
      ],
    ],
    [
      constraints.softplusLowerCholesky,
      [
        [1, 2],
        [3, -4],
      ],
    ],
    [
      constraints.unitLowerCholesky,
      [
        [1, 2],
        [3, -4],
      ],
    ],
    [
      constraints.positiveDefinite,
      [
        [1, 2],
        [3, -1],
      ],
    ],
    [constraints.positive, [1, 2]],
  ])('%s: lands in the set, and call ∘ inverse is the identity there', (constraint, x) => {
    tf.tidy(() => {
      const transform = transformTo(constraint);
      const y = transform.call(x);
      expect(numbers(constraint.check(y)).every((ok) => ok === 1)).toBe(true);
      expectClose(numbers(transform.call(transform.inverse(y))), numbers(y), { rel: 1e-12, abs: 1e-15 });
    });
  });
});

describe('charts of the reference posteriors', () => {
  it('simplex of 2 is (σ(u), σ(−u)), density over the first coordinate', () => {
    const u = 1.3;
    const s = (z: number): number => 1 / (1 + Math.exp(-z));
    tf.tidy(() => {
      const t = bijectTo(constraints.simplex);
      expectClose(numbers(t.call([u])), [s(u), s(-u)], { ulp: 4 });
      expectClose(numbers(t.logAbsDetJacobian([u], t.call([u]))), [Math.log(s(u)) + Math.log(s(-u))]);
    });
  });

  it('positive ordered is cumsum(exp u), log|J| = Σ u', () => {
    tf.tidy(() => {
      const t = bijectTo(constraints.positiveOrderedVector);
      expectClose(numbers(t.call([1, -2])), [Math.E, Math.E + Math.exp(-2)]);
      expectClose(numbers(t.logAbsDetJacobian([1, -2], t.call([1, -2]))), [-1]);
    });
  });
});
