import { Bernoulli, Categorical, Normal, OneHotCategorical, Poisson } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import type { Infer } from '../messages/message';
import type { Model } from '../model';
import { vindex } from '../indexing/vindex';
import { markov, range } from '../primitives/markov';
import { plate } from '../primitives/plate';
import { sample } from '../primitives/sample';
import { siteLogProb } from '../trace/log-prob';
import { isDensitySite } from '../trace/site';
import type { Trace } from '../trace/trace';
import { enumerate } from './enumerate';
import { trace } from './trace';

const parallel: { infer: Infer } = { infer: { enumerate: 'parallel' } };

/** Runs inside a scope and reads what `read` returns. */
const traced = <R>(model: Model<[]>, firstAvailableDim: number, read: (trace: Trace) => R): R => {
  let result: R | undefined;
  tf.tidy(() => void (result = read(trace(enumerate(model, { firstAvailableDim })).getTrace())));
  return result as R;
};

const valueShapes = (model: Model<[]>, firstAvailableDim: number): Record<string, readonly number[]> =>
  traced(model, firstAvailableDim, (found) =>
    Object.fromEntries(found.sampleSites.map(({ name, value }) => [name, value.shape])),
  );

const logProbShapes = (model: Model<[]>, firstAvailableDim: number): Record<string, readonly number[]> =>
  traced(model, firstAvailableDim, (found) =>
    Object.fromEntries(
      [...found.sites.values()].filter(isDensitySite).map((site) => [site.name, siteLogProb(site).shape]),
    ),
  );

const chain =
  (length: number, history: number, reach = history) =>
  (): void => {
    const path: tf.Tensor[] = [lift(0, 'int32')];
    for (const t of markov(range(length), { history })) {
      const table = tf.ones([2, 2]);
      const from = path[Math.max(0, path.length - reach)];
      path.push(sample(`x${t}`, Categorical(vindex(table, [from])), parallel));
    }
  };

describe('enumerate', () => {
  it('puts the values of each site along a dim of its own, left of the plates', () => {
    const model = (): void => {
      sample('a', Bernoulli(0.5), parallel);
      plate('data', 5, () => {
        sample('b', Categorical([0.2, 0.3, 0.5]), parallel);
        sample('c', OneHotCategorical([0.2, 0.3, 0.5]), parallel);
      });
    };
    expect(valueShapes(model, -2)).toEqual({ a: [2, 1], b: [3, 1, 1], c: [3, 1, 1, 1, 3] });
    expect(logProbShapes(model, -2)).toEqual({ a: [2, 1], b: [3, 1, 5], c: [3, 1, 1, 5] });
  });

  it('repeats values along the plates with expand', () => {
    const infer: Infer = { enumerate: 'parallel', expand: true };
    const model = (): void => void plate('data', 5, () => sample('b', Bernoulli(0.5), { infer }));
    expect(valueShapes(model, -2)).toEqual({ b: [2, 5] });
  });

  it('takes draws instead of all values with numSamples', () => {
    const infer: Infer = { enumerate: 'parallel', numSamples: 7 };
    const model = (): void => void plate('data', 5, () => sample('b', Normal(0, 1), { infer }));
    expect(valueShapes(model, -2)).toEqual({ b: [7, 5] });
  });

  it('gives log densities one dim for each site they depend on', () => {
    const model = (): void => {
      const a = sample('a', Bernoulli(0.5), parallel);
      const b = sample('b', Categorical(vindex([[1, 2, 3], [4, 5, 6]], [a])), parallel); // prettier-ignore
      sample('y', Normal(vindex([[1, 2, 3], [4, 5, 6]], [a, b]), 1), { obs: 0 }); // prettier-ignore
    };
    expect(logProbShapes(model, -1)).toEqual({ a: [2], b: [3, 2], y: [3, 2] });
  });

  it("computes the log probabilities of a site's own values from its table, equal to those of logProb", () => {
    const model = (): void => {
      plate('data', 4, () => {
        const a = sample('a', Categorical([0.1, 0.2, 0.7]), parallel);
        sample('b', Bernoulli({ logits: vindex([-1, 0, 2], [a]) }), parallel);
      });
    };
    traced(model, -2, (found) => {
      for (const site of found.sampleSites) {
        const expected = site.fn.logProb(site.value);
        expect(siteLogProb(site).shape).toEqual(expected.shape);
        const difference = tf.max(tf.abs(tf.sub(siteLogProb(site), expected)));
        expect(difference.dataSync()[0]).toBeLessThan(1e-15);
      }
    });
  });

  it('leaves sites without the mark, observed sites and given values alone', () => {
    const model = (): void => {
      sample('a', Bernoulli(0.5));
      sample('b', Bernoulli(0.5), { obs: 1, ...parallel });
    };
    expect(valueShapes(model, -1)).toEqual({ a: [], b: [] });
  });
});

