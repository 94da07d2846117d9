import { Bernoulli, HalfNormal, Normal, Uniform } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { unconstrainModel } from '../density';
import * as handlers from '../handlers';
import type { Model } from '../model';
import { deterministic } from './deterministic';
import { factor } from './factor';
import { param } from './param';
import { plate } from './plate';
import { sample } from './sample';
import { scan } from './scan';

const y = [0.3, -1.2, 2, 0.7];

/** A local-level model: a latent random walk, observed with noise. */
const walk = (): void => {
  const scale = sample('scale', HalfNormal(1));
  const body = (before: tf.Tensor, x: tf.Tensor) => {
    const level = sample('level', Normal(before, scale));
    sample('y', Normal(level, param('noise', 0.5)), { obs: x });
    deterministic('double', tf.mul(level, 2));
    return [level, tf.square(level)] as const;
  };
  const { carry, ys } = scan(body, lift(0.1), lift(y));
  factor('end', tf.neg(tf.add(carry, tf.sum(ys))));
};

/** The same, written out. */
const written = (): void => {
  const scale = sample('scale', HalfNormal(1));
  let level: tf.Tensor = lift(0.1);
  let total: tf.Tensor = lift(0);
  y.forEach((x, t) => {
    level = sample(`level_${t}`, Normal(level, scale));
    sample(`y_${t}`, Normal(level, 0.5), { obs: x });
    total = tf.add(total, tf.square(level));
  });
  factor('end', tf.neg(tf.add(level, total)));
};

const traced = <R>(
  model: Model<[]>,
  read: (trace: ReturnType<ReturnType<typeof handlers.trace>['getTrace']>) => R,
): R => {
  let result: R | undefined;
  tf.tidy(() => void (result = read(handlers.trace(model).getTrace())));
  return result as R;
};

