/** The trivial distribution: one empty value with an arbitrary log factor. What `factor` observes. */
import { lift, tf, type Shape, type TensorLike } from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import { real, realVector, type Constraint } from '../constraints';
import type { Distribution } from '../distribution';
import { defineFactory } from '../family/factory';
import { describeHeld, heldShape, holdTensor, type Held } from '../family/held';
import { param, setting } from '../family/params';
import { logProbShape } from '../family/shapes';
import { broadcastTo } from './axes';

class UnitDistribution extends BaseDistribution {
  readonly family = 'Unit';
  readonly batchShape: Shape;
  readonly eventShape: Shape = [0];
  readonly validateArgs = false;

  constructor(
    private readonly held: Held,
    protected readonly hasPath: boolean,
  ) {
    super();
    this.batchShape = heldShape(held);
  }

  get logFactor(): tf.Tensor {
    return lift(this.held, 'float32');
  }
  get params(): Readonly<Record<string, tf.Tensor>> {
    return { logFactor: this.logFactor };
  }
  get support(): Constraint {
    return realVector;
  }
  validate(): void {
    // Every number is a legal factor.
  }
  withValidateArgs(): Distribution {
    return this;
  }
  protected draw(sampleShape: Shape): tf.Tensor {
    return tf.zeros([...this.shape(sampleShape)]);
  }
  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const { shape } = lift(value);
      return broadcastTo(this.logFactor, logProbShape(this, shape, this.batchShape, this.eventShape));
    });
  }
  override toString(): string {
    return `Unit(logFactor: ${describeHeld(this.held)})`;
  }
}

/** The distribution over the empty value, whose log density is `logFactor`. */
export const Unit = defineFactory({
  name: 'Unit',
  description: 'One empty value with an arbitrary, unnormalised log density.',
  source: 'Definition.',
  params: [param('logFactor', real), setting<boolean>(false)('hasRsample')],
  make: ({ logFactor, hasRsample }) =>
    new UnitDistribution(
      holdTensor('Unit', 'logFactor', logFactor),
      hasRsample as boolean,
    ) as Distribution & {
      readonly logFactor: tf.Tensor;
    },
  inferShapes: ({ logFactor }) => ({ batchShape: logFactor as Shape, eventShape: [0] }),
});
