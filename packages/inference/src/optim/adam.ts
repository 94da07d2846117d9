/** Adam and its variants. Source: Kingma & Ba (2015), arXiv:1412.6980; weight decay: Loshchilov & Hutter (2019). */
import { lift, tf } from '@pyro-ts/ops';
import {
  defineOptimizer,
  rateAt,
  type LearningRate,
  type Optimizer,
  type Options,
  type Rule,
  type RuleInput,
} from './optimizer';

export interface AdamOptions {
  /** Default 1e-3, the paper's. */
  readonly learningRate?: LearningRate;
  /** Decay of the averages of gradient and squared gradient; default [0.9, 0.999], the paper's. */
  readonly betas?: readonly [number, number];
  /** Default 1e-8, the paper's. */
  readonly epsilon?: number;
  /** Pull towards 0. Adam adds it to the gradient, AdamW to the step. Default 0. */
  readonly weightDecay?: number;
}

const defaults: Required<AdamOptions> = {
  learningRate: 1e-3,
  betas: [0.9, 0.999],
  epsilon: 1e-8,
  weightDecay: 0,
};

/** What a step needs besides: the rate over the correction of the mean, and the root of the square's correction. */
function corrections(
  { betas: [b1, b2] }: Required<AdamOptions>,
  rate: number,
  step: number,
): [number, number] {
  return [rate / (1 - b1 ** (step + 1)), 1 / Math.sqrt(1 - b2 ** (step + 1))];
}

/** How far to move for a gradient; also the new averages. */
function adamMove(
  { betas: [b1, b2], epsilon }: Required<AdamOptions>,
  gradient: tf.Tensor,
  { slots, numbers: [rate, scale] }: RuleInput,
): { readonly move: tf.Tensor; readonly slots: RuleInput['slots'] } {
  const mean = tf.add(tf.mul(slots['mean'], lift(b1)), tf.mul(gradient, lift(1 - b1)));
  const square = tf.add(tf.mul(slots['square'], lift(b2)), tf.mul(tf.square(gradient), lift(1 - b2)));
  const root = tf.add(tf.mul(tf.sqrt(square), scale), lift(epsilon));
  return { move: tf.div(tf.mul(mean, rate), root), slots: { mean, square } };
}

/** The gradient with the pull towards 0. */
const decayed = (gradient: tf.Tensor, value: tf.Tensor, weightDecay: number): tf.Tensor =>
  weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(value, lift(weightDecay)));

const adam: Rule<AdamOptions> = {
  name: 'Adam',
  defaults,
  slots: ['mean', 'square'],
  numbers: (options, step) => corrections(options, rateAt(options.learningRate, step), step),
  apply(options, at) {
    const { move, slots } = adamMove(options, decayed(at.gradient, at.value, options.weightDecay), at);
    return { value: tf.sub(at.value, move), slots };
  },
};

const adamW: Rule<AdamOptions> = {
  ...adam,
  name: 'AdamW',
  numbers(options, step) {
    const rate = rateAt(options.learningRate, step);
    return [...corrections(options, rate, step), 1 - rate * options.weightDecay];
  },
  apply(options, at) {
    const { move, slots } = adamMove(options, at.gradient, at);
    return { value: tf.sub(tf.mul(at.value, at.numbers[2]), move), slots };
  },
};

/** Adam: steps of about the learning rate, whatever the scale of the gradient. */
export const Adam = (options: Options<AdamOptions> = {}): Optimizer => defineOptimizer(adam, options);

/** Adam with decoupled weight decay (default 0.01). */
export const AdamW = (options: Options<AdamOptions> = {}): Optimizer =>
  defineOptimizer({ ...adamW, defaults: { ...defaults, weightDecay: 0.01 } }, options);

export interface ClippedAdamOptions extends AdamOptions {
  /** Gradient entries are clipped to [−clipNorm, clipNorm]. Default 10, Pyro's. */
  readonly clipNorm?: number;
  /** The learning rate is multiplied by this at every step. Default 1. */
  readonly lrd?: number;
}

const clippedAdam: Rule<ClippedAdamOptions> = {
  name: 'ClippedAdam',
  defaults: { ...defaults, clipNorm: 10, lrd: 1 },
  slots: adam.slots,
  numbers: (options, step) =>
    corrections(options, rateAt(options.learningRate, step) * options.lrd ** (step + 1), step),
  apply(options, at) {
    const { clipNorm, weightDecay } = options;
    const clipped = tf.maximum(tf.minimum(at.gradient, lift(clipNorm)), lift(-clipNorm));
    const { move, slots } = adamMove(options, decayed(clipped, at.value, weightDecay), at);
    return { value: tf.sub(at.value, move), slots };
  },
};

/** Adam with clipped gradients and a learning rate that decays at every step; Pyro's. */
export const ClippedAdam = (options: Options<ClippedAdamOptions> = {}): Optimizer =>
  defineOptimizer(clippedAdam, options);
