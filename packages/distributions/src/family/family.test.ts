import { isTensor, keyFromSeed, tf, withLabel } from '@pyro-ts/ops';
import { Normal } from '../continuous/normal';
import { isDistribution, type Distribution } from '../distribution';
import { enableValidation } from './settings';
import { families } from './factory';

const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());
const errorOf = (f: () => unknown): Error => {
  try {
    f();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('a declared family', () => {
  it('is called without new: positionally, by name, with defaults and with options last', () => {
    for (const d of [
      Normal(1, 2),
      Normal({ loc: 1, scale: 2 }),
      Normal(1, 2, { validateArgs: true }),
      Normal({ loc: 1, scale: 2 }, { validateArgs: true }),
    ]) {
      expect(String(d)).toBe('Normal(loc: 1, scale: 2)');
    }
    expect(String(Normal())).toBe('Normal(loc: 0, scale: 1)');
    expect(String(Normal({ scale: [1, 2] }))).toBe('Normal(loc: 0, scale: [2])');
  });

  it('carries the brand and is listed in the registry', () => {
    expect(isDistribution(Normal())).toBe(true);
    expect(families.get('Normal')).toBe(Normal);
    expect(isDistribution({ family: 'Normal' })).toBe(false);
  });

  it('broadcasts parameters and infers shapes without data', () => {
    const d = Normal([1, 2, 3], [[1], [2]]);
    expect([d.batchShape, d.eventShape, d.shape([5])]).toEqual([[2, 3], [], [5, 2, 3]]);
    expect(Normal.inferShapes({ loc: [3], scale: [2, 1] })).toEqual({ batchShape: [2, 3], eventShape: [] });
  });

  it('keeps tensors given to it, and lifts numbers afresh at each access without leaving tensors behind', () => {
    const loc = tf.tensor1d([1, 2]);
    const d = Normal(loc, 0.1);
    expect(d.loc).toBe(loc);
    expect(values(d.scale)).toEqual([0.1]);
    const before = tf.memory().numTensors;
    Normal([1, 2], [3, 4]).logProb(0.3).dispose();
    Normal([1, 2], [3, 4])
      .sample([3], { key: keyFromSeed(0) })
      .dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(isTensor(d.params['scale'])).toBe(true);
  });

  it('names unknown, missing and surplus parameters', () => {
    expect(String(errorOf(() => Normal({ mu: 1 } as never)))).toBe(
      `ArgumentError: Normal has no parameter 'mu'; its parameters are 'loc', 'scale'\n` +
        '  Fix: write Normal({ loc?, scale? }).',
    );
    expect(() => Normal(0, 1, 2 as never)).toThrow(/takes at most 2 parameters, got 3/);
    expect(() => Normal('0' as never)).toThrow(/must be a number, an array or a tensor, got string/);
    expect(() => Normal(Normal() as never)).toThrow(/draw a value first/);
  });

  it('rejects a parameter outside its constraint, naming site, value, index and constraint', () => {
    const scale = [[1, 2], [3, -0.5]]; // prettier-ignore
    expect(String(errorOf(() => withLabel('y', () => Normal(0, scale))))).toBe(
      "ConstraintError at site 'y': parameter 'scale' of Normal(loc: 0, scale: [2, 2]) must satisfy `positive`, " +
        'got -0.5 at index [1, 1] of shape [2, 2]\n' +
        "  Fix: give 'scale' values in `positive`, e.g. map unconstrained numbers there with transformTo(constraint); " +
        '{ validateArgs: false } skips the check.',
    );
    expect(() => Normal(NaN, 1)).toThrow(/parameter 'loc' .* got NaN/);
  });

  it('rejects a value outside the support, unless validation is off', () => {
    expect(errorOf(() => withLabel('y', () => Normal([0, 0], 1).logProb([1, NaN]))).message).toMatch(
      /^at site 'y': value must lie in the support `real` of Normal\(loc: \[2\], scale: 1\), got NaN at index \[1\]/,
    );
    expect(values(Normal(0, 1, { validateArgs: false }).logProb(NaN))).toEqual([NaN]);
    enableValidation(false);
    try {
      expect(values(Normal(0, -1).logProb(0))).toEqual([NaN]);
    } finally {
      enableValidation(true);
    }
  });

  it('names both shapes when parameters or a value do not broadcast', () => {
    expect(() => Normal([1, 2], [1, 2, 3])).toThrow(
      /parameters of Normal do not broadcast: loc: \[2\], scale: \[3\]/,
    );
    expect(String(errorOf(() => withLabel('y', () => Normal([1, 2], 1).logProb([1, 2, 3]))))).toBe(
      "ShapeError at site 'y': value has shape [3]; Normal(loc: [2], scale: 1) has batch shape [2] and event shape []\n" +
        '  Fix: pass a value of shape [...sample, 2].',
    );
  });

  it('is differentiable in parameters that are tensors', () => {
    const grad = tf.grad((loc) => Normal(loc, 2).logProb([1, 2]).sum());
    expect(values(grad(tf.scalar(0)))).toEqual([0.75]);
  });

  it('draws afresh along expanded dims, those of size 1 included', () => {
    const draw = (d: Distribution): number[] => values(d.sample([], { key: keyFromSeed(1) }));
    const wide = Normal([[0], [10]], 1).expand([3, 2, 4]);
    expect(wide.shape()).toEqual([3, 2, 4]);
    expect(new Set(draw(wide)).size).toBe(24);
    expect(() => Normal([1, 2], 1).expand([3])).toThrow(/does not expand to \[3\]/);
  });
});
