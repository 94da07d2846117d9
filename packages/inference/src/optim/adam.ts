/** Adam and its variants. Source: Kingma & Ba (2015), arXiv:1412.6980; weight decay: Loshchilov & Hutter (2019). */
import {
  defineOptimizer,
  rateAt,
  type LearningRate,
  type Optimizer,
  type Options,
  type Rule,
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

/** The step of one entry for a gradient; also updates the averages. */
function adamStep(
  { betas, epsilon }: Required<AdamOptions>,
  step: number,
  slots: Readonly<Record<string, Float64Array>>,
): (gradient: number, index: number) => number {
  const [b1, b2] = betas;
  const { mean, square } = slots;
  const unbias1 = 1 - b1 ** (step + 1);
  const unbias2 = 1 - b2 ** (step + 1);
  return (gradient, i) => {
    mean[i] = b1 * mean[i] + (1 - b1) * gradient;
    square[i] = b2 * square[i] + (1 - b2) * gradient * gradient;
    return mean[i] / unbias1 / (Math.sqrt(square[i] / unbias2) + epsilon);
  };
}

const adam: Rule<AdamOptions> = {
  name: 'Adam',
  defaults,
  slots: ['mean', 'square'],
  prepare(options, step, slots) {
    const rate = rateAt(options.learningRate, step);
    const move = adamStep(options, step, slots);
    return (value, gradient, i) => value - rate * move(gradient + options.weightDecay * value, i);
  },
};

const adamW: Rule<AdamOptions> = {
  ...adam,
  name: 'AdamW',
  prepare(options, step, slots) {
    const rate = rateAt(options.learningRate, step);
    const move = adamStep(options, step, slots);
    return (value, gradient, i) => value * (1 - rate * options.weightDecay) - rate * move(gradient, i);
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
  prepare(options, step, slots) {
    const rate = rateAt(options.learningRate, step) * options.lrd ** (step + 1);
    const move = adamStep(options, step, slots);
    const { clipNorm, weightDecay } = options;
    return (value, gradient, i) => {
      const clipped = Math.max(-clipNorm, Math.min(clipNorm, gradient));
      return value - rate * move(clipped + weightDecay * value, i);
    };
  },
};

/** Adam with clipped gradients and a learning rate that decays at every step; Pyro's. */
export const ClippedAdam = (options: Options<ClippedAdamOptions> = {}): Optimizer =>
  defineOptimizer(clippedAdam, options);
