/** `sample`: a random choice, or an observation of one. */
import { ArgumentError, checkPostponed, isDistribution, type Distribution } from '@pyro-ts/distributions';
import { checkOptions, describeValue, lift, withLabel, type TensorLike, type tf } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import type { Infer, SampleMessage } from '../messages/message';
import { checkValueShape } from '../shapes/check-value';
import { checkWeights } from '../shapes/check-weights';
import { applyStack, defineKind } from '../stack/apply-stack';
import { checkName } from './check-name';
import { samplePartlyObserved } from './obs-mask';

export interface SampleOptions {
  /** Observed value, shape of the distribution inside its plates; a single value counts for every element. */
  readonly obs?: TensorLike | undefined;
  /** Batch-shaped: true where `obs` was observed. The other elements are latent (site `${name}_unobserved`). */
  readonly obsMask?: TensorLike | undefined;
  readonly infer?: Infer | undefined;
}

/**
 * Draws from `fn`, or scores an observation; handlers may answer instead.
 * @returns the value, shape [...plates and batch, ...event]
 * @throws {ArgumentError} if `fn` is not a distribution
 * @throws {ShapeError} if the observed value, the distribution and the plates around do not fit
 * @throws {ConstraintError} from the log density, if an observed value is outside the support
 */
export function sample(name: string, fn: Distribution, options: SampleOptions = {}): tf.Tensor {
  checkName('sample', name);
  withLabel(name, () => checkArguments(fn, options));
  const { obs, obsMask, infer = {} } = options;
  if (obsMask !== undefined) return samplePartlyObserved(name, fn, { ...options, obsMask });
  const message: SampleMessage = {
    ...blank,
    kind: 'sample',
    name,
    fn,
    value: obs === undefined ? undefined : withLabel(name, () => lift(obs)),
    isObserved: obs !== undefined,
    scale: 1,
    mask: true,
    infer,
  };
  return applyStack(message).value as tf.Tensor;
}

defineKind('sample', (message) =>
  withLabel(message.name, () => {
    checkValueShape(message);
    checkWeights(message);
    return message.value === undefined ? { ...message, value: draw(message) } : message;
  }),
);

/** Differentiable in the parameters where the distribution allows it. */
function draw({ fn, key }: SampleMessage): tf.Tensor {
  const options = key === undefined ? {} : { key };
  return fn.hasRsample ? fn.rsample([], options) : fn.sample([], options);
}

function checkArguments(fn: unknown, options: SampleOptions): void {
  if (!isDistribution(fn)) {
    throw new ArgumentError(
      `the second argument of sample must be a distribution; it is ${describeValue(fn)}`,
      'call the family with its parameters: dist.Normal(0, 1).',
    );
  }
  checkPostponed(fn);
  checkOptions('sample', options, { obs: 'optional', obsMask: 'optional', infer: 'optional' });
}
