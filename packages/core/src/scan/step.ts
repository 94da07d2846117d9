/** One step of a scan: its body runs under the plates around and a handler that keeps the sites to itself. */
import type { DeterministicMessage, FactorMessage, Message, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import { bringBack, sendOut } from '../stack/apply-stack';
import type { Handler } from '../stack/handler';
import { installedHandlers, replaceHandlers } from '../stack/stack';

export type StepMessage = SampleMessage | FactorMessage | DeterministicMessage;

/** The handlers around a scan. */
export interface Surroundings {
  /** Plates: what they do to a site they do within the step. */
  readonly plates: readonly Handler[];
  /** All others: they see each site once, stacked over the steps. */
  readonly others: readonly Handler[];
  /** Parameters and plates met in the body, by name: they are the same in every step. */
  readonly shared: Map<string, Message>;
}

export function surroundings(): Surroundings {
  const handlers = installedHandlers();
  return {
    plates: handlers.filter(({ frame }) => frame !== undefined),
    others: handlers.filter(({ frame }) => frame === undefined),
    shared: new Map(),
  };
}

/**
 * @param assign what becomes of a sample site: its value, the key of its draw
 * @returns what `body` returns, and its sites in their order
 */
export function runStep<R>(
  { plates, others, shared }: Surroundings,
  assign: (message: SampleMessage) => Partial<SampleMessage>,
  body: () => R,
): { readonly result: R; readonly messages: readonly StepMessage[] } {
  const messages: StepMessage[] = [];
  const keep: Handler = {
    throughBlocks: true,
    process(message) {
      if (message.kind === 'sample') return { ...message, ...assign(message) };
      if (message.kind !== 'param' && message.kind !== 'plate') return;
      const { name } = message;
      const known = shared.get(name) ?? bringBack(sendOut(message, others));
      shared.set(name, known);
      return produce(message, (draft) => {
        draft.value = known.value;
      });
    },
    postprocess(message) {
      if (message.kind === 'sample' || message.kind === 'factor' || message.kind === 'deterministic')
        messages.push(message);
    },
  };
  const before = installedHandlers();
  replaceHandlers([keep, ...plates]);
  try {
    return { result: body(), messages };
  } finally {
    replaceHandlers(before);
  }
}
