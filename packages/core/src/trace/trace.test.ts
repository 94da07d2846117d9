import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import {
  checkPlates,
  deterministic,
  factor,
  formatShapes,
  handlers,
  param,
  plate,
  sample,
  UnknownSiteError,
  valuesFromJson,
} from '../index';
import type { Trace, TraceJson } from '../index';

const model = (y?: readonly number[]): tf.Tensor => {
  const mu = sample('mu', Normal(0, 5));
  const tau = sample('tau', HalfNormal(5));
  const scale = param('scale', [10, 11, 12]);
  return plate('schools', 3, () => {
    const theta = sample('theta', Normal(mu, tau));
    deterministic('twice', tf.mul(theta, 2));
    factor('soft', tf.neg(tf.square(mu)));
    return sample('y', Normal(theta, scale), { obs: y });
  });
};
const tracing = (): Trace => handlers.trace(handlers.seed(model, { seed: 1 })).getTrace([1, 2, 3]);
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);

describe('a trace', () => {
  it('lists its sites in the order of the run', () => {
    const t = tracing();
    expect([...t.sites.keys()]).toEqual(['mu', 'tau', 'scale', 'schools', 'theta', 'twice', 'soft', 'y']);
    expect(t.latentSites.map((site) => site.name)).toEqual(['mu', 'tau', 'theta']);
    expect(t.observedSites.map((site) => site.name)).toEqual(['y']);
    expect(t.paramSites.map((site) => site.name)).toEqual(['scale']);
    expect(t.plateSites.map((site) => site.name)).toEqual(['schools']);
  });

  it('adds the log densities of its sites', () => {
    const t = tracing();
    const [mu, tau] = [t.data('mu').data[0], t.data('tau').data[0]];
    const logNormal = (x: number, loc: number, scale: number): number =>
      -0.5 * ((x - loc) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
    const theta = Array.from(t.data('theta').data);
    const exact =
      logNormal(mu, 0, 5) +
      logNormal(tau, 0, 5) +
      Math.log(2) -
      3 * mu ** 2 +
      theta.reduce((sum, x, i) => sum + logNormal(x, mu, tau) + logNormal(i + 1, x, 10 + i), 0);
    expectClose(density(t), exact);
  });

  it('sums only the sites that a filter lets through', () => {
    const t = tracing();
    const part = tf.tidy(() => t.logProbSum((site) => site.kind === 'factor').dataSync()[0]);
    expectClose(part, -3 * t.data('mu').data[0] ** 2);
  });

  it('keeps no tensor, and its values and densities can be had again and again', () => {
    const before = tf.memory().numTensors;
    const t = tracing();
    expect(tf.memory().numTensors).toBe(before);
    expect(density(t)).toBe(density(t));
    tf.tidy(() => expect(t.value('theta').shape).toEqual([3]));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind when the model throws', () => {
    const before = tf.memory().numTensors;
    const failing = (): void => {
      model([1, 2, 3]);
      throw new Error('boom');
    };
    expect(() => handlers.trace(handlers.seed(failing, { seed: 1 })).getTrace()).toThrow('boom');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is live inside a scope: gradients flow through its values', () => {
    const slope = tf.tidy(() => {
      const logDensity = (mu: tf.Tensor): tf.Tensor =>
        handlers
          .trace(handlers.substitute(() => sample('mu', Normal(0, 2)), { data: { mu } }))
          .getTrace()
          .logProbSum();
      return tf.grad(logDensity)(lift(3)).dataSync()[0];
    });
    expectClose(slope, -3 / 4);
  });

  it('leaves no tensor behind but the log density asked for', () => {
    const t = tracing();
    const before = tf.memory().numTensors;
    const sum = t.logProbSum();
    expect(tf.memory().numTensors).toBe(before + 1);
    sum.dispose();
    const terms = t.computeLogProb();
    expect(tf.memory().numTensors).toBe(before + terms.size);
    terms.forEach((term) => term.dispose());
  });

  it('says which names it has when asked for another', () => {
    expect(() => tracing().site('thta')).toThrow(UnknownSiteError);
    expect(() => tracing().site('thta')).toThrow("Fix: did you mean 'theta'?");
  });

  it('withSites replaces sites in a copy', () => {
    const t = tracing();
    const other = handlers.trace(handlers.seed(model, { seed: 2 })).getTrace([1, 2, 3]);
    const changed = t.withSites([other.site('mu')]);
    expect(changed.data('mu')).toEqual(other.data('mu'));
    expect(t.data('mu')).not.toEqual(other.data('mu'));
    expect([...changed.sites.keys()]).toEqual([...t.sites.keys()]);
  });

  it('is JSON, with text for the numbers that JSON lacks', () => {
    const t = handlers.trace(() => void deterministic('x', [1, NaN, -Infinity])).getTrace();
    expect(JSON.parse(JSON.stringify(t))).toEqual({
      version: 1,
      sites: { x: { kind: 'deterministic', plates: [], value: { shape: [3], dtype: 'float32', data: [1, 'NaN', '-Infinity'] } } }, // prettier-ignore
    });
  });

  it('comes back from JSON as values', () => {
    const t = handlers.trace(() => void deterministic('x', [[1, NaN], [-Infinity, 0.1]])).getTrace(); // prettier-ignore
    const json = JSON.parse(JSON.stringify(t)) as TraceJson;
    expect(valuesFromJson(json)).toEqual({ x: t.data('x') });
  });

  it('prints its shapes', () => {
    expect(`\n${formatShapes(tracing(), { computeLogProb: true })}\n`).toBe(`
mu       dist             |
         value            |
         log prob         |
tau      dist             |
         value            |
         log prob         |
scale    param            | 3
schools  plate          3 |
theta    dist           3 |    schools
         value          3 |
         log prob       3 |
twice    deterministic  3 |    schools
soft     factor         3 |    schools
         log prob       3 |
y        observed       3 |    schools
         value          3 |
         log prob       3 |
`);
  });
});

describe('checkPlates', () => {
  it('accepts a trace whose batch dims all belong to plates', () => {
    expect(() => checkPlates(tracing())).not.toThrow();
  });
});
