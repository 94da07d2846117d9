import { tf, toNdArray } from '@pyro-ts/ops';
import * as constraints from '../constraints';
import * as transforms from '.';
import { bijectTo, transformTo } from './biject-to';

describe('bijectTo and transformTo', () => {
  it('are open: a registered row serves a user’s own constraint', () => {
    const even = constraints.defineConstraint({
      name: 'test/aboveTen',
      check: (x) => tf.greater(x, 10),
      feasibleLike: (prototype) => tf.fill(prototype.shape, 11),
    });
    expect(() => bijectTo(even)).toThrow(
      /no transform to the constraint test\/aboveTen[\s\S]*Fix: register one/,
    );
    bijectTo.register(even, () => bijectTo(constraints.greaterThan(10)));
    tf.tidy(() => expect(toNdArray(bijectTo(even).call(0)).data[0]).toBe(11));
  });

  it('advise on the sphere, discrete sets and the dependent placeholder', () => {
    expect(() => bijectTo(constraints.sphere)).toThrow(/ProjectedNormal/);
    expect(() => bijectTo(constraints.boolean)).toThrow(/discrete variable has no unconstrained form/);
    expect(() => transformTo(constraints.dependent())).toThrow(/instance of the distribution/);
  });

  it('take composite constraints apart', () => {
    const t = bijectTo(constraints.cat([constraints.positive, constraints.real], -1, [1, 2]));
    tf.tidy(() => {
      const y = t.call([0, 5, 6]);
      expect(Array.from(toNdArray(y).data)).toEqual([1, 5, 6]);
      expect(Array.from(toNdArray(t.logAbsDetJacobian([0, 5, 6], y)).data)).toEqual([0, 0, 0]);
    });
    const s = bijectTo(constraints.stack([constraints.positive, constraints.unitInterval], -1));
    tf.tidy(() => expect(Array.from(toNdArray(s.call([0, 0])).data)).toEqual([1, 0.5]));
    expect(s.domain.eventDim).toBe(0);
  });
});

describe('equality and printing', () => {
  it('is structural', () => {
    expect(transforms.AffineTransform(1, [2, 3]).equals(transforms.AffineTransform(1, [2, 3]))).toBe(true);
    expect(transforms.AffineTransform(1, 2).equals(transforms.AffineTransform(1, 3))).toBe(false);
    expect(bijectTo(constraints.interval(0, 2)).equals(bijectTo(constraints.interval(0, 2)))).toBe(true);
    expect(transforms.ExpTransform().inv.equals(transforms.ExpTransform().inv)).toBe(true);
    expect(transforms.ExpTransform().equals(transforms.ExpTransform().inv)).toBe(false);
  });

  it('prints as it is written', () => {
    expect(
      String(transforms.ComposeTransform([transforms.ExpTransform(), transforms.AffineTransform(1, 2)])),
    ).toBe('ComposeTransform([ExpTransform, AffineTransform(1, 2)])');
    expect(String(transforms.ExpTransform().inv)).toBe('ExpTransform.inv');
  });

  it('signs multiply, and a transform without one says so', () => {
    const t = transforms.ComposeTransform([transforms.ExpTransform(), transforms.AffineTransform(0, -2)]);
    expect(t.sign).toBe(-1);
    expect(() => transforms.SoftmaxTransform().sign).toThrow(/neither increasing nor decreasing/);
    expect(() => transforms.SoftmaxTransform().logAbsDetJacobian([1], [1])).toThrow(/not bijective/);
  });
});
