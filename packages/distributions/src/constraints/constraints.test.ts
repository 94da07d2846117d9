import { lift, scoped, tf, toNdArray, type TensorLike } from '@pyro-ts/ops';
import * as constraints from '.';
import type { Constraint } from '.';

const verdict = (constraint: Constraint, x: TensorLike): boolean[] =>
  tf.tidy(() => Array.from(toNdArray(constraint.check(lift(x))).data, Boolean));

describe('scalar constraints', () => {
  it.each<[Constraint, number[], boolean[]]>([
    [constraints.real, [0, Infinity, NaN], [true, true, false]],
    [constraints.positive, [1e-300, 0, -1, NaN], [true, false, false, false]],
    [constraints.nonnegative, [0, -0, -1e-300, NaN], [true, true, false, false]],
    [constraints.greaterThan(2), [2, 2.1, NaN], [false, true, false]],
    [constraints.greaterThanEq(2), [2, 1.9, NaN], [true, false, false]],
    [constraints.lessThan(2), [2, 1.9, NaN], [false, true, false]],
    [constraints.lessThanEq(2), [2, 2.1, NaN], [true, false, false]],
    [constraints.interval(-1, 2), [-1, 2, 2.1, NaN], [true, true, false, false]],
    [constraints.openInterval(-1, 2), [-1, 0, 2], [false, true, false]],
    [constraints.halfOpenInterval(-1, 2), [-1, 2], [true, false]],
    [constraints.unitInterval, [0, 1, 1 + 1e-15, NaN], [true, true, false, false]],
    [constraints.circular, [-Math.PI, Math.PI, 3.2], [true, true, false]],
    [constraints.boolean, [0, 1, 0.5, 2, NaN], [true, true, false, false, false]],
    [constraints.integer, [-3, 0.5, NaN], [true, false, false]],
    [constraints.nonnegativeInteger, [0, -1, 1.5], [true, false, false]],
    [constraints.positiveInteger, [0, 1, 2.5], [false, true, false]],
    [constraints.integerInterval(1, 3), [0, 1, 3, 4, 2.5], [false, true, true, false, false]],
    [constraints.integerGreaterThan(2), [2, 3], [false, true]],
  ])('%s', (constraint, x, expected) => {
    expect(verdict(constraint, x)).toEqual(expected);
  });

  it('bounds broadcast against the value', () => {
    expect(
      verdict(constraints.greaterThan([0, 5]), [
        [1, 1],
        [-1, 6],
      ]),
    ).toEqual([true, false, false, true]);
  });

  it('take integers and booleans of any dtype', () => {
    expect(verdict(constraints.boolean, [true, false])).toEqual([true, true]);
    expect(verdict(constraints.nonnegativeInteger, Int32Array.of(0, 4, -1))).toEqual([true, true, false]);
  });
});

describe('event constraints reduce their event dims', () => {
  it.each<[Constraint, TensorLike, boolean[]]>([
    [
      constraints.realVector,
      [
        [1, 2],
        [NaN, 1],
      ],
      [true, false],
    ],
    [
      constraints.simplex,
      [
        [0.3, 0.7],
        [0.3, 0.7 + 2e-6],
        [-0.1, 1.1],
        [0.3, 0.7 + 5e-7],
      ],
      [true, false, false, true],
    ],
    [
      constraints.sphere,
      [
        [0.6, 0.8],
        [0.6, 0.81],
      ],
      [true, false],
    ],
    [
      constraints.l1Ball,
      [
        [0.5, -0.5],
        [0.6, -0.5],
      ],
      [true, false],
    ],
    [
      constraints.zeroSum(),
      [
        [1, -1],
        [1, -0.9],
        [1e9, -1e9],
      ],
      [true, false, true],
    ],
    [
      constraints.orderedVector,
      [
        [1, 2, 3],
        [1, 1, 3],
        [1, NaN, 3],
      ],
      [true, false, false],
    ],
    [
      constraints.positiveOrderedVector,
      [
        [1, 2],
        [0, 2],
        [-1, 2],
      ],
      [true, false, false],
    ],
    [
      constraints.oneHot,
      [
        [0, 1, 0],
        [0, 1, 1],
        [0, 0.5, 0.5],
      ],
      [true, false, false],
    ],
    [
      constraints.multinomial(3),
      [
        [1, 2, 0],
        [1, 1, 0],
        [4, -1, 0],
      ],
      [true, false, false],
    ],
    [
      constraints.lowerCholesky,
      [
        [
          [1, 0],
          [2, 3],
        ],
        [
          [1, 1e-9],
          [2, 3],
        ],
        [
          [1, 0],
          [2, 0],
        ],
      ],
      [true, false, false],
    ],
    [
      constraints.unitLowerCholesky,
      [
        [
          [1, 0],
          [2, 1],
        ],
        [
          [1, 0],
          [2, 3],
        ],
      ],
      [true, false],
    ],
    [
      constraints.corrCholesky,
      [
        [
          [1, 0],
          [0.6, 0.8],
        ],
        [
          [1, 0],
          [0.6, 0.9],
        ],
      ],
      [true, false],
    ],
    [
      constraints.positiveDefinite,
      [
        [
          [2, 1],
          [1, 2],
        ],
        [
          [1, 2],
          [2, 1],
        ],
        [
          [2, 1],
          [1.1, 2],
        ],
        [
          [1, 1],
          [1, 1],
        ],
      ],
      [true, false, false, false],
    ],
    [
      constraints.positiveSemidefinite,
      [
        [
          [1, 1],
          [1, 1],
        ],
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 2],
          [2, 1],
        ],
      ],
      [true, true, false],
    ],
    [
      constraints.corrMatrix,
      [
        [
          [1, 0.5],
          [0.5, 1],
        ],
        [
          [2, 0.5],
          [0.5, 1],
        ],
      ],
      [true, false],
    ],
    [
      constraints.symmetric,
      [
        [
          [1, 2],
          [2, 5],
        ],
        [
          [1, 2],
          [3, 5],
        ],
      ],
      [true, false],
    ],
    [
      constraints.independent(constraints.positive, 1),
      [
        [1, 2],
        [1, -2],
      ],
      [true, false],
    ],
  ])('%s', (constraint, x, expected) => {
    expect(verdict(constraint, x)).toEqual(expected);
  });

  it('cat and stack apply a constraint to each piece', () => {
    const c = constraints.cat([constraints.positive, constraints.real], -1, [1, 2]);
    expect(verdict(c, [1, -5, -6])).toEqual([true, true, true]);
    expect(verdict(c, [-1, -5, NaN])).toEqual([false, true, false]);
    const s = constraints.stack([constraints.positive, constraints.lessThan(0)], -1);
    expect(s.eventDim).toBe(0);
    const pairs = [
      [1, -1],
      [1, 1],
    ];
    expect(verdict(s, pairs)).toEqual([true, true, true, false]);
    expect(verdict(constraints.independent(s, 1), pairs)).toEqual([true, false]);
  });
});

