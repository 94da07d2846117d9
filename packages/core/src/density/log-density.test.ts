import { Bernoulli, Beta, Categorical, constraints, ImproperUniform, Normal } from '@pyro-ts/distributions';
import { tf, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { handlers, plate, sample } from '../index';
import { logDensity, potentialEnergy } from './log-density';
import { logLikelihood } from './log-likelihood';
import { unconstrainModel } from './unconstrained-model';

const logNormal = (x: number, loc: number, scale: number): number =>
  -0.5 * ((x - loc) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);

const model = (y: readonly number[]): void => {
  const mu = sample('mu', Normal(0, 5));
  const sigma = sample('sigma', ImproperUniform(constraints.positive, [], []));
  plate('data', y.length, () => sample('y', Normal(mu, sigma), { obs: [...y] }));
};
const y = [1, 2, -0.5];
const nd = (values: number[], shape: number[]): NdArray => ({
  data: Float64Array.from(values),
  shape,
  dtype: 'float32',
});

describe('logDensity', () => {
  it('is the log joint at constrained values, with the trace of the run', () => {
    tf.tidy(() => {
      const { logJoint, trace } = logDensity(model, [y], { mu: 0.3, sigma: 2 });
      const expected = logNormal(0.3, 0, 5) + y.reduce((sum, v) => sum + logNormal(v, 0.3, 2), 0);
      expectClose(logJoint.dataSync()[0], expected, { rel: 1e-14 });
      expect([...trace.sites.keys()]).toEqual(['mu', 'sigma', 'data', 'y'].filter((s) => trace.sites.has(s)));
      expectClose(trace.data('sigma').data, [2]);
    });
  });
});

describe('potentialEnergy', () => {
  it('is minus the log joint and the log Jacobian at unconstrained values', () => {
    tf.tidy(() => {
      const joint = logDensity(model, [y], { mu: 0.3, sigma: 2 }).logJoint.dataSync()[0];
      const energy = potentialEnergy(model, [y], { mu: 0.3, sigma: Math.log(2) });
      expectClose(energy.dataSync()[0], -(joint + Math.log(2)), { rel: 1e-14 });
    });
  });

  it('names a site without a value', () => {
    expect(() => potentialEnergy(model, [y], { mu: 0.3 })).toThrow(/at site 'sigma': no value/);
  });
});

describe('logLikelihood', () => {
  const samples = { mu: nd([0, 1, 2, 3], [4]), sigma: nd([1, 2, 1, 2], [4]) };

  it('has one row for each draw and one column for each observation', () => {
    const { y: pointwise, ...others } = logLikelihood(model, samples, [y]);
    expect(others).toEqual({});
    expect(pointwise.shape).toEqual([4, 3]);
    const expected = [0, 1, 2, 3].flatMap((mu, i) => y.map((v) => logNormal(v, mu, samples.sigma.data[i])));
    expectClose(pointwise.data, expected, { rel: 1e-14 });
  });

  it('keeps chains apart when the samples do, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const grouped = { mu: { ...samples.mu, shape: [2, 2] }, sigma: { ...samples.sigma, shape: [2, 2] } };
    const byChain = logLikelihood(model, grouped, [y], { batchNdims: 2 });
    expect(byChain['y'].shape).toEqual([2, 2, 3]);
    expect(byChain['y'].data).toEqual(logLikelihood(model, samples, [y])['y'].data);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('models that gradients cannot move', () => {
  it('all discrete latent sites are named, with what to do', () => {
    const mixture = (): void => {
      const p = sample('p', Beta(1, 1));
      sample('k', Categorical({ probs: [0.5, 0.5] }));
      plate('data', 3, () => sample('z', Bernoulli({ probs: p })));
    };
    expect(() => unconstrainModel(mixture, [])).toThrow(
      /2 latent sites are discrete.*'k' \(Categorical\), 'z' \(Bernoulli\)[\s\S]*Fix: sum them out/,
    );
  });

  it('observed discrete sites are welcome, and so are latent parts of a masked observation', () => {
    const observed = (): void => {
      const p = sample('p', Beta(2, 2));
      plate('data', 3, () => sample('z', Bernoulli({ probs: p }), { obs: [1, 0, 1] }));
    };
    expect(unconstrainModel(observed, []).dim).toBe(1);
    const partly = (): void => {
      plate('data', 3, () => sample('x', Normal(0, 1), { obs: [1, 0, 7], obsMask: [true, true, false] }));
    };
    const density = unconstrainModel(partly, []);
    expect(density.sites.map((site) => [site.name, site.size])).toEqual([['x_unobserved', 3]]);
    // The two slots that were observed are free under a mask; the third has its prior.
    const total = (q: number[]): number =>
      density.terms(Float64Array.from(q)).reduce((sum, { logProb }) => sum + logProb, 0);
    expectClose(total([0.1, 0.2, 2]) - total([5, 6, 2]), 0, { abs: 1e-14 });
    expectClose(total([0.1, 0.2, 2]) - total([0.1, 0.2, 0]), -2, { rel: 1e-14 });
  });

  it('a conditioned or substituted site is not latent', () => {
    const two = (): void => {
      sample('a', Normal(0, 1));
      sample('b', Normal(0, 1));
    };
    for (const handle of [handlers.condition, handlers.substitute]) {
      expect(unconstrainModel(handle(two, { data: { a: 1 } }), []).sites.map((s) => s.name)).toEqual(['b']);
    }
  });
});
