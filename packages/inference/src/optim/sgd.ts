/** Gradient descent, plain and with momentum, and its adaptive variants. */
import {
  defineOptimizer,
  rateAt,
  type LearningRate,
  type Optimizer,
  type Options,
  type Rule,
} from './optimizer';

export interface SGDOptions {
  /** Default 1e-3. */
  readonly learningRate?: LearningRate;
  /** Share of the last velocity that is kept. Default 0. */
  readonly momentum?: number;
  /** Look ahead along the velocity (Nesterov). Default false. */
  readonly nesterov?: boolean;
  /** Pull towards 0, added to the gradient. Default 0. */
  readonly weightDecay?: number;
}

const sgd: Rule<SGDOptions> = {
  name: 'SGD',
  defaults: { learningRate: 1e-3, momentum: 0, nesterov: false, weightDecay: 0 },
  slots: ['velocity'],
  prepare({ learningRate, momentum, nesterov, weightDecay }, step, { velocity }) {
    const rate = rateAt(learningRate, step);
    return (value, gradient, i) => {
      const g = gradient + weightDecay * value;
      velocity[i] = momentum * velocity[i] + g;
      return value - rate * (nesterov ? g + momentum * velocity[i] : velocity[i]);
    };
  },
};

/** Gradient descent; velocity = momentum · velocity + gradient, as in PyTorch. */
export const SGD = (options: Options<SGDOptions> = {}): Optimizer => defineOptimizer(sgd, options);

export interface AdagradOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRate;
  /** Default 1e-10. */
  readonly epsilon?: number;
}

const adagrad: Rule<AdagradOptions> = {
  name: 'Adagrad',
  defaults: { learningRate: 0.01, epsilon: 1e-10 },
  slots: ['total'],
  prepare({ learningRate, epsilon }, step, { total }) {
    const rate = rateAt(learningRate, step);
    return (value, gradient, i) => {
      total[i] += gradient * gradient;
      return value - (rate * gradient) / (Math.sqrt(total[i]) + epsilon);
    };
  },
};

/** Steps shrink with the gradients seen so far. Source: Duchi, Hazan, Singer (2011). */
export const Adagrad = (options: Options<AdagradOptions> = {}): Optimizer =>
  defineOptimizer(adagrad, options);

export interface RMSPropOptions {
  /** Default 0.01. */
  readonly learningRate?: LearningRate;
  /** Decay of the average squared gradient. Default 0.99. */
  readonly alpha?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0. */
  readonly momentum?: number;
}

const rmsProp: Rule<RMSPropOptions> = {
  name: 'RMSProp',
  defaults: { learningRate: 0.01, alpha: 0.99, epsilon: 1e-8, momentum: 0 },
  slots: ['square', 'velocity'],
  prepare({ learningRate, alpha, epsilon, momentum }, step, { square, velocity }) {
    const rate = rateAt(learningRate, step);
    return (value, gradient, i) => {
      square[i] = alpha * square[i] + (1 - alpha) * gradient * gradient;
      velocity[i] = momentum * velocity[i] + gradient / (Math.sqrt(square[i]) + epsilon);
      return value - rate * velocity[i];
    };
  },
};

/** Gradient over its running root mean square. Source: Hinton, Coursera lecture 6e (2012). */
export const RMSProp = (options: Options<RMSPropOptions> = {}): Optimizer =>
  defineOptimizer(rmsProp, options);
