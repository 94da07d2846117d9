import { betaln, diagPart, foldIn, lgamma, lift, random, softplus, tf } from '@pyro-ts/ops';
import { corrCholesky, positive } from '../constraints';
import { lowerMask } from '../constraints/parts';
import { ArgumentError } from '../errors';
import { defaulted, defineFamily, setting, type Draw } from '../family';

interface View {
  readonly dim: number;
  readonly concentration: tf.Tensor;
}

/** f(1), …, f(dim − 1): one value for each row of the factor but the first. */
const rows = ({ dim }: View, f: (row: number) => number): tf.Tensor =>
  lift(Float64Array.from({ length: dim - 1 }, (_, i) => f(i + 1)));

/** log of the integral of Π Lᵢᵢ^(2(η − 1) + d − 1 − i): Σ_j log B(α − j/2, j/2) − log Γ(j/2) + ½ log π-terms, α = η + (d − 1)/2. */
function logNormalizer(p: View): tf.Tensor {
  const alpha = tf.expandDims(tf.add(p.concentration, (p.dim - 1) / 2), -1);
  const half = rows(p, (j) => j / 2);
  const each = tf.sub(betaln(tf.sub(alpha, half), half), lgamma(half));
  const powersOfPi = 0.25 * (p.dim - 1) * p.dim * Math.log(Math.PI);
  return tf.add(tf.sum(each, -1), powersOfPi);
}

/** Parameters of the squared length yᵢ of row i before its diagonal entry: Beta(i/2, η + (d − 1 − i)/2). */
function lengthLaw(p: View): readonly [tf.Tensor, tf.Tensor] {
  const eta = tf.expandDims(p.concentration, -1);
  return [
    rows(p, (i) => i / 2),
    tf.add(
      eta,
      rows(p, (i) => (p.dim - 1 - i) / 2),
    ),
  ];
}

/** A matrix [..., d, d] with `ends` on the diagonal of rows 1 … d − 1 and `insides` in each entry before it. */
function assemble(p: View, first: number, insides: tf.Tensor, ends: tf.Tensor): tf.Tensor {
  const pads = ends.shape.slice(0, -1).map((): [number, number] => [0, 0]);
  const lower = tf.pad(insides, [...pads, [1, 0], [0, 1]]);
  const diagonals = tf.pad(ends, [...pads, [1, 0]], first);
  return tf.add(lower, tf.mul(tf.expandDims(diagonals, -1), tf.eye(p.dim)));
}

/** E √(1 − yᵢ) on the diagonal; the entries before it are symmetric about 0. */
function meanDiagonal(p: View): tf.Tensor {
  const [a, b] = lengthLaw(p);
  return tf.exp(tf.sub(betaln(a, tf.add(b, 0.5)), betaln(a, b)));
}

function mean(p: View): tf.Tensor {
  const ends = meanDiagonal(p);
  return assemble(p, 1, tf.zeros([...ends.shape, p.dim - 1]), ends);
}

/** E yᵢ is shared by the i entries before the diagonal; E (1 − yᵢ) is the second moment of the diagonal. */
function variance(p: View): tf.Tensor {
  const [a, b] = lengthLaw(p);
  const total = tf.add(a, b);
  const each = tf.div(
    tf.div(a, total),
    rows(p, (i) => i),
  );
  const insides = tf.mul(tf.expandDims(each, -1), lowerMask(p.dim - 1));
  return assemble(p, 0, insides, tf.sub(tf.div(b, total), tf.square(meanDiagonal(p))));
}

function logProb(p: View, x: tf.Tensor): tf.Tensor {
  const eta = tf.expandDims(p.concentration, -1);
  const exponents = tf.add(
    tf.mul(tf.sub(eta, 1), 2),
    rows(p, (i) => p.dim - 1 - i),
  );
  const all = diagPart(x);
  const below = tf.slice(
    all,
    [...all.shape.slice(0, -1).map(() => 0), 1],
    [...all.shape.slice(0, -1), p.dim - 1],
  );
  return tf.sub(tf.sum(tf.mul(exponents, tf.log(below)), -1), logNormalizer(p));
}

/**
 * Row i is (√y · direction, √(1 − y)) with y ~ Beta(i/2, η + (d − 1 − i)/2) and a uniform direction: the onion method.
 * Both roots come from the logarithms of y and 1 − y, so that the diagonal does not vanish by rounding.
 */
function rsample(p: View, { key, sampleShape, batchShape }: Draw): tf.Tensor {
  const count = p.dim - 1;
  const lead = [...sampleShape, ...batchShape];
  const [a, b] = lengthLaw(p);
  const u = random.logGamma(foldIn(key, 'inside'), a, [...lead, count]);
  const logOdds = tf.sub(u, random.logGamma(foldIn(key, 'diagonal'), b, [...lead, count]));
  const radius = tf.exp(tf.mul(softplus(tf.neg(logOdds)), -0.5));
  const ends = tf.exp(tf.mul(softplus(logOdds), -0.5));
  const normals = tf.mul(random.normal(foldIn(key, 'direction'), [...lead, count, count]), lowerMask(count));
  const length = tf.sqrt(tf.sum(tf.square(normals), -1, true));
  return assemble(p, 1, tf.mul(tf.div(normals, length), tf.expandDims(radius, -1)), ends);
}

/** Cholesky factors of correlation matrices, with density ∝ det^(concentration − 1) for the matrix. */
export const LKJCholesky = defineFamily({
  name: 'LKJCholesky',
  description:
    'Cholesky factors of dim × dim correlation matrices whose density is ∝ det^(concentration − 1).',
  source: 'Lewandowski, Kurowicka & Joe, "Generating random correlation matrices" (2009), section 3.2.',
  params: [setting<number>()('dim'), defaulted('concentration', positive, 1, { guard: true })],
  support: corrCholesky,
  eventShape: ({ dim }) => {
    if (Number.isInteger(dim) && dim >= 2) return [dim, dim];
    throw new ArgumentError(
      `parameter 'dim' of LKJCholesky must be an integer ≥ 2, got ${String(dim)}`,
      'pass the number of rows of the correlation matrix: LKJCholesky(3, 1).',
    );
  },
  rsample,
  logProb,
  mean,
  variance,
});
