import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import {
  bijectTo,
  families,
  Normal,
  TransformedDistribution,
  transforms,
  Uniform,
  withinSupport,
} from '../src';
import type { Distribution } from '../src';
import { familyCases } from './family-cases';

/** Unconstrained coordinates: ordinary ones, ones whose image is rounded to the edge, and no number at all. */
const coordinates = [-0.7, 0.4, 40, -40, 800, -800, NaN];

/** The density with and without looking at the support, and the Jacobian that belongs to it. */
function densities(d: Distribution, u: number): { checked: number[]; taken: number[]; jacobian: number } {
  const transform = bijectTo(d.support);
  const unconstrained = lift(tf.fill([...transform.inverseShape(d.shape())], u));
  const x = transform.call(unconstrained);
  const numbers = (logProb: tf.Tensor): number[] => Array.from(logProb.dataSync());
  return {
    checked: numbers(d.logProb(x)),
    taken: numbers(withinSupport(x, () => d.logProb(x))),
    jacobian: tf.sum(transform.logAbsDetJacobian(unconstrained, x)).dataSync()[0],
  };
}

const continuous = familyCases
  .map(({ family, params }) => {
    const make = families.get(family) as unknown as (params: object, options: object) => Distribution;
    return [family, make(params, { validateArgs: false })] as const;
  })
  .filter(([, d]) => !d.isDiscrete && !d.support.isDiscrete);

describe('withinSupport', () => {
  it.each(continuous)(
    '%s: the same density inside; at the edge no finite one that is wrong',
    (_family, d) => {
      for (const u of coordinates) {
        const { checked, taken, jacobian } = densities(d, u);
        checked.forEach((expected, i) => {
          if (Number.isFinite(expected)) expectClose(taken[i], expected, { rel: 1e-14 });
          // A uniform density does not look at its value at all; its Jacobian does.
          else if (Number.isNaN(expected)) expect(taken[i] + jacobian).toBeNaN();
          else if (expected < 0) expect(taken[i] === -Infinity || Number.isNaN(taken[i])).toBe(true);
          else expect(taken[i]).toBe(expected);
        });
      }
    },
  );

  it('concerns the tensor that it names, and nothing made from it', () => {
    const d = Uniform(0, 1, { validateArgs: false });
    const [outside, other] = [lift(2), lift(2)];
    const density = (x: tf.Tensor, of: Distribution = d): number =>
      withinSupport(outside, () => of.logProb(x).dataSync()[0]);
    expect([density(outside), density(other)]).toEqual([0, -Infinity]);
    const doubled = TransformedDistribution(d, transforms.AffineTransform(0, 1)).withValidateArgs(false);
    expect(density(outside, doubled)).toBe(-Infinity);
    expect(d.logProb(outside).dataSync()[0]).toBe(-Infinity);
  });

  it('ends with the body, errors included, and passes through expand and toEvent', () => {
    const x = lift([2, 2]);
    const d = Uniform(0, 1, { validateArgs: false }).expand([2]).toEvent(1);
    expect(withinSupport(x, () => d.logProb(x).dataSync()[0])).toBe(0);
    expect(() =>
      withinSupport(x, () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(d.logProb(x).dataSync()[0]).toBe(-Infinity);
    expect(Normal(0, 1).logProb(x).size).toBe(2);
  });
});
