import { scoped, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import fc from 'fast-check';
import * as constraints from '../constraints';
import type { Constraint } from '../constraints';
import * as transforms from '.';
import { bijectTo, transformTo } from './biject-to';
import type { Transform } from './transform';

const numbers = (t: tf.Tensor): number[] => Array.from(toNdArray(t).data);

const coordinate = fc.double({ min: -4, max: 4, noNaN: true });
const coordinates = (n: number) => fc.array(coordinate, { minLength: n, maxLength: n });

/** Constraint and the number of its coordinates: 1 for scalars. */
const cases: [Constraint, number][] = [
  [constraints.real, 1],
  [constraints.positive, 1],
  [constraints.softplusPositive, 1],
  [constraints.unitInterval, 1],
  [constraints.interval(-2, 5), 1],
  [constraints.greaterThan(3), 1],
  [constraints.lessThan(-3), 1],
  [constraints.simplex, 4],
  [constraints.orderedVector, 4],
  [constraints.positiveOrderedVector, 4],
  [constraints.l1Ball, 3],
  [constraints.zeroSum(), 4],
  [constraints.corrCholesky, 6],
  [constraints.corrMatrix, 3],
  [constraints.lowerCholesky, 6],
  [constraints.softplusLowerCholesky, 6],
  [constraints.scaledUnitLowerCholesky, 6],
  [constraints.positiveDefinite, 6],
  [constraints.independent(constraints.positive, 1), 3],
  [constraints.stack([constraints.positive, constraints.real], -1), 2],
  [constraints.cat([constraints.positive, constraints.unitInterval], -1, [2, 1]), 3],
];

const argument = (transform: Transform, x: number[]): number | number[] =>
  transform.domain.eventDim === 0 && x.length === 1 ? x[0] : x;

describe.each(cases.map(([constraint, n]) => [String(constraint), constraint, n] as const))(
  'bijectTo(%s), on random points of [−4, 4]ⁿ',
  (_, constraint, n) => {
    const transform = bijectTo(constraint);

    it('lands in the set, and comes back (1e-7 relative to 1 + |x|)', () => {
      fc.assert(
        fc.property(coordinates(n), (x) => {
          scoped(() => {
            const y = transform.call(argument(transform, x));
            expect(numbers(constraint.check(y)).every((ok) => ok === 1)).toBe(true);
            expectClose(numbers(transform.inverse(y)), x, { rel: 1e-7, abs: 1e-7 });
          });
        }),
        { numRuns: 20, seed: 1 },
      );
    });

    it('has the same log-determinant with and without intermediates, and when composed with a shift', () => {
      const shift = transforms.AffineTransform(0.25, 1, { eventDim: transform.domain.eventDim });
      const composed = transforms.ComposeTransform([shift, transform]);
      fc.assert(
        fc.property(coordinates(n), (x) => {
          scoped(() => {
            const z = argument(
              transform,
              x.map((v) => v - 0.25),
            );
            const at = argument(transform, x);
            const { y, intermediates } = composed.callWithIntermediates(z);
            const expected = numbers(transform.logAbsDetJacobian(at, transform.call(at)));
            expectClose(numbers(composed.logAbsDetJacobian(z, y, intermediates)), expected, {
              rel: 1e-11,
              abs: 1e-11,
            });
            expectClose(numbers(composed.logAbsDetJacobian(z, y)), expected, { rel: 1e-11, abs: 1e-11 });
          });
        }),
        { numRuns: 10, seed: 2 },
      );
    });
  },
);

describe.each(
  [
    constraints.simplex,
    constraints.sphere,
    constraints.positive,
    constraints.unitInterval,
    constraints.independent(constraints.softplusPositive, 1),
  ].map((constraint) => [String(constraint), constraint] as const),
)('transformTo(%s)', (_, constraint) => {
  it('lands in the set, and reaches every point of it that it made', () => {
    const transform = transformTo(constraint);
    fc.assert(
      fc.property(coordinates(3), (x) => {
        fc.pre(x.some((v) => Math.abs(v) > 1e-3));
        scoped(() => {
          const y = transform.call(x);
          expect(numbers(constraint.check(y)).every((ok) => ok === 1)).toBe(true);
          expectClose(numbers(transform.call(transform.inverse(y))), numbers(y), { rel: 1e-10, abs: 1e-14 });
        });
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

it('forwardShape and printing make no tensors', () => {
  const before = tf.memory().numTensors;
  const t = transforms.ComposeTransform([
    transforms.AffineTransform([1, 2], 3),
    transforms.LowerCholeskyAffine(
      [1, 2],
      [
        [1, 0],
        [0, 1],
      ],
    ),
  ]);
  expect(t.forwardShape([5, 1])).toEqual([5, 2]);
  expect(String(t)).toContain('AffineTransform([1, 2], 3)');
  expect(tf.memory().numTensors).toBe(before);
});
