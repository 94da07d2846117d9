/** Behaviour that all distributions share, in terms of the few members that differ. */
import {
  formatShape,
  defaultGenerator,
  lift,
  stopGradient,
  tf,
  type RandomKey,
  type Shape,
  type TensorLike,
} from '@pyro-ts/ops';
import type { Constraint } from './constraints/constraint';
import {
  distributionBrand,
  type Distribution,
  type DrawWithIntermediates,
  type Intermediates,
  type SampleOptions,
  type ScoreParts,
} from './distribution';
import { ShapeError, UnsupportedError } from './errors';
import { withinSupport } from './family/settings';
import { sameShape, tryBroadcast } from './family/shapes';

/** Filled in by the wrappers' own files, which extend this class and so cannot be imported here. */
export interface Wrappers {
  independent: (base: Distribution, ndims: number) => Distribution;
  expanded: (base: Distribution, batchShape: Shape) => Distribution;
  masked: (base: Distribution, mask: TensorLike) => Distribution;
}

export const wrappers = {} as Wrappers;

export abstract class BaseDistribution implements Distribution {
  readonly [distributionBrand] = true as const;
  abstract readonly family: string;
  abstract readonly batchShape: Shape;
  abstract readonly eventShape: Shape;
  abstract readonly support: Constraint;
  abstract readonly params: Readonly<Record<string, tf.Tensor>>;
  abstract readonly validateArgs: boolean;
  /** Whether `draw` is differentiable in the parameters. */
  protected abstract readonly hasPath: boolean;
  protected readonly pathOverride: boolean | undefined = undefined;

  /** A draw of shape(sampleShape), with a gradient if `hasPath`. */
  protected abstract draw(sampleShape: Shape, key: RandomKey): tf.Tensor;
  abstract logProb(value: TensorLike, intermediates?: Intermediates): tf.Tensor;
  abstract validate(): void;
  abstract withValidateArgs(validateArgs: boolean): Distribution;
  abstract toString(): string;

  get eventDim(): number {
    return this.eventShape.length;
  }
  get isDiscrete(): boolean {
    return this.support.isDiscrete;
  }
  get hasRsample(): boolean {
    return this.pathOverride ?? this.hasPath;
  }
  get hasEnumerateSupport(): boolean {
    return false;
  }

  shape(sampleShape: Shape = []): Shape {
    return [...sampleShape, ...this.batchShape, ...this.eventShape];
  }

  sample(sampleShape: Shape = [], options: SampleOptions = {}): tf.Tensor {
    return tf.tidy(() => {
      const value = this.draw(sampleShape, options.key ?? defaultGenerator.next());
      return this.isDiscrete ? value : stopGradient(value);
    });
  }

  rsample(sampleShape: Shape = [], options: SampleOptions = {}): tf.Tensor {
    if (!this.hasRsample) {
      throw new UnsupportedError(
        `${this.toString()} has no pathwise sampler (hasRsample is false)`,
        'use sample(), or a score-function or enumerating estimator.',
      );
    }
    return tf.tidy(() => this.draw(sampleShape, options.key ?? defaultGenerator.next()));
  }

  sampleWithIntermediates(sampleShape: Shape = [], options: SampleOptions = {}): DrawWithIntermediates {
    const value = this.hasRsample ? this.rsample(sampleShape, options) : this.sample(sampleShape, options);
    return { value, intermediates: undefined };
  }

  scoreParts(value: TensorLike): ScoreParts {
    const logProb = this.logProb(value);
    const zero = lift(0);
    return this.hasRsample
      ? { logProb, scoreFunction: zero, entropyTerm: logProb }
      : { logProb, scoreFunction: logProb, entropyTerm: zero };
  }

  get mean(): tf.Tensor {
    return this.unsupported('mean');
  }
  get variance(): tf.Tensor {
    return this.unsupported('variance');
  }
  get mode(): tf.Tensor {
    return this.unsupported('mode');
  }
  get stddev(): tf.Tensor {
    return tf.tidy(() => tf.sqrt(this.variance));
  }
  entropy(): tf.Tensor {
    return this.unsupported('entropy');
  }
  perplexity(): tf.Tensor {
    return tf.tidy(() => tf.exp(this.entropy()));
  }
  cdf(value: TensorLike): tf.Tensor {
    void value;
    return this.unsupported('cdf');
  }
  logCdf(value: TensorLike): tf.Tensor {
    return tf.tidy(() => tf.log(this.cdf(value)));
  }
  logSurvival(value: TensorLike): tf.Tensor {
    return tf.tidy(() => tf.log1p(tf.neg(this.cdf(value))));
  }
  icdf(p: TensorLike): tf.Tensor {
    void p;
    return this.unsupported('icdf');
  }
  enumerateSupport(options?: { expand?: boolean }): tf.Tensor {
    void options;
    return this.unsupported('enumerateSupport');
  }
  supportLogProb(): tf.Tensor {
    return tf.tidy(() => {
      const values = tf.cast(this.enumerateSupport({ expand: false }), 'float32');
      return withinSupport(values, () => this.withValidateArgs(false).logProb(values));
    });
  }

  expand(batchShape: Shape): Distribution {
    if (sameShape(batchShape, this.batchShape)) return this;
    this.checkExpansion(batchShape);
    return wrappers.expanded(this, batchShape);
  }

  expandBy(sampleShape: Shape): Distribution {
    return this.expand([...sampleShape, ...this.batchShape]);
  }

  toEvent(n: number = this.batchShape.length): Distribution {
    if (n === 0) return this;
    if (n > 0 && n <= this.batchShape.length) return wrappers.independent(this, n);
    throw new ShapeError(
      n < 0
        ? `${this.toString()} has no batch dimensions in its event to give back, but toEvent(${n}) was asked for`
        : `toEvent(${n}) of ${this.toString()}, whose batch shape is ${formatShape(this.batchShape)}`,
      n < 0
        ? 'a negative n undoes an earlier toEvent.'
        : `pass at most ${this.batchShape.length}, or expand first: .expand([…]).toEvent(${n}).`,
    );
  }

  mask(mask: TensorLike): Distribution {
    return wrappers.masked(this, mask);
  }

  hasRsample_(hasRsample: boolean): Distribution {
    if (hasRsample && !this.hasPath) {
      throw new UnsupportedError(
        `${this.toString()} has no pathwise sampler to switch on`,
        'leave hasRsample false for this distribution.',
      );
    }
    return this.with({ pathOverride: hasRsample });
  }

  /** A copy with some fields changed. */
  protected with(changes: object): this {
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    return Object.assign(copy, this, changes);
  }

  /** @throws {ShapeError} unless the batch shape broadcasts to `batchShape` */
  protected checkExpansion(batchShape: Shape): void {
    const joint = tryBroadcast(this.batchShape, batchShape);
    if (joint !== undefined && sameShape(joint, batchShape)) return;
    throw new ShapeError(
      `${this.toString()} with batch shape ${formatShape(this.batchShape)} does not expand to ${formatShape(batchShape)}`,
      'each dimension, counted from the right, must be 1 or equal; new dimensions go on the left.',
    );
  }

  protected unsupported(what: string): never {
    throw new UnsupportedError(
      `${what} of ${this.toString()} is not available in closed form`,
      'estimate it from samples, or use a family that has it.',
    );
  }
}
