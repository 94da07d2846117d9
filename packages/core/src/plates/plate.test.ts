import { Bernoulli, MultivariateNormal, Normal } from '@pyro-ts/distributions';
import { lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { installedHandlers } from '../stack/stack';
import {
  deterministic,
  factor,
  getPlates,
  handlers,
  param,
  plate,
  plateStack,
  sample,
  subsample,
} from '../index';
import type { Trace } from '../index';

const tracing = (model: () => unknown, key = 0): Trace =>
  handlers.trace(handlers.seed(model, { seed: key })).getTrace();
const shapeOf = (t: Trace, name: string): readonly number[] => t.data(name).shape;
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);

describe('a vectorised plate', () => {
  it('expands a distribution to its size and draws independently', () => {
    const t = tracing(() => plate('data', 5, () => sample('x', Normal(0, 1))));
    expect(shapeOf(t, 'x')).toEqual([5]);
    expect(new Set(t.data('x').data).size).toBe(5);
  });

  it('returns what its body returns', () => {
    expect(plate('data', 2, () => 'result')).toBe('result');
  });

  it('gives its body the indices', () => {
    tf.tidy(() => plate('data', 3, (index) => expect(Array.from(index.dataSync())).toEqual([0, 1, 2])));
  });

  it('allocates dims from the right: the inner plate is left of the outer one', () => {
    const t = tracing(() => plate('outer', 2, () => plate('inner', 3, () => sample('x', Normal(0, 1)))));
    expect(shapeOf(t, 'x')).toEqual([3, 2]);
  });

  it('takes the dim it asks for, and automatic dims go around it', () => {
    const t = tracing(() =>
      plate('rows', { size: 2, dim: -2 }, () => {
        sample('column', Normal(0, 1));
        plate('columns', 3, () => sample('x', Normal(0, 1)));
      }),
    );
    expect(shapeOf(t, 'column')).toEqual([2, 1]);
    expect(shapeOf(t, 'x')).toEqual([2, 3]);
  });

  it('leaves event dims alone', () => {
    const t = tracing(() =>
      plate('data', 4, () => sample('x', MultivariateNormal({ loc: [0, 0], covarianceMatrix: [[1, 0], [0, 1]] }))),
    ); // prettier-ignore
    expect(shapeOf(t, 'x')).toEqual([4, 2]);
  });

  it('can be entered many times, with other plates around each time', () => {
    const t = tracing(() => {
      const data = plate('data', { size: 3, dim: -1 });
      data.run(() => sample('a', Normal(0, 1)));
      plate('outer', { size: 2, dim: -2 }, () => data.run(() => sample('b', Normal(0, 1))));
    });
    expect(shapeOf(t, 'a')).toEqual([3]);
    expect(shapeOf(t, 'b')).toEqual([2, 3]);
  });

  it('frees its dim when its body throws', () => {
    const open = (): void => plate('data', 3, () => { throw new Error('boom'); }); // prettier-ignore
    expect(open).toThrow('boom');
    expect(installedHandlers()).toEqual([]);
    expect(
      shapeOf(
        tracing(() => plate('data', 3, () => sample('x', Normal(0, 1)))),
        'x',
      ),
    ).toEqual([3]);
  });

  it('counts a factor once for every element', () => {
    expect(density(tracing(() => plate('data', 3, () => factor('f', 2))))).toBe(6);
    expect(density(tracing(() => plate('data', 3, () => factor('f', [1, 2, 3]))))).toBe(6);
  });

  it('lets one observation stand for all elements', () => {
    const t = tracing(() => plate('data', 3, () => sample('x', Bernoulli(0.25), { obs: 1 })));
    expectClose(density(t), 3 * Math.log(0.25));
  });

  it('is seen by getPlates, outermost first', () => {
    const names = plate('a', 2, () =>
      plate('b', 3, () => getPlates().map(({ name, dim }) => `${name}${dim}`)),
    );
    expect(names).toEqual(['a-1', 'b-2']);
  });
});

describe('plateStack', () => {
  it('opens plates named by position, the last one at the rightmost dim', () => {
    const t = tracing(() => plateStack('p', [2, 3, 4], () => sample('x', Normal(0, 1))));
    expect(shapeOf(t, 'x')).toEqual([2, 3, 4]);
    expect([...t.sites.keys()]).toEqual(['p_0', 'p_1', 'p_2', 'x']);
    const shifted = tracing(() =>
      plateStack('p', [2, 3], () => sample('x', Normal(0, 1)), { rightmostDim: -2 }),
    );
    expect(shapeOf(shifted, 'x')).toEqual([2, 3, 1]);
  });
});