describe('markov', () => {
  it('gives dims back: a chain needs history + 2 of them, whatever its length', () => {
    for (const history of [1, 2, 3]) {
      const ranks = Object.values(valueShapes(chain(40, history), -1)).map((shape) => shape.length);
      expect(Math.max(...ranks)).toBe(history + 2);
    }
  });

  it('without it every site keeps its dim: 30 sites in a chain have 30', () => {
    const model = (): void => {
      let x: tf.Tensor = lift(0, 'int32');
      for (const t of range(30)) x = sample(`x${t}`, Categorical(vindex(tf.ones([2, 2]), [x])), parallel);
    };
    expect(logProbShapes(model, -1)['x29']).toEqual([2, 2, ...Array.from({ length: 28 }, () => 1)]);
  });

  it('finds a dependency that reaches one step too far back', () => {
    expect(() => valueShapes(chain(5, 1, 2), -1)).toThrow(
      /at site 'x2': .*belongs to no enumerated site in scope(.|\n)*raise the history of markov \(it is 1\)/,
    );
    expect(() => valueShapes(chain(5, 2, 2), -1)).not.toThrow();
  });

  it('wraps a function: nested calls are steps, calls side by side are independent', () => {
    const step = markov((t: number, x: tf.Tensor): void => {
      const next = sample(`x${t}`, Categorical(vindex(tf.ones([2, 2]), [x])), parallel);
      if (t % 10 < 9) step(t + 1, next);
    });
    const model = (): void => {
      step(0, lift(0, 'int32'));
      step(10, lift(0, 'int32'));
    };
    const ranks = Object.values(valueShapes(model, -1)).map((shape) => shape.length);
    expect(Math.max(...ranks)).toBe(3);
  });

  it('with keep, a second visit sees what the first left: two-dimensional chains', () => {
    const model = (): void => {
      const columns = markov(range(3), { keep: true });
      const above: tf.Tensor[] = range(3).map(() => lift(0, 'int32'));
      for (const i of markov(range(4))) {
        let left: tf.Tensor = lift(0, 'int32');
        for (const j of columns) {
          const fn = Categorical(vindex(tf.ones([2, 2, 2]), [above[j], left]));
          left = above[j] = sample(`x${i}_${j}`, fn, parallel);
        }
      }
    };
    const shapes = logProbShapes(model, -1);
    const sizes = Object.values(shapes).map((shape) => shape.reduce((a, b) => a * b, 1));
    expect(sizes).toEqual([2, 4, 4, 4, 8, 8, 4, 8, 8, 4, 8, 8]);
  });

  it('is implied by sequential plates, whose elements are independent', () => {
    const model = (): void => {
      for (const i of plate('data', 20)) sample(`z${i}`, Bernoulli(0.5), parallel);
    };
    const ranks = Object.values(valueShapes(model, -1)).map((shape) => shape.length);
    expect(Math.max(...ranks)).toBe(2);
  });

  it('leaves the handlers as they were when the loop is left early', () => {
    const model = (): void => {
      for (const t of markov(range(5))) if (t === 2) break;
      sample('z', Bernoulli(0.5), parallel);
      sample('w', Bernoulli(0.5), parallel);
    };
    expect(valueShapes(model, -1)).toEqual({ z: [2], w: [2, 1] });
  });

  it('refuses a history that is no whole number, and what is neither function nor iterable', () => {
    expect(() => markov(range(3), { history: 0.5 })).toThrow(/history must be a whole number/);
    expect(() => markov(3 as never)).toThrow(/must be a function or something to loop over/);
  });
});

describe('enumerate refuses', () => {
  it.each<[string, Model<[]>, number, RegExp]>([
    [
      'families with infinitely many values',
      () => sample('n', Poisson(3), parallel),
      -1,
      /at site 'n': .*cannot be listed(.|\n)*truncate it/,
    ],
    [
      'vectors of discrete values',
      () => sample('z', Bernoulli([0.5, 0.5]).toEvent(1), parallel),
      -1,
      /at site 'z': .*cannot be listed(.|\n)*open plates instead of \.toEvent/,
    ],
    [
      'continuous sites',
      () => sample('x', Normal(0, 1), parallel),
      -1,
      /at site 'x': .*cannot be listed(.|\n)*continuous sites are sampled/,
    ],
    [
      'another mark',
      () => sample('z', Bernoulli(0.5), { infer: { enumerate: 'all' as never } }),
      -1,
      /at site 'z': infer.enumerate is 'all'(.|\n)*'parallel'/,
    ],
    [
      'plates that reach the dims for enumeration',
      () => plate('data', 3, () => sample('z', Bernoulli(0.5), parallel)),
      -1,
      /plates are nested too deep(.|\n)*raise maxPlateNesting to 1/,
    ],
    [
      'values used outside of their sequential plate',
      () => {
        let z: tf.Tensor = lift(0, 'int32');
        for (const i of plate('data', 2)) z = sample(`z${i}`, Bernoulli(0.5), parallel);
        sample('y', Normal(tf.cast(z, 'float32'), 1), { obs: 0 });
      },
      -1,
      /at site 'y': .*belongs to no enumerated site in scope(.|\n)*only there/,
    ],
    ['a dim that is not negative', () => 0, 0, /firstAvailableDim must be a negative integer; it is 0/],
  ])('%s', (_, model, firstAvailableDim, message) => {
    expect(() => valueShapes(model, firstAvailableDim)).toThrow(message);
  });
});
