/** `lift`: turns parameters into random variables. */
import { isDistribution, type Distribution } from '@pyro-ts/distributions';
import {
  describeValue,
  checkOptions,
  formatShape,
  keyFromSeed,
  lift as toTensor,
  tf,
  type Shape,
} from '@pyro-ts/ops';
import { HandlerError, ShapeError } from '../errors';
import type { Message, ParamInit, ParamMessage, SampleMessage } from '../messages/message';
import type { Model } from '../model';
import { broadcastShapes, sameShape } from '../shapes/batch';
import { withHandler } from '../stack/handler';
import { rollCall } from './roll-call';

export type Prior = Distribution | ((message: ParamMessage) => Distribution | undefined);

export interface LiftOptions {
  /** One prior for all parameters, priors by name, or a function of the parameter. */
  readonly prior: Prior | Readonly<Record<string, Distribution>>;
  /** Names in `prior` that the model does not have are an error unless this is set. */
  readonly allowUnknown?: boolean | undefined;
}

/**
 * A parameter with a prior becomes a sample site of that name, one variable shared by all elements of the plates around.
 * @throws {UnknownSiteError} after a run that had no parameter of a given name
 */
export function lift<Args extends unknown[], R>(model: Model<Args, R>, options: LiftOptions): Model<Args, R> {
  const { prior, allowUnknown = false } = checkOptions('handlers.lift', options, {
    prior: 'required',
    allowUnknown: 'optional',
  });
  if (typeof prior !== 'function' && (typeof prior !== 'object' || prior === null)) {
    throw new HandlerError({
      problem: `lift: prior must be a distribution, a record of them, or a function of the parameter; it is ${describeValue(prior)}`,
      fix: 'write one: { prior: dist.Normal(0, 1) }, or { prior: { name: dist.Normal(0, 1) } }.',
    });
  }
  const byName = typeof prior === 'function' || isDistribution(prior) ? undefined : prior;
  const names = allowUnknown ? [] : Object.keys(byName ?? {});
  const priorOf = (message: ParamMessage): Distribution | undefined => {
    if (isDistribution(prior)) return prior;
    return typeof prior === 'function' ? prior(message) : byName?.[message.name];
  };
  return withHandler(model, () => {
    const roll = rollCall('lift', 'param', names);
    return {
      process(message: Message) {
        roll.meet(message);
        if (message.kind !== 'param') return;
        const fn = priorOf(message);
        return fn === undefined ? undefined : asSample(message, fn);
      },
      exit: () => roll.close(),
    };
  });
}

function asSample(message: ParamMessage, fn: Distribution): SampleMessage {
  const { name, value, infer, key, stop } = message;
  return {
    kind: 'sample',
    name,
    fn: inShapeOf(message, fn),
    value,
    isObserved: false,
    scale: 1,
    mask: true,
    condIndepStack: [],
    infer,
    key,
    stop,
  };
}

/** The prior, independent over the elements of the parameter, as one event. */
function inShapeOf({ name, init, value }: ParamMessage, fn: Distribution): Distribution {
  const shape = value?.shape ?? shapeOf(init);
  if (shape === undefined) return fn;
  const batchRank = shape.length - fn.eventDim;
  const expanded = broadcastShapes(fn.shape(), shape);
  if (expanded === undefined || !sameShape(expanded, shape)) {
    throw new ShapeError({
      site: name,
      problem: `lift: the parameter has shape ${formatShape(shape)}; its prior ${fn.toString()} has shape ${formatShape(fn.shape())}`,
      fix: 'give a prior that broadcasts to the shape of the parameter.',
    });
  }
  return fn.expand(shape.slice(0, batchRank)).toEvent(batchRank);
}

/** Of an initial value that is drawn, only the shape is wanted: any key will do. */
function shapeOf(init: ParamInit | undefined): Shape | undefined {
  if (init === undefined) return undefined;
  let shape: Shape = [];
  tf.tidy(() => void (shape = toTensor(typeof init === 'function' ? init(keyFromSeed(0)) : init).shape));
  return shape;
}
