/** Gradient descent, plain and with momentum, and its adaptive variants. */
import { lift, tf } from '@pyro-ts/ops';
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
  numbers: ({ learningRate }, step) => [rateAt(learningRate, step)],
  apply({ momentum, nesterov, weightDecay }, { value, gradient, slots, numbers: [rate] }) {
    const g = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(value, lift(weightDecay)));
    const velocity = momentum === 0 ? g : tf.add(tf.mul(slots['velocity'], lift(momentum)), g);
    const direction = nesterov ? tf.add(g, tf.mul(velocity, lift(momentum))) : velocity;
    return { value: tf.sub(value, tf.mul(direction, rate)), slots: { velocity } };
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
  numbers: ({ learningRate }, step) => [rateAt(learningRate, step)],
  apply({ epsilon }, { value, gradient, slots, numbers: [rate] }) {
    const total = tf.add(slots['total'], tf.square(gradient));
    const step = tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(total), lift(epsilon)));
    return { value: tf.sub(value, step), slots: { total } };
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
  numbers: ({ learningRate }, step) => [rateAt(learningRate, step)],
  apply({ alpha, epsilon, momentum }, { value, gradient, slots, numbers: [rate] }) {
    const square = tf.add(tf.mul(slots['square'], lift(alpha)), tf.mul(tf.square(gradient), lift(1 - alpha)));
    const scaled = tf.div(gradient, tf.add(tf.sqrt(square), lift(epsilon)));
    const velocity = momentum === 0 ? scaled : tf.add(tf.mul(slots['velocity'], lift(momentum)), scaled);
    return { value: tf.sub(value, tf.mul(velocity, rate)), slots: { square, velocity } };
  },
};

/** Gradient over its running root mean square. Source: Hinton, Coursera lecture 6e (2012). */
export const RMSProp = (options: Options<RMSPropOptions> = {}): Optimizer =>
  defineOptimizer(rmsProp, options);
