/** What an open plate does to the sites inside it. */
import { formatShape, tf } from '@pyro-ts/ops';
import { ShapeError } from '../errors';
import type { PlateFrame } from '../messages/frame';
import type { FactorMessage, Message, SampleMessage, Scale, SubsampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import { openFrames } from './allocate-dim';
import { sizeAt, withSizeAt } from '../shapes/batch';
import type { Handler } from '../stack/handler';

/** The product of two factors, kept a number where both are. */
export function multiplyScales(a: Scale, b: Scale): Scale {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  if (a === 1) return b;
  return b === 1 ? a : tf.mul(a, b);
}

/** Adds its frame; expands distributions and factors to its size; scales a subsample up to the whole. */
export function plateHandler(frame: PlateFrame, indices: tf.Tensor | undefined): Handler {
  const upscale = frame.fullSize / frame.size;
  return {
    frame,
    process(message) {
      if (message.infer.blockPlates?.includes(frame.name)) return;
      const framed = produce(message, (draft) => {
        draft.condIndepStack = [frame, ...message.condIndepStack];
      });
      return fill(framed, frame, upscale, indices);
    },
  };
}

function fill(message: Message, frame: PlateFrame, upscale: number, indices: tf.Tensor | undefined): Message {
  if (message.kind === 'subsample') return indices === undefined ? message : pick(message, frame, indices);
  if (message.kind !== 'sample' && message.kind !== 'factor' && message.kind !== 'inspect') return message;
  const scaled = produce(message, (draft) => {
    draft.scale = multiplyScales(message.scale, upscale);
  });
  if (frame.dim === undefined) return scaled;
  if (scaled.kind === 'sample') return expandSample(scaled, frame, frame.dim);
  return scaled.kind === 'factor' ? expandFactor(scaled, frame, frame.dim) : scaled;
}

function expandSample(message: SampleMessage, frame: PlateFrame, dim: number): SampleMessage {
  const { fn } = message;
  const { batchShape } = fn;
  const have = sizeAt(batchShape, dim);
  if (have === frame.size && batchShape.length >= -dim) return message;
  if (have !== 1)
    throw misfit(message, frame, dim, `${fn.toString()} has batch shape ${formatShape(batchShape)}`, have);
  return produce(message, (draft) => {
    draft.fn = fn.expand(withSizeAt(batchShape, dim, frame.size));
  });
}

function expandFactor(message: FactorMessage, frame: PlateFrame, dim: number): FactorMessage {
  const { value } = message;
  const have = sizeAt(value.shape, dim);
  if (have === frame.size && value.rank >= -dim) return message;
  if (have !== 1)
    throw misfit(message, frame, dim, `the log factor has shape ${formatShape(value.shape)}`, have);
  return produce(message, (draft) => {
    draft.value = tf.broadcastTo(value, [...withSizeAt(value.shape, dim, frame.size)]);
  });
}

function pick(message: SubsampleMessage, frame: PlateFrame, indices: tf.Tensor): SubsampleMessage {
  const { value, eventDim } = message;
  const axis = value.rank - eventDim + (frame.dim ?? 0);
  if (frame.dim === undefined || axis < 0) return message;
  const have = value.shape[axis];
  if (have === 1 || (have === frame.size && have !== frame.fullSize)) return message;
  if (have !== frame.fullSize) {
    throw new ShapeError({
      problem: `subsample: the data has shape ${formatShape(value.shape)} with eventDim ${eventDim}, so ${have} elements along plate '${frame.name}'`,
      plates: message.condIndepStack,
      fix: `pass data with ${frame.fullSize} elements along that dim, or set eventDim so that the plate's dim is counted from the batch dims.`,
    });
  }
  return produce(message, (draft) => {
    draft.value = tf.gather(value, tf.cast(indices, 'int32'), axis);
  });
}

function misfit(
  message: SampleMessage | FactorMessage,
  frame: PlateFrame,
  dim: number,
  what: string,
  have: number,
): ShapeError {
  const plates = openFrames();
  const other = plates.find((f) => f.name !== frame.name && f.size === have && f.dim !== undefined);
  const hint =
    other === undefined
      ? `make dim ${dim} have size ${frame.size} or 1, or declare it an event dim with .toEvent(${-dim}).`
      : `dim ${dim} belongs to plate '${frame.name}', but its size is that of plate '${other.name}' (dim ${other.dim}): swap the dims, or the plates.`;
  return new ShapeError({
    site: message.name,
    problem: `${what}: ${have} at dim ${dim}, where plate '${frame.name}' has size ${frame.size}`,
    plates,
    fix: hint,
  });
}
