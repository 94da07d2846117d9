/** A distribution made of one other: what is the same as the base's unless a wrapper says otherwise. */
import type { RandomKey, Shape, TensorLike, tf } from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import type { Constraint } from '../constraints/constraint';
import type { Distribution, DrawWithIntermediates, SampleOptions } from '../distribution';

export abstract class Wrapper extends BaseDistribution {
  readonly eventShape: Shape;

  constructor(
    readonly family: string,
    readonly baseDist: Distribution,
    readonly batchShape: Shape,
    eventShape: Shape = baseDist.eventShape,
  ) {
    super();
    this.eventShape = eventShape;
  }

  /** The same wrapper around another base. */
  protected abstract rewrap(base: Distribution): Distribution;

  get support(): Constraint {
    return this.baseDist.support;
  }
  get params(): Readonly<Record<string, tf.Tensor>> {
    return this.baseDist.params;
  }
  get validateArgs(): boolean {
    return this.baseDist.validateArgs;
  }
  protected get hasPath(): boolean {
    return this.baseDist.hasRsample;
  }
  override get hasEnumerateSupport(): boolean {
    return this.baseDist.hasEnumerateSupport;
  }
  validate(): void {
    this.baseDist.validate();
  }
  withValidateArgs(validateArgs: boolean): Distribution {
    return this.rewrap(this.baseDist.withValidateArgs(validateArgs));
  }
  override hasRsample_(hasRsample: boolean): Distribution {
    return this.rewrap(this.baseDist.hasRsample_(hasRsample));
  }

  protected draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    return drawFrom(this.baseDist, sampleShape, { key });
  }
  override sampleWithIntermediates(
    sampleShape: Shape = [],
    options: SampleOptions = {},
  ): DrawWithIntermediates {
    return this.baseDist.sampleWithIntermediates(sampleShape, options);
  }

  override get mean(): tf.Tensor {
    return this.baseDist.mean;
  }
  override get variance(): tf.Tensor {
    return this.baseDist.variance;
  }
  override get mode(): tf.Tensor {
    return this.baseDist.mode;
  }
  override entropy(): tf.Tensor {
    return this.baseDist.entropy();
  }
  override cdf(value: TensorLike): tf.Tensor {
    return this.baseDist.cdf(value);
  }
  override logCdf(value: TensorLike): tf.Tensor {
    return this.baseDist.logCdf(value);
  }
  override logSurvival(value: TensorLike): tf.Tensor {
    return this.baseDist.logSurvival(value);
  }
  override icdf(p: TensorLike): tf.Tensor {
    return this.baseDist.icdf(p);
  }
}

/** A draw with a path where there is one. */
export function drawFrom(base: Distribution, sampleShape: Shape, options: SampleOptions): tf.Tensor {
  return base.hasRsample ? base.rsample(sampleShape, options) : base.sample(sampleShape, options);
}
