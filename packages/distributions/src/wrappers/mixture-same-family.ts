/** A finite mixture whose components are one batched distribution. */
import {
  formatShape,
  foldIn,
  isConcrete,
  lift,
  logsumexp,
  tf,
  type RandomKey,
  type Shape,
  type TensorLike,
} from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import type { Constraint } from '../constraints/constraint';
import type { Distribution } from '../distribution';
import { ArgumentError, ShapeError } from '../errors';
import { firstFalse, outsideSupport } from '../family/check';
import { defineFactory } from '../family/factory';
import { distribution } from '../family/params';
import { logProbShape, tryBroadcast } from '../family/shapes';
import { broadcastTo, unsqueezeRight } from './axes';
import { overComponents, unionOverComponents, weighted } from './mixture-support';

class Mixture extends BaseDistribution {
  readonly family = 'MixtureSameFamily';
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  protected readonly hasPath = false;
  private readonly components: Distribution;

  constructor(
    readonly mixingDistribution: Distribution,
    readonly componentDistribution: Distribution,
  ) {
    super();
    const { batchShape, eventShape } = shapesOf(mixingDistribution, componentDistribution);
    this.batchShape = batchShape;
    this.eventShape = eventShape;
    // Values are checked against the union of the supports, below.
    this.components = componentDistribution.withValidateArgs(false);
  }

  get validateArgs(): boolean {
    return this.componentDistribution.validateArgs;
  }
  get params(): Readonly<Record<string, tf.Tensor>> {
    const { mixingDistribution, componentDistribution } = this;
    const entries = Object.entries({ mixingDistribution, componentDistribution }).flatMap(([part, dist]) =>
      Object.entries(dist.params).map(([name, x]) => [`${part}.${name}`, x] as const),
    );
    return Object.fromEntries(entries);
  }
  get support(): Constraint {
    return unionOverComponents(this.componentDistribution.support);
  }
  validate(): void {
    this.mixingDistribution.validate();
    this.componentDistribution.validate();
  }
  withValidateArgs(validateArgs: boolean): Distribution {
    return new Mixture(this.mixingDistribution, this.componentDistribution.withValidateArgs(validateArgs));
  }

  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const x = lift(value, 'float32');
      const shape = logProbShape(this, x.shape, this.batchShape, this.eventShape);
      const full = broadcastTo(x, [...shape, ...this.eventShape]);
      this.checkValue(full);
      const perComponent = this.components.logProb(this.withAxis(full));
      return logsumexp(weighted(perComponent, this.logWeights()), -1);
    });
  }

  override get mean(): tf.Tensor {
    return tf.tidy(() => this.average(this.components.mean));
  }
  /** Var = E[Var | k] + Var[E | k] */
  override get variance(): tf.Tensor {
    return tf.tidy(() => {
      const { mean } = this.components;
      const centred = tf.sub(mean, this.withAxis(this.average(mean)));
      return this.average(tf.add(this.components.variance, tf.square(centred)));
    });
  }
  override cdf(value: TensorLike): tf.Tensor {
    return tf.tidy(() => this.average(this.components.cdf(this.withAxis(lift(value, 'float32')))));
  }
  override logCdf(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const perComponent = this.components.logCdf(this.withAxis(lift(value, 'float32')));
      return logsumexp(weighted(perComponent, this.logWeights()), -1);
    });
  }
  override logSurvival(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const perComponent = this.components.logSurvival(this.withAxis(lift(value, 'float32')));
      return logsumexp(weighted(perComponent, this.logWeights()), -1);
    });
  }
  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    const count = this.componentDistribution.batchShape.at(-1) ?? 1;
    return new Mixture(
      this.mixingDistribution.expand(batchShape),
      this.componentDistribution.expand([...batchShape, count]),
    );
  }
  override toString(): string {
    return `MixtureSameFamily(${this.mixingDistribution.toString()}, ${this.componentDistribution.toString()})`;
  }

  /** Draws from every component and keeps the chosen one. */
  protected draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    const count = this.componentDistribution.batchShape.at(-1) ?? 1;
    const mixing = this.mixingDistribution.expand(this.batchShape);
    const components = this.components.expand([...this.batchShape, count]);
    const chosen = tf.cast(mixing.sample(sampleShape, { key: foldIn(key, 'mixing') }), 'int32');
    const draws = components.sample(sampleShape, { key: foldIn(key, 'components') });
    const isChosen = tf.equal(tf.expandDims(chosen, -1), tf.range(0, count, 1, 'int32'));
    const kept = tf.where(unsqueezeRight(isChosen, this.eventDim), draws, tf.zerosLike(draws));
    return tf.cast(overComponents(kept, this.eventDim), draws.dtype);
  }

  private withAxis(x: tf.Tensor): tf.Tensor {
    return tf.expandDims(x, x.rank - this.eventDim);
  }

  /** Normalised, shape [...batch, count]: the mixing distribution's log density at each of its values. */
  private logWeights(): tf.Tensor {
    const mixing = this.mixingDistribution.withValidateArgs(false);
    const byComponent = mixing.logProb(mixing.enumerateSupport({ expand: false }));
    return tf.transpose(byComponent, [...Array.from({ length: byComponent.rank - 1 }, (_, i) => i + 1), 0]);
  }

  /** Weighted mean over the component axis of a tensor [...batch, count, ...event]. */
  private average(x: tf.Tensor): tf.Tensor {
    return overComponents(tf.mul(unsqueezeRight(tf.exp(this.logWeights()), this.eventDim), x), this.eventDim);
  }

  private checkValue(x: tf.Tensor): void {
    if (!this.validateArgs || !isConcrete(x)) return;
    const { support } = this;
    const ok = support.check(x);
    if (!isConcrete(ok)) return;
    const bad = firstFalse(ok);
    if (bad >= 0) throw outsideSupport(this.toString(), x, bad, support);
  }
}

