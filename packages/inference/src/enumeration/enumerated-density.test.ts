import {
  deterministic,
  factor,
  indexing,
  plate,
  range,
  sample,
  unconstrainModel,
  type Model,
} from '@pyro-ts/core';
import {
  Bernoulli,
  Categorical,
  Dirichlet,
  MixtureSameFamily,
  Normal,
  Uniform,
} from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { compiledLogDensity } from '../log-density/compiled-log-density';
import { eagerLogDensity, makeLogDensity } from '../log-density/model-log-density';
import { MCMC, NUTS } from '../mcmc';
import { configEnumerate } from './config-enumerate';
import { unconstrainEnumerated } from './unconstrain-enumerated';

const infer = { enumerate: 'parallel' } as const;

/** Value and gradient of a model's density at a point, with its discrete sites summed out. */
function at(model: Model<[]>, q: readonly number[], compile = eagerLogDensity): number[] {
  const density = makeLogDensity(unconstrainEnumerated(model, []).model, { compile });
  const gradient = new Float64Array(q.length);
  const value = density.valueAndGrad(Float64Array.from(q), gradient);
  density.dispose?.();
  return [value, ...gradient];
}

const data = [-1.2, 0.3, 2.1, 3.3, 2.9];

describe('a model with discrete sites', () => {
  const components = (): { weights: tf.Tensor; locs: tf.Tensor } => ({
    weights: sample('weights', Dirichlet([1, 1, 1])),
    locs: plate('components', 3, () => sample('locs', Normal(0, 5))),
  });
  const assigned = (): void => {
    const { weights, locs } = components();
    plate('data', data.length, () => {
      const z = sample('assignment', Categorical(weights));
      deterministic('center', tf.gather(locs, z));
      sample('y', Normal(tf.gather(locs, z), 1), { obs: data });
    });
    deterministic('spread', tf.sub(tf.max(locs), tf.min(locs)));
  };
  const marginal = (): void => {
    const { weights, locs } = components();
    const mixture = MixtureSameFamily(Categorical(weights), Normal(locs, 1));
    plate('data', data.length, () => sample('y', mixture, { obs: data }));
  };
  const q = [0.3, -0.4, -2, 1, 3];

  it('has the density of the mixture, whose assignments are summed out, eagerly and compiled', () => {
    const density = makeLogDensity(unconstrainModel(marginal, []));
    const gradient = new Float64Array(q.length);
    const expected = [density.valueAndGrad(Float64Array.from(q), gradient), ...gradient];
    expectClose(at(assigned, q), expected, { rel: 1e-13 });
    expectClose(at(assigned, q, compiledLogDensity()), expected, { rel: 1e-13 });
  });

  it('has no coordinates for them, and shows deterministic sites that do not depend on them', () => {
    const { model, discrete } = unconstrainEnumerated(assigned, []);
    expect(model.sites.map(({ name, shape }) => [name, shape])).toEqual([
      ['weights', [3]],
      ['locs', [3]],
    ]);
    expect(discrete.map(({ name }) => name)).toEqual(['assignment']);
    expect(Object.keys(model.postprocess(Float64Array.from(q)))).toEqual(['weights', 'locs', 'spread']);
  });

  it('has terms that add up to its density', () => {
    const { model } = unconstrainEnumerated(assigned, []);
    const sum = model
      .terms(Float64Array.from(q), { validate: true })
      .reduce((s, { logProb, logJacobian }) => s + logProb + logJacobian, 0);
    expectClose(sum, at(assigned, q)[0], { rel: 1e-14 });
  });

  it('runs under NUTS without an op evaluated one by one, with a note unless the sites are marked', async () => {
    const options = { numWarmup: 20, numSamples: 20, numChains: 1, seed: 1 };
    const result = await MCMC(NUTS(assigned, { fallback: 'error' }), options).run();
    const notes = result.warnings.filter(({ kind }) => kind === 'enumerated');
    expect(notes).toEqual([
      {
        type: 'warning',
        kind: 'enumerated',
        message:
          "discrete sites are summed out exactly and have no draws: 'assignment' (Categorical).\n" +
          "  Fix: nothing; infer: { enumerate: 'parallel' } at the sites says that it is meant. Predictive gives their draws.",
      },
    ]);
    const marked = configEnumerate(assigned);
    const again = await MCMC(NUTS(marked), options).run();
    expect(again.warnings.filter(({ kind }) => kind === 'enumerated')).toEqual([]);
    expect(again.samples['locs'].data).toEqual(result.samples['locs'].data);
  });

  it('may have continuous sites that depend on them: one value, whose density is summed', () => {
    const model = (): void => {
      const z = sample('z', Bernoulli(0.3));
      sample('x', Normal(indexing.vindex([-2, 2], [z]), 1));
    };
    const density = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
    const [value] = at(model, [0.7]);
    expectClose(value, Math.log(0.7 * density(2.7) + 0.3 * density(-1.3)), { rel: 1e-14 });
  });

  it('may have such a site outside of the plates: it is a number, not a vector of one', () => {
    const model = (): void => {
      const z = sample('z', Bernoulli(0.3), { infer });
      const mu = sample('mu', Normal(tf.where(z.equal(1), 3, -3), 1));
      plate('data', data.length, () => sample('y', Normal(mu, 1), { obs: data }));
    };
    expect(unconstrainEnumerated(model, []).model.sites.map(({ shape }) => shape)).toEqual([[]]);
    const mu = 0.7;
    const normal = (x: number, loc: number): number => -((x - loc) ** 2) / 2 - Math.log(2 * Math.PI) / 2;
    const branches = [Math.log(0.7) + normal(mu, -3), Math.log(0.3) + normal(mu, 3)];
    const prior = Math.log(branches.reduce((sum, x) => sum + Math.exp(x), 0));
    expectClose(
      at(model, [mu])[0],
      data.reduce((sum, y) => sum + normal(y, mu), prior),
      { rel: 1e-13 },
    );
  });

  it('may have branches that are impossible: the density is that of the others', () => {
    const model = (): void => {
      const x = sample('x', Normal(0, 1));
      const z = sample('z', Categorical([0, 0.5, 0.5]));
      factor('f', tf.add(indexing.vindex([0, -Infinity, 0], [z]), tf.mul(x, tf.cast(z, 'float32'))));
    };
    const [value, gradient] = at(model, [0.4]);
    expectClose(value, -0.08 - Math.log(Math.sqrt(2 * Math.PI)) + Math.log(0.5) + 0.8, { rel: 1e-14 });
    expectClose(gradient, -0.4 + 2, { rel: 1e-14 });
  });

  it('has density −∞ and no NaN in the gradient where every branch is impossible', () => {
    const model = (): void => {
      const p = sample('p', Uniform(0, 1));
      const weights = tf.mul(tf.stack([p, p, tf.sub(1, p)]), lift([0, 1, 1]));
      const z = sample('z', Categorical(weights));
      factor('f', indexing.vindex([0, -Infinity, -Infinity], [z]));
    };
    for (const compile of [eagerLogDensity, compiledLogDensity()]) {
      const [value, gradient] = at(model, [0.4], compile);
      expect(value).toBe(-Infinity);
      expect(Number.isNaN(gradient)).toBe(false);
    }
  });

  it('keeps the gradient of weights that are zero in places finite', () => {
    const model = (): void => {
      const p = sample('p', Uniform(0, 1));
      const z = sample('z', Categorical(tf.mul(tf.stack([p, p, tf.sub(1, p)]), lift([0, 1, 1]))));
      sample('y', Normal(tf.cast(z, 'float32'), 1), { obs: 1.2 });
    };
    const direct = (u: number): number => {
      const p = 1 / (1 + Math.exp(-u));
      const normal = (x: number): number => Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
      return Math.log((p * normal(0.2) + (1 - p) * normal(0.8)) * p * (1 - p));
    };
    for (const compile of [eagerLogDensity, compiledLogDensity()]) {
      const [value, gradient] = at(model, [0.4], compile);
      expectClose(value, direct(0.4), { rel: 1e-14 });
      expectClose(gradient, (direct(0.4 + 1e-6) - direct(0.4 - 1e-6)) / 2e-6, { rel: 1e-8 });
    }
  });
});