describe('scan', () => {
  it('makes one site of each site in its body, stacked over the steps', () => {
    const series = (): void => void plate('series', 3, () => walk());
    traced(handlers.seed(series, { seed: 0 }), (trace) => {
      const shapes = [...trace.sites.values()].map(({ kind, name, value }) => [kind, name, value?.shape]);
      expect(shapes).toEqual([
        ['plate', 'series', undefined],
        ['sample', 'scale', [3]],
        ['param', 'noise', []],
        ['sample', 'level', [4, 3]],
        ['sample', 'y', [4, 3]],
        ['deterministic', 'double', [4, 3]],
        ['factor', 'end', [3]],
      ]);
    });
  });

  it('has the density and gradient of the loop', () => {
    const q = lift([-0.4, 0.2, 1, -0.3, 0.5]);
    const [a, b] = [walk, written].map((model) =>
      tf.valueAndGrad((x: tf.Tensor) => unconstrainModel(model, []).logDensity(x) as tf.Scalar)(q),
    );
    expectClose(a.value.dataSync(), b.value.dataSync(), { rel: 1e-14 });
    expectClose(a.grad.dataSync(), b.grad.dataSync(), { rel: 1e-12 });
  });

  it('draws what the steps say, another number in each, the same with the same seed', () => {
    const draw = (seed: number): number[] =>
      traced(handlers.seed(walk, { seed }), (trace) => [...trace.value('level').dataSync()]);
    expect(draw(1)).toEqual(draw(1));
    expect(new Set([...draw(1), ...draw(2)]).size).toBe(8);
  });

  it('carries what it has drawn into the next step', () => {
    const model = (): void => void scan((c: tf.Tensor) => {
      const x = sample('x', Normal(tf.add(c, 1), 1e-9));
      return [x, []] as const;
    }, lift(0), null, { length: 3 }); // prettier-ignore
    traced(handlers.seed(model, { seed: 0 }), (trace) =>
      expectClose(trace.value('x').dataSync(), [1, 2, 3], { abs: 1e-7 }),
    );
  });

  it('takes stacked values from condition, substitute and replay', () => {
    const values = lift([1, 2, 3, 4]);
    const given = handlers.condition(walk, { data: { y: values, level: values } });
    traced(handlers.seed(given, { seed: 0 }), (trace) => {
      expect(
        [...trace.sites.values()]
          .filter((site) => site.kind === 'sample' && site.isObserved)
          .map(({ name }) => name),
      ).toEqual(['level', 'y']);
      const noise = Normal(values, 0.5).logProb(values).sum().dataSync()[0];
      const site = trace.site('y');
      expectClose(site.kind === 'sample' ? site.fn.logProb(site.value).sum().dataSync()[0] : NaN, noise, {
        rel: 1e-14,
      });
      expectClose(trace.value('double').dataSync(), [2, 4, 6, 8]);
    });
    const first = handlers.trace(handlers.seed(walk, { seed: 3 })).getTrace();
    const again = handlers
      .trace(handlers.replay(handlers.seed(walk, { seed: 4 }), { trace: first }))
      .getTrace();
    expect([...again.value('level').dataSync()]).toEqual([...first.value('level').dataSync()]);
    expectClose(again.logProbSum().dataSync(), first.logProbSum().dataSync(), { rel: 1e-14 });
  });

  it('draws again what is taken away', () => {
    const free = handlers.uncondition(walk);
    traced(handlers.seed(free, { seed: 0 }), (trace) =>
      expect([...trace.value('y').dataSync()]).not.toEqual(y),
    );
  });

  it('applies masks and scales around it, and in its body', () => {
    const density = (model: Model<[]>): number =>
      traced(handlers.seed(model, { seed: 0 }), (trace) => trace.logProbSum().dataSync()[0]);
    const observed = (): void => void scan((c: tf.Tensor, x: tf.Tensor) => {
      handlers.scale(() => sample('y', Normal(0, 1), { obs: x }), { scale: 2 })();
      handlers.mask(() => sample('w', Normal(0, 1), { obs: x }), { mask: tf.greater(x, 0) })();
      return [c, []] as const;
    }, lift(0), lift(y)); // prettier-ignore
    const terms = y.map((v) => -v * v / 2 - Math.log(2 * Math.PI) / 2); // prettier-ignore
    const sum = (xs: number[]): number => xs.reduce((a, b) => a + b, 0);
    const expected = 2 * sum(terms) + sum(terms.filter((_, i) => y[i] > 0));
    expectClose(density(observed), expected, { rel: 1e-14 });
    expectClose(density(handlers.scale(observed, { scale: 3 })), 3 * expected, { rel: 1e-14 });
    expectClose(density(handlers.mask(observed, { mask: false })), 0);
    const mask = lift([1, 0, 1, 1], 'bool');
    const masked =
      2 * sum(terms.filter((_, i) => i !== 1)) + sum(terms.filter((_, i) => y[i] > 0 && i !== 1));
    expectClose(density(handlers.mask(observed, { mask })), masked, { rel: 1e-14 });
  });

  it('gives a discrete site without enumeration single values', () => {
    const model = (): void =>
      void scan((c: tf.Tensor) => [sample('z', Bernoulli(0.5)), c] as const, lift(0, 'int32'), null, {
        length: 20,
      });
    traced(handlers.seed(model, { seed: 0 }), (trace) => {
      const z = trace.value('z');
      expect([z.shape, z.dtype, new Set(z.dataSync()).size]).toEqual([[20], 'int32', 2]);
    });
  });

  it('refuses values that do not fit, naming the site', () => {
    const given = (value: tf.Tensor): Model<[]> => handlers.substitute(walk, { data: { level: value } });
    expect(() => handlers.trace(given(lift([1, 2, 3]))).getTrace()).toThrow(
      /at site 'level': value has shape \[3\](.|\n)*Fix/,
    );
    expect(() => handlers.trace(given(tf.ones([2, 4]))).getTrace()).toThrow(
      /at site 'level': .*left of the steps(.|\n)*Fix/,
    );
  });

  it('refuses coordinates for a support that depends on the step, not for one that does not', () => {
    const bounded =
      (high: (x: tf.Tensor, c: tf.Tensor) => tf.Tensor | number): Model<[]> =>
      () => {
        const body = (c: tf.Tensor, x: tf.Tensor) => [sample('u', Uniform(0, high(x, c))), []] as const;
        scan(body, lift(1), tf.abs(lift(y)));
      };
    const outside = lift(2);
    for (const high of [() => 2, () => outside]) expect(unconstrainModel(bounded(high), []).dim).toBe(4);
    for (const high of [(x: tf.Tensor) => x, (_: tf.Tensor, c: tf.Tensor) => c, () => tf.add(outside, 1)])
      expect(() => unconstrainModel(bounded(high), [])).toThrow(
        /at site 'u': the support of .* no common one(.|\n)*Fix/,
      );
  });

  it('refuses sites that come and go', () => {
    let step = 0;
    const model = (): void =>
      void scan((c: tf.Tensor) => [sample(`x_${step++}`, Normal(c, 1)), []] as const, lift(0), null, {
        length: 3,
      });
    expect(() => handlers.trace(model).getTrace()).toThrow(
      /at site 'x_1': the body of the scan has the site in some steps only/,
    );
  });
});
