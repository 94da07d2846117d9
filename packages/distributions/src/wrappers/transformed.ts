/** The law of y = f(x) for x from a base distribution and a chain of bijections f. */
import {
  defaultGenerator,
  lift,
  stopGradient,
  tf,
  type RandomKey,
  type Shape,
  type TensorLike,
} from '@pyro-ts/ops';
import { independent } from '../constraints/composite';
import type { Constraint } from '../constraints/constraint';
import type { Distribution, DrawWithIntermediates, Intermediates, SampleOptions } from '../distribution';
import { ArgumentError } from '../errors';
import { defineFactory } from '../family/factory';
import { distribution, setting } from '../family/params';
import { logProbShape } from '../family/shapes';
import { densityOnSupport, isUnbounded } from '../family/substitute';
import type { Transform } from '../transforms/transform';
import { broadcastTo, sumRight } from './axes';
import { drawFrom, Wrapper } from './wrapper';

/** One transform's input and output, with what it can reuse for its log-determinant. */
interface Stage {
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly intermediates?: unknown;
}

/** Event dims before the first transform: enough for every transform and for the base. */
function inputEventDim(base: Distribution, chain: readonly Transform[]): number {
  let change = 0;
  let needed = base.eventDim;
  for (const { domain, codomain } of chain) {
    needed = Math.max(needed, domain.eventDim - change);
    change += codomain.eventDim - domain.eventDim;
  }
  return needed;
}

export class Transformed extends Wrapper {
  constructor(
    base: Distribution,
    readonly transforms: readonly Transform[],
  ) {
    const eventDim = inputEventDim(base, transforms);
    const shape = tf.tidy(() => transforms.reduce((s, t) => t.forwardShape(s), base.shape()) as number[]);
    const outputEventDim = transforms.reduce((n, t) => n + t.codomain.eventDim - t.domain.eventDim, eventDim);
    const split = shape.length - outputEventDim;
    const batchShape = shape.slice(0, split);
    // Batched transforms make fresh, independent draws along their dims.
    const batchOfBase = base.shape().length - eventDim;
    const spread = [...batchShape, ...base.shape().slice(batchOfBase, base.batchShape.length)];
    const input = base.expand(spread).toEvent(eventDim - base.eventDim);
    super('TransformedDistribution', input, batchShape, shape.slice(split));
  }

  override get support(): Constraint {
    const codomain = this.transforms.at(-1)?.codomain ?? this.baseDist.support;
    return independent(codomain, Math.max(0, this.eventDim - codomain.eventDim));
  }
  override get hasEnumerateSupport(): boolean {
    return false;
  }

  protected override draw(sampleShape: Shape, key: RandomKey): tf.Tensor {
    return this.forward(drawFrom(this.baseDist, sampleShape, { key }));
  }

  override sampleWithIntermediates(
    sampleShape: Shape = [],
    options: SampleOptions = {},
  ): DrawWithIntermediates {
    const key = options.key ?? defaultGenerator.next();
    const start = this.baseDist.sampleWithIntermediates(sampleShape, { key });
    let y = this.hasRsample ? start.value : stopGradient(start.value);
    const stages = this.transforms.map((t): Stage => {
      const stage = { x: y, ...t.callWithIntermediates(y) };
      y = stage.y;
      return stage;
    });
    return { value: y, intermediates: { stages, base: start.intermediates } };
  }

  /** With intermediates of the draw no transform is inverted. */
  logProb(value: TensorLike, intermediates?: Intermediates): tf.Tensor {
    return tf.tidy(() => {
      const y = lift(value, 'float32');
      const shape = logProbShape(this, y.shape, this.batchShape, this.eventShape);
      const drawn = intermediates as { stages: readonly Stage[]; base: Intermediates } | undefined;
      if (drawn !== undefined) return this.density(shape, y, drawn.stages, drawn.base);

      const { support, eventShape } = this;
      if (isUnbounded(support)) return this.density(shape, y);
      const full = broadcastTo(y, [...shape, ...eventShape]);
      return densityOnSupport(full, support.check(full), support, eventShape, (x) => this.density(shape, x));
    });
  }