function shapesOf(mixing: Distribution, components: Distribution): { batchShape: Shape; eventShape: Shape } {
  const count = components.batchShape.at(-1);
  const batchShape = tryBroadcast(mixing.batchShape, components.batchShape.slice(0, -1));
  const weights = tf.tidy(() => mixing.enumerateSupport({ expand: false }).shape[0]);
  if (count === weights && batchShape !== undefined) return { batchShape, eventShape: components.eventShape };
  throw new ShapeError(
    `components of a mixture are the rightmost batch dim of ${components.toString()}, whose batch shape is ${formatShape(components.batchShape)}; ` +
      `${mixing.toString()} has ${weights} weights and batch shape ${formatShape(mixing.batchShape)}, which must match that dim and those left of it`,
    'give the components parameters of shape [...batch, count] and the weights shape [...batch, count].',
  );
}

/** Σ wₖ pₖ(x): weights from a categorical `mixingDistribution`, components along the rightmost batch dim. */
export const MixtureSameFamily = defineFactory({
  name: 'MixtureSameFamily',
  description: 'A finite mixture with components of one family; the assignment is summed out.',
  source: 'McLachlan & Peel, Finite Mixture Models (2000): log p(x) = logsumexp(log w + log p(x | k)).',
  params: [distribution('mixingDistribution'), distribution('componentDistribution')],
  make: ({ mixingDistribution, componentDistribution }) => {
    const mixing = mixingDistribution as Distribution;
    if (mixing.hasEnumerateSupport && mixing.eventDim === 0) {
      return new Mixture(mixing, componentDistribution as Distribution);
    }
    throw new ArgumentError(
      `mixingDistribution must list its values 0 … count − 1, got ${mixing.toString()}`,
      'pass Categorical({ probs }) or Categorical({ logits }).',
    );
  },
  inferShapes: ({ mixingDistribution, componentDistribution }) =>
    shapesOf(mixingDistribution as Distribution, componentDistribution as Distribution),
});