describe('no limit on ranks', () => {
  /** A chain of 30 sites, each with a dim of its own: no `markov`. */
  const chain = (): void => {
    const p = sample('p', Dirichlet([1, 1]));
    const table = tf.stack([p, tf.reverse(p)]);
    let x: tf.Tensor = lift(0, 'int32');
    for (const t of range(30)) {
      x = sample(`x${t}`, Categorical(indexing.vindex(table, [x])), { infer });
      sample(`y${t}`, Normal(indexing.vindex([-1, 1], [x]), 1), { obs: Math.sin(t) });
    }
  };

  /** The same by the forward algorithm. */
  const forward = (): void => {
    const p = sample('p', Dirichlet([1, 1]));
    const table = tf.stack([p, tf.reverse(p)]);
    let message: tf.Tensor = lift([1, 0]);
    for (const t of range(30)) {
      const likelihood = tf.exp(Normal([-1, 1], 1).logProb(Math.sin(t)));
      message = tf.mul(tf.reshape(tf.matMul(tf.reshape(message, [1, 2]), table), [2]), likelihood);
    }
    factor('likelihood', tf.log(tf.sum(message)));
  };

  /** Six plates inside each other, an enumerated site in each. */
  const nested = (): void => {
    const a = sample('a', Normal(0, 1));
    const open = (depth: number, above: tf.Tensor): void => {
      if (depth > 6) {
        sample('y', Normal(tf.cast(above, 'float32'), 1), { obs: 0.3 });
        return;
      }
      plate(`plate${depth}`, { size: 2, dim: -depth }, () => {
        const logits = tf.mul(a, indexing.vindex([-1, 1], [above]));
        open(depth + 1, sample(`z${depth}`, Bernoulli({ logits }), { infer }));
      });
    };
    open(1, lift(0, 'int32'));
  };

  /** The same, from the innermost plate outwards: f(z) = Π over two elements of Σ over the next site. */
  const nestedByHand = (): void => {
    const a = sample('a', Normal(0, 1));
    let inner = Normal([0, 1], 1).logProb(0.3);
    for (let depth = 6; depth >= 1; depth--) {
      const logits = tf.mul(a, lift([-1, 1]));
      const [no, yes] = [tf.neg(tf.softplus(logits)), tf.neg(tf.softplus(tf.neg(logits)))];
      const below = tf.split(inner, 2);
      const sum = tf.log(tf.add(tf.exp(tf.add(no, below[0])), tf.exp(tf.add(yes, below[1]))));
      inner = tf.mul(sum, 2);
    }
    factor('likelihood', tf.slice(inner, 0, 1).reshape([]));
  };

  const compilers = {
    'op by op': eagerLogDensity,
    wasm: compiledLogDensity({ executor: 'wasm' }),
    reference: compiledLogDensity({ executor: 'reference' }),
    replay: compiledLogDensity({ executor: 'replay' }),
  };
  it.each(Object.keys(compilers) as (keyof typeof compilers)[])(
    '30 enumerated sites in one chain; 6 nested ones in plates: %s',
    (name) => {
      const compile = compilers[name];
      expectClose(at(chain, [0.3], compile), at(forward, [0.3]), { rel: 1e-12 });
      expectClose(at(nested, [0.3], compile), at(nestedByHand, [0.3]), { rel: 1e-12 });
    },
  );
});
