/** The flat, unnormalised prior on a set. */
import { formatShape, isConcrete, lift, tf, type Shape, type TensorLike } from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import { independent } from '../constraints/composite';
import type { Constraint } from '../constraints/constraint';
import type { Distribution } from '../distribution';
import { ShapeError, UnsupportedError } from '../errors';
import type { FamilyOptions } from '../family/arguments';
import { firstFalse, outsideSupport } from '../family/check';
import { defineFactory } from '../family/factory';
import { setting } from '../family/params';
import { validationEnabled } from '../family/settings';
import { logProbShape } from '../family/shapes';
import { hasNaN } from '../family/substitute';

class ImproperUniformDistribution extends BaseDistribution {
  readonly family = 'ImproperUniform';
  readonly params = {};
  readonly support: Constraint;
  readonly validateArgs: boolean;
  protected readonly hasPath = false;

  constructor(
    private readonly constraint: Constraint,
    readonly batchShape: Shape,
    readonly eventShape: Shape,
    options: FamilyOptions,
  ) {
    super();
    if (constraint.eventDim > eventShape.length) {
      throw new ShapeError(
        `ImproperUniform over \`${constraint.toString()}\` has event shape ${formatShape(eventShape)}, but its values have ${constraint.eventDim} dim(s)`,
        'pass the shape of one value as eventShape.',
      );
    }
    this.support = independent(constraint, eventShape.length - constraint.eventDim);
    this.validateArgs = options.validateArgs ?? validationEnabled();
  }

  validate(): void {
    // No numeric parameters.
  }
  withValidateArgs(validateArgs: boolean): Distribution {
    return this.with({ validateArgs });
  }
  protected draw(): tf.Tensor {
    throw new UnsupportedError(
      `${this.toString()} is not a probability distribution and cannot be sampled`,
      'observe it, give a value by substitute or initialisation, or use a proper prior.',
    );
  }

  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const x = lift(value, 'float32');
      const shape = logProbShape(this, x.shape, this.batchShape, this.eventShape);
      const inside = this.support.check(x);
      if (this.validateArgs && isConcrete(inside)) {
        const bad = firstFalse(inside);
        if (bad >= 0) throw outsideSupport(this.toString(), x, bad, this.support);
      }
      const outside = tf.where(hasNaN(x, this.eventDim), lift(NaN), lift(-Infinity));
      const density = tf.where(inside, lift(0), outside);
      return tf.add(tf.zeros([...shape]), density);
    });
  }
  override expand(batchShape: Shape): Distribution {
    this.checkExpansion(batchShape);
    return this.with({ batchShape: [...batchShape] });
  }
  override toString(): string {
    const { batchShape, eventShape } = this;
    return `ImproperUniform(${this.constraint.toString()}, batchShape: ${formatShape(batchShape)}, eventShape: ${formatShape(eventShape)})`;
  }
}

/** Log density 0 on `support`, −∞ elsewhere. It cannot be sampled. */
export const ImproperUniform = defineFactory({
  name: 'ImproperUniform',
  description: 'Flat, unnormalised prior on a set.',
  source: 'Definition.',
  params: [
    setting<Constraint>()('support'),
    setting<Shape>([])('batchShape'),
    setting<Shape>([])('eventShape'),
  ],
  make: (values, options): Distribution =>
    new ImproperUniformDistribution(
      values['support'] as Constraint,
      values['batchShape'] as Shape,
      values['eventShape'] as Shape,
      options,
    ),
  inferShapes: ({ batchShape, eventShape }) => ({
    batchShape: (batchShape as Shape | undefined) ?? [],
    eventShape: (eventShape as Shape | undefined) ?? [],
  }),
});