describe('feasibleLike', () => {
  it.each<[Constraint, number[]]>([
    [constraints.real, [2]],
    [constraints.positive, [2]],
    [constraints.greaterThan(7), [2]],
    [constraints.lessThan([-7, 7]), [2]],
    [constraints.interval(3, [4, 5]), [2]],
    [constraints.circular, [2]],
    [constraints.positiveInteger, [2]],
    [constraints.integerInterval(3, 9), [2]],
    [constraints.integerGreaterThan(3), [2]],
    [constraints.simplex, [2, 3]],
    [constraints.sphere, [2, 3]],
    [constraints.l1Ball, [2, 3]],
    [constraints.zeroSum(), [2, 3]],
    [constraints.orderedVector, [2, 3]],
    [constraints.positiveOrderedVector, [2, 3]],
    [constraints.oneHot, [2, 3]],
    [constraints.multinomial([4, 5]), [2, 3]],
    [constraints.lowerCholesky, [2, 3, 3]],
    [constraints.corrCholesky, [2, 3, 3]],
    [constraints.positiveDefinite, [2, 3, 3]],
    [constraints.corrMatrix, [2, 3, 3]],
    [constraints.independent(constraints.positive, 1), [2, 3]],
  ])('%s: a value inside the set, of the prototype’s shape', (constraint, shape) => {
    tf.tidy(() => {
      const value = constraint.feasibleLike(tf.fill(shape, -77));
      expect(value.shape).toEqual(shape);
      expect(Array.from(toNdArray(constraint.check(value)).data)).toEqual([1, 1]);
    });
  });
});

describe('equality, printing, placeholders', () => {
  it('is structural', () => {
    expect(constraints.interval(0, [1, 2]).equals(constraints.interval(0, [1, 2]))).toBe(true);
    expect(constraints.interval(0, [1, 2]).equals(constraints.interval(0, [1, 3]))).toBe(false);
    expect(
      constraints.independent(constraints.real, 1).equals(constraints.independent(constraints.real, 1)),
    ).toBe(true);
    expect(constraints.positive.equals(constraints.softplusPositive)).toBe(false);
  });

  it('detachConstraint turns tensor bounds, nested ones too, into data', () => {
    const before = tf.memory().numTensors;
    const make = (bound: number): Constraint =>
      scoped(() =>
        constraints.detachConstraint(
          constraints.independent(
            constraints.cat([constraints.greaterThan(lift(bound)), constraints.real]),
            1,
          ),
        ),
      );
    const kept = make(3);
    expect(tf.memory().numTensors).toBe(before);
    expect(kept.equals(make(3))).toBe(true);
    expect(kept.equals(make(4))).toBe(false);
    expect(verdict(constraints.detachConstraint(scoped(() => constraints.lessThan(2))), [1, 3])).toEqual([
      true,
      false,
    ]);
    expect(verdict(kept, [[4], [-1]])).toEqual([true, true]);
    expect(verdict(kept, [[2], [-1]])).toEqual([false, true]);
  });

  it('prints as it is written', () => {
    expect(String(constraints.interval(0, [1, 2]))).toBe('interval(0, [1, 2])');
    expect(String(constraints.independent(constraints.positive, 2))).toBe('independent(positive, 2)');
  });

  it('dependent refuses to check, and is found inside other constraints', () => {
    expect(() => constraints.dependent().check(tf.zeros([1]))).toThrow(
      /depends on other parameters[\s\S]*Fix:/,
    );
    expect(constraints.isDependent(constraints.independent(constraints.dependent(), 1))).toBe(true);
    expect(constraints.isDependent(constraints.real)).toBe(false);
  });
});
