import { factor, handlers, param, plate, sample } from '@pyro-ts/core';
import { Bernoulli, Categorical, constraints, Gamma, Normal } from '@pyro-ts/distributions';
import { keyFromSeed, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { Adam } from '../optim';
import { buildLoss, SVI, TraceELBO, TraceMeanFieldELBO, type Elbo } from '.';
import { flatten } from '@pyro-ts/compiler';
import { compiled } from './gradient';
import { segmentsOf } from './params';
import { stepKey } from './state';

/** Mean and standard error of many one-step estimates of loss and gradient at the initial parameters. */
function estimates(model: () => void, guide: () => void, loss: Elbo, count: number) {
  const svi = SVI({ model, guide, optim: Adam(), loss });
  const state = svi.init(7);
  const segments = segmentsOf(state.params);
  const { lossAndGradient } = compiled()(buildLoss({ model, guide, loss, segments, args: flatten<[]>([]) }));
  const rows = Array.from({ length: count }, (_, i) => {
    const params = Float64Array.from(Object.values(state.params).flatMap(({ data }) => [...data]));
    const { loss: value, gradient } = lossAndGradient(params, stepKey(state.key, i), []);
    return [value, ...gradient];
  });
  return rows[0].map((_, j) => {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / count;
    const variance = rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / (count - 1);
    return { mean, se: Math.sqrt(variance / count) };
  });
}

/** |mean − exact| ≤ 5 se: false alarm 6e-7 each. */
function expectUnbiased(estimate: { mean: number; se: number }[], exact: number[]): void {
  expect(estimate).toHaveLength(exact.length);
  estimate.forEach(({ mean, se }, i) => {
    expect(se).toBeGreaterThan(0);
    expect(Math.abs(mean - exact[i])).toBeLessThanOrEqual(5 * se);
  });
}

const particles = TraceELBO({ numParticles: 200, vectorizeParticles: true });
const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
const logNormal = (y: number, m: number): number => -0.5 * (y - m) ** 2 - 0.5 * Math.log(2 * Math.PI);

describe('score-function gradients, against enumeration (5 standard errors)', () => {
  it('of one Bernoulli choice', () => {
    const model = (): void => {
      const z = sample('z', Bernoulli(0.3));
      sample('y', Normal(tf.mul(tf.cast(z, 'float32'), 2), 1), { obs: 1.4 });
    };
    const guide = (): void => void sample('z', Bernoulli({ logits: param('t', 0.4) }));
    const logJoint = [Math.log(0.7) + logNormal(1.4, 0), Math.log(0.3) + logNormal(1.4, 2)];
    const elbo = (t: number): number =>
      sigmoid(t) * (logJoint[1] - Math.log(sigmoid(t))) + sigmoid(-t) * (logJoint[0] - Math.log(sigmoid(-t)));
    const exact = [-elbo(0.4), -(elbo(0.4 + 1e-5) - elbo(0.4 - 1e-5)) / 2e-5];
    expectUnbiased(estimates(model, guide, particles, 60), exact);
  });

  it('of choices inside a plate, with a pathwise site outside; costs of other elements are left out', () => {
    const y = [0.3, 2.2, 1.1];
    const model = (): void => {
      const mu = sample('mu', Normal(0, 1));
      plate('data', 3, () => {
        const z = sample('z', Bernoulli(0.5));
        sample('y', Normal(tf.add(mu, tf.cast(z, 'float32')), 1), { obs: y });
      });
    };
    const guide = (): void => {
      sample('mu', Normal(param('m', 0.5), 0.7));
      const logits = param('t', [-0.5, 1, 0]);
      plate('data', 3, () => void sample('z', Bernoulli({ logits })));
    };
    // E over mu of log N(y; mu + z, 1) is log N(y; m + z, 1) − s²/2.
    const elbo = ([t0, t1, t2, m]: number[]): number => {
      const s2 = 0.49;
      const prior = logNormal(0, m) - s2 / 2;
      const entropy = 0.5 * Math.log(2 * Math.PI * Math.E * s2);
      const local = [t0, t1, t2].map((t, i) =>
        [0, 1].reduce((sum, z) => {
          const q = sigmoid(z === 1 ? t : -t);
          return sum + q * (Math.log(0.5) + logNormal(y[i], m + z) - s2 / 2 - Math.log(q));
        }, 0),
      );
      return prior + entropy + local.reduce((a, b) => a + b, 0);
    };
    const at = [-0.5, 1, 0, 0.5];
    const slope = (i: number): number =>
      -(elbo(at.with(i, at[i] + 1e-5)) - elbo(at.with(i, at[i] - 1e-5))) / 2e-5;
    // Parameters are in the order of the guide: m first.
    expectUnbiased(estimates(model, guide, particles, 60), [
      -elbo(at),
      slope(3),
      slope(0),
      slope(1),
      slope(2),
    ]);
  });

  it('of a categorical choice in a subsampled plate, scaled to the whole', () => {
    const model = (): void =>
      plate('data', { size: 6, subsampleSize: 2 }, () => void sample('z', Categorical([0.2, 0.3, 0.5])));
    const guide = (): void => {
      const logits = param('t', [0.1, 0.2, -0.3]);
      plate('data', { size: 6, subsampleSize: 2 }, () => void sample('z', Categorical({ logits })));
    };
    const elbo = (t: number[]): number => {
      const norm = Math.log(t.reduce((s, v) => s + Math.exp(v), 0));
      return 6 * t.reduce((s, v, k) => s + Math.exp(v - norm) * (Math.log([0.2, 0.3, 0.5][k]) - v + norm), 0);
    };
    const at = [0.1, 0.2, -0.3];
    const slopes = at.map((v, i) => -(elbo(at.with(i, v + 1e-5)) - elbo(at.with(i, v - 1e-5))) / 2e-5);
    expectUnbiased(estimates(model, guide, particles, 60), [-elbo(at), ...slopes]);
  });

  it('of a normal whose path is switched off: same gradient as with it', () => {
    const model = (): void => {
      const z = sample('z', Normal(0, 1));
      sample('y', Normal(z, 1), { obs: 1 });
    };
    const make = (hasPath: boolean) => (): void => {
      const scale = param('s', 0.8, { constraint: constraints.positive });
      sample('z', Normal(param('m', 0.2), scale).hasRsample_(hasPath));
    };
    // ELBO = −½[(m² + s²) + ((1 − m)² + s²)] + log s + const.
    const gradient = [-(-2 * 0.64 + 1), -(-0.2 + 0.8)];
    for (const hasPath of [true, false]) {
      const [, ...slopes] = estimates(model, make(hasPath), particles, 60);
      expectUnbiased(slopes, gradient);
    }
  });
});

describe('TraceELBO', () => {
  const model = (): void => {
    const z = sample('z', Normal(0, 1));
    plate('data', { size: 12, subsampleSize: 3 }, () => void sample('y', Normal(z, 1), { obs: 0.5 }));
    factor('f', tf.mul(z, 2));
  };
  const guide = (): void => void sample('z', Normal(param('m', 0.3), 0.5));

  it('scales subsampled observations to the whole and counts factors', () => {
    const expected =
      -0.5 * (0.09 + 0.25) -
      0.5 * Math.log(2 * Math.PI) +
      12 * (logNormal(0.5, 0.3) - 0.125) +
      0.6 +
      0.5 * Math.log(2 * Math.PI * Math.E * 0.25);
    const [loss] = estimates(model, guide, particles, 40);
    expectUnbiased([loss], [-expected]);
  });

  it('with many particles is the mean over their keys', () => {
    const problem = {
      key: keyFromSeed(3),
      model: handlers.substitute(model, { data: {} }),
      guide,
      args: [] as [],
      identity: model,
    };
    const read = (elbo: Elbo): number => scoped(() => elbo.loss(problem).dataSync()[0]);
    expect(read(TraceELBO({ numParticles: 3 }))).not.toBe(read(TraceELBO()));
    expect(read(TraceELBO({ numParticles: 3 }))).toBe(read(TraceELBO({ numParticles: 3 })));
  });
});

describe('TraceMeanFieldELBO', () => {
  const model = (): void => {
    const z = sample('z', Normal(1, 2));
    const r = sample('r', Gamma(2, 3));
    sample('y', Normal(z, r), { obs: 0.5 });
  };
  const guide = (): void => {
    sample('z', Normal(param('m', 0.3), param('s', 0.5, { constraint: constraints.positive })));
    sample('r', Gamma(param('a', 3, { constraint: constraints.positive }), 2));
  };

  it('has the value and gradient of TraceELBO, with less noise', () => {
    const closed = estimates(
      model,
      guide,
      TraceMeanFieldELBO({ numParticles: 200, vectorizeParticles: true }),
      40,
    );
    const sampled = estimates(model, guide, particles, 40);
    closed.forEach((estimate, i) => {
      const se = Math.hypot(estimate.se, sampled[i].se);
      expect(Math.abs(estimate.mean - sampled[i].mean)).toBeLessThanOrEqual(5 * se);
    });
    expect(closed[0].se).toBeLessThan(sampled[0].se);
  });

  it('is exact where everything has a closed form', () => {
    const prior = (): void => void sample('z', Normal(1, 2));
    const q = (): void => void sample('z', Normal(param('m', 0.3), 0.5));
    const loss = SVI({ model: prior, guide: q, optim: Adam(), loss: TraceMeanFieldELBO() });
    const kl = Math.log(2 / 0.5) + (0.25 + 0.49) / 8 - 0.5;
    expectClose(loss.evaluate(loss.init(0)), kl, { rel: 1e-14 });
  });

  it('refuses choices without a path', () => {
    const discrete = (): void => void sample('z', Bernoulli({ logits: param('t', 0) }));
    const svi = SVI({ model: discrete, guide: discrete, optim: Adam(), loss: TraceMeanFieldELBO() });
    expect(() => svi.update(svi.init(0))).toThrow(
      /site 'z': TraceMeanFieldELBO needs draws that carry gradients[\s\S]*TraceELBO/,
    );
  });
});
