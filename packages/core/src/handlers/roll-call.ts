/** Which names a run met, so that a name nobody answered to is an error and not a silence. */
import { UnknownSiteError } from '../errors';
import { didYouMean } from '@pyro-ts/ops';
import type { Message, MessageKind } from '../messages/message';

export interface RollCall {
  /** Notes a message on its way. */
  meet(message: Message): void;
  /** @throws {UnknownSiteError} naming the first expected name that no site of the kind had */
  close(): void;
}

/** @param expected names that the handler was given; none where it takes whatever comes */
export function rollCall(handler: string, kind: MessageKind, expected: readonly string[]): RollCall {
  const met = new Map<string, MessageKind>();
  return {
    meet: (message) => void met.set(message.name, message.kind),
    close: () => {
      const unknown = expected.find((name) => met.get(name) !== kind);
      if (unknown === undefined) return;
      const known = [...met].filter(([, k]) => k === kind).map(([name]) => name);
      const other = met.get(unknown);
      throw new UnknownSiteError({
        site: unknown,
        problem:
          other === undefined
            ? `${handler} was given '${unknown}', but the run had no such site; its ${kind} sites were ${known.join(', ') || 'none'}`
            : `${handler} was given '${unknown}', which is a ${other} site; its ${kind} sites were ${known.join(', ') || 'none'}`,
        fix: adviseName(didYouMean(unknown, known), other),
      });
    },
  };
}

function adviseName(suggestion: string | undefined, other: MessageKind | undefined): string {
  if (other === 'param')
    return 'give parameters their values with handlers.substitute, or priors with handlers.lift.';
  const rename = 'ename it, or pass allowUnknown: true if the model has the site only in some runs.';
  return suggestion === undefined ? `r${rename}` : `${suggestion} R${rename}`;
}