describe('a subsampled plate', () => {
  const minibatch = (key = 0): Trace =>
    tracing(
      () =>
        plate('data', { size: 100, subsampleSize: 10 }, (index) => {
          deterministic('index', index);
          return sample('x', Normal(0, 1), { obs: subsample(tf.range(0, 100)) });
        }),
      key,
    );

  it('draws that many different elements', () => {
    const index = Array.from(minibatch().data('index').data);
    expect(new Set(index).size).toBe(10);
    expect(Math.min(...index)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...index)).toBeLessThan(100);
  });

  it('draws the same elements for the same seed, others for another', () => {
    expect(minibatch(1).data('data')).toEqual(minibatch(1).data('data'));
    expect(minibatch(1).data('data')).not.toEqual(minibatch(2).data('data'));
  });

  it('scales the log density by size / subsampleSize', () => {
    const t = minibatch();
    const values = Array.from(t.data('x').data);
    const exact = values.reduce((sum, x) => sum - x ** 2 / 2 - Math.log(2 * Math.PI) / 2, 0);
    expectClose(density(t), 10 * exact);
  });

  it('hands subsample the rows of its elements', () => {
    const t = minibatch();
    expect(Array.from(t.data('x').data)).toEqual(Array.from(t.data('index').data));
  });

  it('takes given indices', () => {
    const t = tracing(() =>
      plate('data', { size: 5, subsample: [4, 0] }, () => sample('x', Normal(0, 1), { obs: subsample([10, 11, 12, 13, 14]) })),
    ); // prettier-ignore
    expect(Array.from(t.data('x').data)).toEqual([14, 10]);
  });

  it('sees the same elements every time it is entered', () => {
    const t = tracing(() => {
      const data = plate('data', { size: 50, subsampleSize: 5 });
      data.run((index) => deterministic('a', index));
      data.run((index) => deterministic('b', index));
    });
    expect(t.data('a')).toEqual(t.data('b'));
  });

  it('is replayed with the elements of the trace', () => {
    const model = (): void =>
      plate('data', { size: 50, subsampleSize: 5 }, (index) => void deterministic('index', index));
    const t = tracing(model, 3);
    expect(tracing(handlers.replay(model, { trace: t }), 4).data('index')).toEqual(t.data('index'));
  });

  it('indexes parameters that declare their event dims', () => {
    const t = tracing(() =>
      plate('data', { size: 4, subsample: [3, 1] }, () =>
        deterministic('rows', param('w', [[0, 0], [1, 1], [2, 2], [3, 3]], { eventDim: 1 }), { eventDim: 1 })),
    ); // prettier-ignore
    expect(Array.from(t.data('rows').data)).toEqual([3, 3, 1, 1]);
    expect(shapeOf(t, 'w')).toEqual([4, 2]);
  });

  it('serves a blocked model inside, unless all of it is hidden', () => {
    const rows = handlers.block(() => deterministic('rows', subsample([10, 11, 12])), { hide: ['other'] });
    const t = tracing(() => plate('data', { size: 3, subsample: [2] }, () => rows()));
    expect(Array.from(t.data('rows').data)).toEqual([12]);
  });

  it('indexes along each of two nested plates', () => {
    const table = tf.tensor2d([[0, 1, 2], [10, 11, 12]]); // prettier-ignore
    const t = tracing(() =>
      plate('rows', { size: 2, subsample: [1], dim: -2 }, () =>
        plate('columns', { size: 3, subsample: [2, 0], dim: -1 }, () =>
          deterministic('cells', subsample(table)),
        ),
      ),
    );
    expect(t.data('cells').shape).toEqual([1, 2]);
    expect(Array.from(t.data('cells').data)).toEqual([12, 10]);
    table.dispose();
  });
});

describe('a sequential plate', () => {
  it('yields the elements as numbers', () => {
    const t = tracing(() => {
      for (const i of plate('data', 3)) sample(`x_${i}`, Normal(i, 1));
    });
    expect([...t.sites.keys()]).toEqual(['data', 'x_0', 'x_1', 'x_2']);
    expect(shapeOf(t, 'x_0')).toEqual([]);
  });

  it('has the density of the vectorised one', () => {
    const data = [1, -2, 0.5];
    const loop = tracing(() => {
      for (const i of plate('data', 3)) sample(`x_${i}`, Normal(0, 1), { obs: data[i] });
    });
    const vectorised = tracing(() => plate('data', 3, () => sample('x', Normal(0, 1), { obs: data })));
    expectClose(density(loop), density(vectorised));
  });

  it('scales when subsampled', () => {
    const t = tracing(() => {
      for (const i of plate('data', { size: 10, subsampleSize: 2 })) factor(`f_${i}`, 1);
    });
    expect(density(t)).toBe(10);
  });

  it('leaves the stack as it was after break, throw and return', () => {
    for (const i of plate('data', 3)) if (i === 1) break;
    expect(installedHandlers()).toEqual([]);
    const failing = (): void => {
      for (const i of plate('data', 3)) if (i === 1) throw new Error('boom');
    };
    expect(failing).toThrow('boom');
    expect(installedHandlers()).toEqual([]);
  });
});

describe('blockPlate', () => {
  it('takes a site out of a plate', () => {
    const t = tracing(() =>
      plate('data', 3, () => {
        handlers.blockPlate(() => sample('global', Normal(0, 1)), { name: 'data' })();
        sample('local', Normal(0, 1));
      }),
    );
    expect(shapeOf(t, 'global')).toEqual([]);
    expect(shapeOf(t, 'local')).toEqual([3]);
  });
});

it('tensors made by plates die with their scope', () => {
  const before = tf.memory().numTensors;
  tracing(() => plate('data', { size: 9, subsampleSize: 3 }, () => sample('x', Normal(lift(0), 1))));
  expect(tf.memory().numTensors).toBe(before);
  expect(toNdArray(3).shape).toEqual([]);
});
