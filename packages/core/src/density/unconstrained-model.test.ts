import {
  constraints,
  Delta,
  ImproperUniform,
  Normal,
  type Constraint,
  type Distribution,
} from '@pyro-ts/distributions';
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { deterministic, factor, handlers, param, plate, sample } from '../index';
import { unconstrainModel } from './unconstrained-model';

const flat = (support: Constraint, shape: number[] = []): Distribution => ImproperUniform(support, [], shape);

const logNormal = (x: number, loc: number, scale: number): number =>
  -0.5 * ((x - loc) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);

/** y ~ Normal(mu, sigma), mu ~ Normal(0, 5), sigma flat on (0, ∞). */
function scaleModel(y: TensorLike): tf.Tensor {
  const mu = sample('mu', Normal(0, 5));
  const sigma = sample('sigma', flat(constraints.positive));
  deterministic('precision', tf.div(1, tf.square(sigma)));
  plate('data', 3, () => sample('y', Normal(mu, sigma), { obs: y }));
  return mu;
}
const observations = [1, 2.5, -0.5];

function valueAndGradient(
  f: (q: tf.Tensor) => tf.Tensor,
  q: number[],
): { value: number; gradient: number[] } {
  return tf.tidy(() => {
    const { value, grad } = tf.valueAndGrad(f as (x: tf.Tensor) => tf.Scalar)(lift(Float64Array.from(q)));
    return { value: value.dataSync()[0], gradient: [...grad.dataSync()] };
  });
}

