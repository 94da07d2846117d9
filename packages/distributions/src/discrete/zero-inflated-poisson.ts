import { foldIn, lift, logaddexp, random, softplus, tf } from '@pyro-ts/ops';
import { nonnegative, nonnegativeInteger, real, unitInterval } from '../constraints';
import { defineFamily, oneOf, param } from '../family';
import { logPoissonMass } from '../numerics/gamma-density';

interface View {
  readonly rate: tf.Tensor;
  readonly gate: tf.Tensor;
  readonly gateLogits: tf.Tensor;
  readonly given: (name: 'gate' | 'gateLogits') => boolean;
}

const logGate = (p: View): tf.Tensor =>
  p.given('gateLogits') ? tf.neg(softplus(tf.neg(p.gateLogits))) : tf.log(p.gate);
const logOpen = (p: View): tf.Tensor =>
  p.given('gateLogits') ? tf.neg(softplus(p.gateLogits)) : tf.log1p(tf.neg(p.gate));
const open = (p: View): tf.Tensor =>
  p.given('gateLogits') ? tf.sigmoid(tf.neg(p.gateLogits)) : tf.sub(1, p.gate);

/** A Poisson count, replaced by 0 with probability `gate`. */
export const ZeroInflatedPoisson = defineFamily({
  name: 'ZeroInflatedPoisson',
  description: 'Poisson count, replaced by 0 with probability gate.',
  source: 'Lambert, "Zero-inflated Poisson regression" (1992).',
  params: [
    param('rate', nonnegative, { guard: true }),
    oneOf(param('gate', unitInterval, { guard: true }), param('gateLogits', real)),
  ],
  derive: {
    gate: ({ gateLogits }) => tf.sigmoid(gateLogits),
    gateLogits: ({ gate }) => tf.sub(tf.log(gate), tf.log1p(tf.neg(gate))),
  },
  support: nonnegativeInteger,
  infinityIsOutside: true,
  sample: (p, { key, shape }) => {
    const isOpen = random.bernoulli(foldIn(key, 'gate'), open(p), shape);
    return tf.mul(isOpen, random.poisson(foldIn(key, 'count'), p.rate, shape));
  },
  logProb: (p, x) => {
    const isZero = tf.equal(x, 0);
    const counts = tf.add(logOpen(p), logPoissonMass(tf.where(isZero, lift(1), x), p.rate));
    return tf.where(isZero, logaddexp(logGate(p), tf.sub(logOpen(p), p.rate)), counts);
  },
  mean: (p) => tf.mul(open(p), p.rate),
  variance: (p) => tf.mul(tf.mul(open(p), p.rate), tf.add(1, tf.mul(p.gate, p.rate))),
});
