/** Models whose priors can be drawn from by hand, for simulation-based calibration. */
import { plate, sample } from '@pyro-ts/core';
import {
  bijectTo,
  constraints,
  Dirichlet,
  HalfNormal,
  Multinomial,
  Normal,
  type Distribution,
} from '@pyro-ts/distributions';
import { lift, scoped, tf } from '@pyro-ts/ops';
import type { RandomSource } from '../src/random/random-source';

export interface CalibratedModel {
  readonly name: string;
  readonly dim: number;
  readonly observations: number;
  /** Transitions from draw to draw: ranks are uniform only among draws that are nearly independent. */
  readonly thinning: number;
  /** As a user writes it. */
  readonly model: (y: readonly number[]) => void;
  /** Log density at q in unconstrained space given y, of the same distributions: what is compiled once for all data. */
  readonly logDensity: (q: tf.Tensor, y: tf.Tensor) => tf.Tensor;
  /** A draw of the unconstrained latents from the prior, and of data given them. */
  readonly draw: (random: RandomSource) => { readonly truth: number[]; readonly y: number[] };
}

const logProb = (fn: Distribution, value: tf.Tensor): tf.Tensor => tf.sum(fn.logProb(value));
const part = (q: tf.Tensor, from: number, count: number): tf.Tensor => tf.slice(q, [from], [count]);
const entry = (q: tf.Tensor, i: number): tf.Tensor => tf.reshape(part(q, i, 1), []);

const groups = 4;

/** mu ~ N(0, 1), tau ~ N⁺(0, 1), z_j ~ N(0, 1), y_j ~ N(mu + tau z_j, 0.7). */
const hierarchy: CalibratedModel = {
  name: 'a hierarchy',
  dim: groups + 2,
  observations: groups,
  thinning: 4,
  model(y) {
    const mu = sample('mu', Normal(0, 1));
    const tau = sample('tau', HalfNormal(1));
    plate('groups', groups, () => {
      const z = sample('z', Normal(0, 1));
      sample('y', Normal(tf.add(mu, tf.mul(tau, z)), 0.7), { obs: [...y] });
    });
  },
  logDensity(q, y) {
    const [mu, logTau, z] = [entry(q, 0), entry(q, 1), part(q, 2, groups)];
    const tau = tf.exp(logTau);
    return tf.addN([
      logProb(Normal(0, 1), mu),
      logProb(HalfNormal(1), tau),
      logTau,
      logProb(Normal(0, 1), z),
      logProb(Normal(tf.add(mu, tf.mul(tau, z)), 0.7), y),
    ]);
  },
  draw(random) {
    const [mu, logTau] = [random.normal(), Math.log(Math.abs(random.normal()))];
    const z = Array.from({ length: groups }, () => random.normal());
    return { truth: [mu, logTau, ...z], y: z.map((x) => mu + Math.exp(logTau) * x + 0.7 * random.normal()) };
  },
};

const categories = 4;
const trials = 12;

/** p ~ Dirichlet(1, 1, 1, 1), y ~ Multinomial(12, p). */
const simplex: CalibratedModel = {
  name: 'a simplex',
  dim: categories - 1,
  observations: categories,
  thinning: 4,
  model(y) {
    const p = sample('p', Dirichlet(new Float64Array(categories).fill(1)));
    sample('y', Multinomial({ totalCount: trials, probs: p }), { obs: [...y] });
  },
  logDensity(q, y) {
    const transform = bijectTo(constraints.simplex);
    const p = transform.call(q);
    return tf.addN([
      logProb(Dirichlet(new Float64Array(categories).fill(1)), p),
      tf.sum(transform.logAbsDetJacobian(q, p)),
      logProb(Multinomial({ totalCount: trials, probs: p }), y),
    ]);
  },
  draw(random) {
    // Exponentials over their sum are uniform on the simplex.
    const weights = Array.from({ length: categories }, () => -Math.log(random.uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    const p = weights.map((w) => w / sum);
    const y = new Array<number>(categories).fill(0);
    for (let i = 0; i < trials; i++) {
      let rest = random.uniform();
      let k = 0;
      while (k < categories - 1 && (rest -= p[k]) > 0) k++;
      y[k]++;
    }
    const truth = scoped(() => [...bijectTo(constraints.simplex).inverse(lift(p)).dataSync()]);
    return { truth, y };
  },
};

const lines = 3;
const x = Float64Array.from({ length: 8 }, (_, i) => 4.6 + 0.1 * i);

/** Heights of the lines at x, [lines, 8]. */
const heights = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.add(tf.reshape(a, [lines, 1]), tf.mul(tf.reshape(b, [lines, 1]), lift(x)));

/** a_k, b_k ~ N(0, 1), y_ki ~ N(a_k + b_k x_i, 0.3), x far from 0: a_k and b_k are correlated by −0.99 given y. */
const collinear: CalibratedModel = {
  name: 'regressions far from the origin, correlation −0.99',
  dim: 2 * lines,
  observations: lines * x.length,
  thinning: 16,
  model(y) {
    const [a, b] = plate('lines', lines, () => [sample('a', Normal(0, 1)), sample('b', Normal(0, 1))]);
    const obs = tf.reshape(lift([...y]), [lines, x.length]);
    sample('y', Normal(heights(a, b), 0.3).toEvent(2), { obs });
  },
  logDensity(q, y) {
    const [a, b] = [part(q, 0, lines), part(q, lines, lines)];
    return tf.addN([
      logProb(Normal(0, 1), a),
      logProb(Normal(0, 1), b),
      logProb(Normal(heights(a, b), 0.3), tf.reshape(y, [lines, x.length])),
    ]);
  },
  draw(random) {
    const normals = (n: number): number[] => Array.from({ length: n }, () => random.normal());
    const [a, b] = [normals(lines), normals(lines)];
    const y = a.flatMap((at, k) => [...x].map((height) => at + b[k] * height + 0.3 * random.normal()));
    return { truth: [...a, ...b], y };
  },
};

export const calibratedModels = [hierarchy, simplex, collinear];