describe('unconstrainModel', () => {
  const density = unconstrainModel(scaleModel, [observations]);

  it('lays the latent sites out in the order of the model', () => {
    expect(density.dim).toBe(2);
    expect(density.sites.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['mu', 0, 1],
      ['sigma', 1, 1],
    ]);
  });

  it('is the log joint plus log |det J|, with all constants', () => {
    const [mu, u] = [0.7, -0.4];
    const { value } = valueAndGradient(density.logDensity, [mu, u]);
    const sigma = Math.exp(u);
    const likelihood = observations.reduce((sum, y) => sum + logNormal(y, mu, sigma), 0);
    expectClose(value, logNormal(mu, 0, 5) + likelihood + u, { rel: 1e-14 });
  });

  it('has the gradient of finite differences', () => {
    const at = (q: number[]): number => valueAndGradient(density.logDensity, q).value;
    const { gradient } = valueAndGradient(density.logDensity, [0.7, -0.4]);
    const h = 1e-5;
    expectClose(gradient[0], (at([0.7 + h, -0.4]) - at([0.7 - h, -0.4])) / (2 * h), { rel: 1e-8 });
    expectClose(gradient[1], (at([0.7, -0.4 + h]) - at([0.7, -0.4 - h])) / (2 * h), { rel: 1e-8 });
  });

  it('gives the terms of the density by site, adding up to it', () => {
    const terms = density.terms(Float64Array.of(0.7, -0.4));
    expect(terms.map((term) => term.site)).toEqual(['mu', 'sigma', 'y']);
    expectClose(terms[1].logJacobian, -0.4);
    const total = terms.reduce((sum, term) => sum + term.logProb + term.logJacobian, 0);
    expectClose(total, valueAndGradient(density.logDensity, [0.7, -0.4]).value, { rel: 1e-14 });
  });

  it('constrains, and unconstrains back', () => {
    const q = Float64Array.of(1.5, -2);
    const values = density.constrain(q);
    expectClose(values['sigma'].data, [Math.exp(-2)]);
    expect(values['sigma'].shape).toEqual([]);
    expectClose(density.unconstrain(values), q, { rel: 1e-15 });
  });

  it('postprocess adds deterministic sites', () => {
    const values = density.postprocess(Float64Array.of(0, Math.log(2)));
    expectClose(values['precision'].data, [0.25]);
    expect(Object.keys(values)).toEqual(['mu', 'sigma', 'precision']);
  });

  it('sitesAt gives the sites of postprocess as tensors', () => {
    const q = Float64Array.of(0.1, 0.2);
    const expected = density.postprocess(q);
    const sites = density.sitesAt(lift(q));
    expect(Object.keys(sites)).toEqual(Object.keys(expected));
    for (const name of Object.keys(sites))
      expectClose(sites[name].dataSync(), expected[name].data, { rel: 1e-15 });
  });

  it('constrainMany leaves models with deterministic sites to the caller', () => {
    expect(density.constrainMany(Float64Array.of(0.1, 0.2))).toBeUndefined();
  });

  it('does not let an under- or overflowing scale throw: the density is not finite there', () => {
    for (const u of [-800, 800]) {
      expect(Number.isFinite(valueAndGradient(density.logDensity, [0, u]).value)).toBe(false);
    }
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const made = unconstrainModel(scaleModel, [observations]);
    const q = Float64Array.of(0, 0);
    made.constrainMany(Float64Array.of(0, 0, 1, 1));
    made.unconstrain(made.constrain(q));
    made.terms(q);
    expect(() => made.constrain(Float64Array.of(1))).toThrow();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('sites of all shapes', () => {
  it('vectors in plates, ordered vectors and simplices have the sizes of their unconstrained space', () => {
    const model = (): void => {
      plate('groups', 2, () => {
        sample('theta', flat(constraints.simplex, [3]));
      });
      sample('cuts', flat(constraints.orderedVector, [4]));
    };
    const density = unconstrainModel(model, []);
    expect(density.sites.map(({ unconstrainedShape, shape }) => [unconstrainedShape, shape])).toEqual([
      [
        [2, 2],
        [2, 3],
      ],
      [[4], [4]],
    ]);
    const points = Float64Array.from({ length: 2 * density.dim }, (_, i) => Math.sin(i));
    const values = density.constrainMany(points) ?? {};
    expect(values['theta'].shape).toEqual([2, 2, 3]);
    expectClose(
      [...values['theta'].data.slice(0, 3)].reduce((a, b) => a + b),
      1,
      { rel: 1e-15 },
    );
    expect(values['cuts'].shape).toEqual([2, 4]);
    const second = density.constrain(points.subarray(density.dim));
    expectClose(values['cuts'].data.slice(4), second['cuts'].data, { rel: 1e-15 });
  });

  it('supports may depend on other sites: the transform is made anew at every point', () => {
    const model = (): void => {
      const a = sample('a', flat(constraints.unitInterval));
      sample('b', flat(constraints.interval(0, tf.sub(1, a))));
    };
    const density = unconstrainModel(model, []);
    expect(density.sites.map((site) => site.isStatic)).toEqual([true, false]);
    const q = Float64Array.of(1.2, -0.3);
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
    const a = sigmoid(1.2);
    expectClose(density.constrain(q)['b'].data, [(1 - a) * sigmoid(-0.3)], { rel: 1e-14 });
    expect(density.constrainMany(q)).toBeUndefined();
    expectClose(density.unconstrain(density.constrain(q)), q, { rel: 1e-13 });
    const jacobian = Math.log(a * (1 - a)) + Math.log((1 - a) * sigmoid(-0.3) * sigmoid(0.3));
    expectClose(valueAndGradient(density.logDensity, [...q]).value, jacobian, { rel: 1e-13 });
  });

  it('factors count, scales and masks apply to the density but not to the Jacobian', () => {
    const model = (): void => {
      const x = sample('x', Normal(0, 1));
      sample('s', flat(constraints.positive));
      factor('penalty', tf.neg(tf.square(x)));
    };
    const scaled = handlers.scale(model, { scale: 3 });
    const plain = valueAndGradient(unconstrainModel(scaled, []).logDensity, [0.5, 0.9]).value;
    expectClose(plain, 3 * (logNormal(0.5, 0, 1) - 0.25) + 0.9, { rel: 1e-14 });
    const masked = handlers.mask(model, { mask: false });
    expectClose(valueAndGradient(unconstrainModel(masked, []).logDensity, [0.5, 0.9]).value, 0.9);
  });

  it('param sites keep their initial value, or the one given', () => {
    const model = (): void => {
      sample('x', Normal(param('loc', 1), 1));
    };
    const value = (params?: Record<string, number>): number =>
      valueAndGradient(unconstrainModel(model, [], { params }).logDensity, [0]).value;
    expectClose([value(), value({ loc: 3 })], [logNormal(0, 1, 1), logNormal(0, 3, 1)]);
  });

  it('a sequential plate is as good as a vectorised one', () => {
    const vector = (): void => void plate('n', 3, () => void sample('x', Normal(1, 2)));
    const loop = (): void => {
      for (const i of plate('n', 3)) sample(`x_${i}`, Normal(1, 2));
    };
    const q = [0.1, -2, 3];
    const [a, b] = [vector, loop].map((model) => valueAndGradient(unconstrainModel(model, []).logDensity, q));
    expectClose([b.value, ...b.gradient], [a.value, ...a.gradient], { rel: 1e-15 });
  });
});

describe('what a density cannot have', () => {
  it('a plate that draws a subsample', () => {
    const model = (): void => {
      const x = sample('x', Normal(0, 1));
      plate('batch', { size: 10, subsampleSize: 3 }, () => void sample('y', Normal(x, 1), { obs: 0 }));
    };
    expect(() => unconstrainModel(model, [])).toThrow(
      /at site 'batch': the plate draws 3 of 10 elements anew.*\n {2}Fix: take the whole plate/,
    );
  });

  it('no latent sites', () => {
    const model = (): void => void sample('y', Normal(0, 1), { obs: 0 });
    expect(() => unconstrainModel(model, [])).toThrow(/no latent sites.*\n {2}Fix: leave obs out/);
  });

  it('sites that come and go', () => {
    let runs = 0;
    const model = (): void => {
      sample('x', Normal(0, 1));
      if (runs++ > 0) sample('late', Normal(0, 1));
    };
    const density = unconstrainModel(model, []);
    expect(() => density.constrain(Float64Array.of(0))).toThrow(
      /'late': the site was not there in the first run/,
    );
  });

  it('values for unconstrain that are missing, with the shape to give', () => {
    const density = unconstrainModel(scaleModel, [observations]);
    expect(() => density.unconstrain({ mu: 1 })).toThrow(
      /at site 'sigma': no value.*\n.*shape \[\] in `.*positive/,
    );
  });

  it('points of another length', () => {
    const density = unconstrainModel(scaleModel, [observations]);
    expect(() => density.constrain(Float64Array.of(1, 2, 3))).toThrow(
      /length 3.*mu, sigma have 2 coordinates/,
    );
  });
});

describe('a latent point mass', () => {
  it('has no density but at its value: the terms show which site it is', () => {
    const density = unconstrainModel(() => void sample('x', Delta(1)), []);
    expect(density.terms(Float64Array.of(0.5))).toEqual([
      { site: 'x', logProb: -Infinity, logJacobian: 0, offender: '0.5' },
    ]);
  });
});