  /** Of elementwise affine maps. */
  override get mean(): tf.Tensor {
    if (!this.isAffine) return this.unsupported('mean');
    return tf.tidy(() => this.forward(this.baseDist.mean));
  }
  /** Of elementwise affine maps. */
  override get variance(): tf.Tensor {
    if (!this.isAffine) return this.unsupported('variance');
    return tf.tidy(() => {
      const { variance } = this.baseDist;
      const slope = tf.sub(this.forward(tf.onesLike(variance)), this.forward(tf.zerosLike(variance)));
      return tf.mul(tf.square(slope), variance);
    });
  }
  override get mode(): tf.Tensor {
    return this.unsupported('mode');
  }
  override entropy(): tf.Tensor {
    return this.unsupported('entropy');
  }
  /** For monotone maps of numbers. */
  override cdf(value: TensorLike): tf.Tensor {
    return this.monotone(
      (x, rising) => tf.where(rising, this.baseDist.cdf(x), tf.sub(1, this.baseDist.cdf(x))),
      value,
    );
  }
  override logCdf(value: TensorLike): tf.Tensor {
    return this.monotone(
      (x, rising) => tf.where(rising, this.baseDist.logCdf(x), this.baseDist.logSurvival(x)),
      value,
    );
  }
  override logSurvival(value: TensorLike): tf.Tensor {
    return this.monotone(
      (x, rising) => tf.where(rising, this.baseDist.logSurvival(x), this.baseDist.logCdf(x)),
      value,
    );
  }
  override icdf(p: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const q = lift(p, 'float32');
      return this.forward(this.baseDist.icdf(tf.where(this.rising(), q, tf.sub(1, q))));
    });
  }

  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    return this.rewrap(this.baseDist.expand(batchShape));
  }
  override toString(): string {
    return `TransformedDistribution(${this.baseDist.toString()}, [${this.transforms.map(String).join(', ')}])`;
  }
  protected rewrap(base: Distribution): Distribution {
    return new Transformed(base, this.transforms);
  }

  /** log p(x) − Σ log|det J|, each term summed to the batch shape. */
  private density(
    shape: Shape,
    value: tf.Tensor,
    stages?: readonly Stage[],
    base?: Intermediates,
  ): tf.Tensor {
    let y = value;
    let { eventDim } = this;
    let logDet: tf.Tensor = lift(0);
    for (let i = this.transforms.length - 1; i >= 0; i--) {
      const t = this.transforms[i];
      const stage = stages?.[i];
      const x = stage?.x ?? t.inverse(y);
      eventDim += t.domain.eventDim - t.codomain.eventDim;
      const term = t.logAbsDetJacobian(x, y, stage?.intermediates);
      logDet = tf.add(logDet, sumRight(term, eventDim - t.domain.eventDim));
      y = x;
    }
    const ofBase = this.baseDist.logProb(y, base);
    return broadcastTo(tf.sub(sumRight(ofBase, eventDim - this.baseDist.eventDim), logDet), shape);
  }

  private get isAffine(): boolean {
    return this.transforms.every((t) => t.isAffine);
  }

  private forward(x: tf.Tensor): tf.Tensor {
    return this.transforms.reduce((value, t) => t.call(value), x);
  }

  private rising(): tf.Tensor {
    const signs = this.transforms.map((t) => lift(t.sign, 'float32'));
    return tf.greater(
      signs.reduce((a, b) => tf.mul(a, b), lift(1)),
      lift(0),
    );
  }

  private monotone(f: (x: tf.Tensor, rising: tf.Tensor) => tf.Tensor, value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const x = this.transforms.reduceRight((y, t) => t.inverse(y), lift(value, 'float32'));
      return f(x, this.rising());
    });
  }
}

/** The law of f(x), x from `baseDist`, f the `transforms` one after the other. */
export const TransformedDistribution = defineFactory({
  name: 'TransformedDistribution',
  description: 'The law of a transformed draw: normalising flows, log-normal and other pushed-forward laws.',
  source: 'Change of variables: log p(y) = log p(x) − log |det ∂y/∂x|.',
  params: [distribution('baseDist'), setting<readonly Transform[] | Transform>()('transforms')],
  make: (values) => {
    const transforms = values['transforms'] as readonly Transform[] | Transform;
    const chain = Array.isArray(transforms)
      ? (transforms as readonly Transform[])
      : [transforms as Transform];
    const oneWay = chain.find((t) => !t.bijective);
    if (oneWay === undefined) return new Transformed(values['baseDist'] as Distribution, chain);
    throw new ArgumentError(
      `TransformedDistribution needs bijections; ${String(oneWay)} is none`,
      'replace it, or take a family that has its own density.',
    );
  },
  inferShapes: (values) => {
    const made = new Transformed(
      values['baseDist'] as Distribution,
      values['transforms'] as readonly Transform[],
    );
    return { batchShape: made.batchShape, eventShape: made.eventShape };
  },
});
