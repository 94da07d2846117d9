/** `enumerate`: discrete sites take all their values at once, each site along a dim of its own. */
import { checkOptions, describeValue } from '@pyro-ts/ops';
import { checkEnumerationDims, checkPlateRoom } from '../enumeration/check-dims';
import { checkEnumerable, enumeratedValue } from '../enumeration/enumerated-value';
import { refuseReading } from '../enumeration/refuse-reading';
import { EnumerationScope } from '../enumeration/scope';
import { HandlerError } from '../errors';
import type { EnumeratedVariable, Enumeration } from '../messages/enumeration';
import type { Message, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import type { Model } from '../model';
import { Scanned } from '../scan/scanned';
import { withHandler } from '../stack/handler';

export interface EnumerateOptions {
  /** Negative: the dim left of all plates. With plates nested n deep it is −1 − n. */
  readonly firstAvailableDim: number;
  /**
   * Where the model's own sites begin, if dims right of it belong to the sites of another run, whose values are replayed
   * with their `enumeration`. Default: firstAvailableDim.
   */
  readonly allocateFrom?: number | undefined;
}

/**
 * Latent sites with `infer: {enumerate: 'parallel'}` get all values of their support (or `infer.numSamples` draws), shape
 * [count, 1, …, 1, ...event]. What depends on them broadcasts, so that one run covers every combination. The log
 * density of a site has one dim for each enumerated site it depends on; `message.enumeration` says which.
 * @throws {HandlerError} if a support cannot be listed, or a site depends on one that is out of scope
 * @throws {PlateError} if plates reach the dims for enumeration
 */
export function enumerate<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: EnumerateOptions,
): Model<Args, R> {
  const { firstAvailableDim, allocateFrom = firstAvailableDim } = checkOptions(
    'handlers.enumerate',
    options,
    {
      firstAvailableDim: 'required',
      allocateFrom: 'optional',
    },
  );
  if (!Number.isInteger(firstAvailableDim) || firstAvailableDim >= 0) {
    throw new HandlerError({
      problem: `handlers.enumerate: firstAvailableDim must be a negative integer; it is ${describeValue(firstAvailableDim)}`,
      fix: 'with plates nested n deep pass -1 - n: -1 without plates, -2 for one.',
    });
  }
  return withHandler(model, () => {
    const scope = new EnumerationScope(allocateFrom);
    let isRunning = true;
    return {
      exit() {
        isRunning = false;
      },
      process(message) {
        if (!mayDepend(message)) return;
        checkPlateRoom(message, firstAvailableDim);
        const replayed = message.enumeration;
        const dims = new Map([...scope.visible(message), ...(replayed?.dims ?? [])]);
        const known = produce(message, (draft) => {
          draft.enumeration = { firstAvailableDim, dims, own: replayed?.own };
        });
        if (!isToBeEnumerated(known)) return known;
        return known.fn instanceof Scanned
          ? leaveToScan(known)
          : takeAllValues(known, scope, () => isRunning);
      },
      postprocess(message) {
        if (message.enumeration === undefined) return;
        if (message.kind === 'factor') checkEnumerationDims(message, 'the log factor', message.value.shape);
        // The steps of a scan lie left of everything, and its values have no enumeration dims.
        if (message.kind !== 'sample' || message.value === undefined || message.fn instanceof Scanned) return;
        const { fn, value } = message;
        checkEnumerationDims(message, 'the batch shape', fn.batchShape);
        const batchShape = value.shape.slice(0, value.rank - fn.eventDim);
        checkEnumerationDims(message, 'the value, of batch shape', batchShape);
        const present = [...message.enumeration.dims].filter(
          ([dim]) => (batchShape[batchShape.length + dim] ?? 1) > 1,
        );
        scope.record(message, new Map(present));
      },
    };
  });
}

function mayDepend(message: Message): boolean {
  return message.kind === 'sample' || message.kind === 'factor' || message.kind === 'inspect';
}

function isToBeEnumerated(message: Message): message is SampleMessage {
  if (message.kind !== 'sample' || message.isObserved || message.value !== undefined) return false;
  if (message.infer.enumerate === undefined) return false;
  checkEnumerable(message);
  return message.infer.enumerate === 'parallel';
}

/** The sites of a scan are summed out step by step, where the scan runs; handlers further out see only the sum. */
function leaveToScan(message: SampleMessage): SampleMessage {
  return produce(message, (draft) => {
    draft.stop = true;
  });
}

function takeAllValues(
  message: SampleMessage,
  scope: EnumerationScope,
  isRunning: () => boolean,
): SampleMessage {
  const { firstAvailableDim, dims } = message.enumeration as Enumeration;
  const dim = scope.allocate(message, dims);
  const value = enumeratedValue(message, dim, firstAvailableDim);
  refuseReading(value, message, isRunning);
  const variable: EnumeratedVariable = {
    site: message.name,
    size: value.shape[value.rank - message.fn.eventDim + dim],
    condIndepStack: message.condIndepStack,
    kind: message.infer.numSamples === undefined ? 'support' : 'samples',
  };
  return produce(message, (draft) => {
    draft.value = value;
    draft.enumeration = {
      firstAvailableDim,
      dims: new Map([...dims, [dim, variable]]),
      own: { dim, variable },
    };
  });
}
