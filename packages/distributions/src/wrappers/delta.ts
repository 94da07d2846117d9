/** A point mass. */
import { lift, tf, type Shape, type TensorLike } from '@pyro-ts/ops';
import { BaseDistribution } from '../base';
import { independent, real, type Constraint } from '../constraints';
import type { Distribution } from '../distribution';
import { defineFactory } from '../family/factory';
import { describeHeld, heldShape, holdTensor, type Held } from '../family/held';
import { defaulted, param, setting } from '../family/params';
import { broadcastBatch, logProbShape } from '../family/shapes';
import { hasNaN } from '../family/substitute';
import { broadcastTo, lastAxes } from './axes';

function shapesOf(v: Shape, logDensity: Shape, eventDim: number): { batchShape: Shape; eventShape: Shape } {
  const batchShape = broadcastBatch('Delta', [
    { name: 'v', shape: v, eventDim },
    { name: 'logDensity', shape: logDensity, eventDim: 0 },
  ]);
  return { batchShape, eventShape: v.slice(v.length - eventDim) };
}

class DeltaDistribution extends BaseDistribution {
  readonly family = 'Delta';
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  readonly validateArgs = false;
  protected readonly hasPath = true;

  constructor(
    private readonly heldV: Held,
    private readonly heldLogDensity: Held,
    eventDim: number,
  ) {
    super();
    const { batchShape, eventShape } = shapesOf(heldShape(heldV), heldShape(heldLogDensity), eventDim);
    this.batchShape = batchShape;
    this.eventShape = eventShape;
  }

  get v(): tf.Tensor {
    return lift(this.heldV);
  }
  get logDensity(): tf.Tensor {
    return lift(this.heldLogDensity, 'float32');
  }
  get params(): Readonly<Record<string, tf.Tensor>> {
    return { v: this.v, logDensity: this.logDensity };
  }
  get support(): Constraint {
    return independent(real, this.eventDim);
  }
  validate(): void {
    // Every number is a legal parameter.
  }
  withValidateArgs(): Distribution {
    return this;
  }

  protected draw(sampleShape: Shape): tf.Tensor {
    return broadcastTo(this.v, this.shape(sampleShape));
  }

  logProb(value: TensorLike): tf.Tensor {
    return tf.tidy(() => {
      const x = lift(value, 'float32');
      const shape = logProbShape(this, x.shape, this.batchShape, this.eventShape);
      const v = lift(this.v, 'float32');
      const axes = lastAxes(this.eventDim);
      const all = (flags: tf.Tensor): tf.Tensor => (axes.length === 0 ? flags : tf.all(flags, axes));
      const elsewhere = tf.where(
        hasNaN(tf.add(x, tf.zerosLike(v)), this.eventDim),
        lift(NaN),
        lift(-Infinity),
      );
      return broadcastTo(tf.where(all(tf.equal(x, v)), this.logDensity, elsewhere), shape);
    });
  }

  override get mean(): tf.Tensor {
    return tf.tidy(() => broadcastTo(lift(this.v, 'float32'), this.shape()));
  }
  override get mode(): tf.Tensor {
    return this.mean;
  }
  override get variance(): tf.Tensor {
    return tf.zeros([...this.shape()]);
  }
  override entropy(): tf.Tensor {
    return tf.tidy(() => broadcastTo(tf.neg(this.logDensity), this.batchShape));
  }
  override toString(): string {
    const event = this.eventDim === 0 ? '' : `, eventDim: ${this.eventDim}`;
    return `Delta(v: ${describeHeld(this.heldV)}, logDensity: ${describeHeld(this.heldLogDensity)}${event})`;
  }
}

/** All mass at `v`, where the log density is `logDensity`; the rightmost `eventDim` dims of `v` are one value. */
export const Delta = defineFactory({
  name: 'Delta',
  description: 'All mass at one value.',
  source: 'Definition.',
  params: [param('v', real), defaulted('logDensity', real, 0), setting<number>(0)('eventDim')],
  make: ({ v, logDensity, eventDim }) =>
    new DeltaDistribution(
      holdTensor('Delta', 'v', v),
      holdTensor('Delta', 'logDensity', logDensity),
      eventDim as number,
    ) as Distribution & { readonly v: tf.Tensor; readonly logDensity: tf.Tensor },
  inferShapes: ({ v, logDensity, eventDim }) =>
    shapesOf(v as Shape, (logDensity as Shape | undefined) ?? [], (eventDim as number | undefined) ?? 0),
});
