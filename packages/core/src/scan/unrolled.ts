/** A scan as the loop that it stands for: every site once in each step, for inference that needs them one by one. */
import { formatShape, lift, tf, treeLeaves, treeRebuild, type Tree } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { Message, SampleMessage } from '../messages/message';
import { produce } from '../messages/produce';
import { markov, range } from '../primitives/markov';
import { withHandler, type Handler } from '../stack/handler';
import { runWith } from '../stack/stack';
import type { Loop } from './loop';

/** Which step runs, and the message that is on its way as the body has sent it. */
export interface Unrolling {
  step: number | undefined;
  sent: Message | undefined;
}

const rebuild = treeRebuild as (tree: unknown, leaves: readonly tf.Tensor[]) => unknown;
const isSite = ({ kind }: Message): boolean => kind === 'sample' || kind === 'deterministic';
const at = (x: tf.Tensor, t: number): tf.Tensor => tf.reshape(tf.slice(x, [t], [1]), x.shape.slice(1));

export const nameInStep = (site: string, step: number): string => `${site}[${step}]`;

/**
 * Handlers to run a model with: `outside` lies outside of those that answer with stacked values, and gives each step its part;
 * `inside` lets those further in see each step's sites under names of their own.
 */
export function unrolling(): { readonly outside: Handler; readonly inside: Handler } {
  const state: Unrolling = { step: undefined, sent: undefined };
  return {
    outside: {
      process(message) {
        if (message.kind === 'inspect') return { ...message, unrolling: state };
        const { step, sent } = state;
        if (step === undefined || message.kind !== 'sample') return;
        refuseStackedMask(message, sent);
        const { value } = message;
        if (value === undefined || value === sent?.value) return;
        return produce(message, (draft) => void (draft.value = at(value, step)));
      },
    },
    inside: {
      postprocess(message) {
        const { step } = state;
        if (step === undefined || !(isSite(message) || message.kind === 'factor')) return;
        return { ...message, name: nameInStep(message.name, step) };
      },
    },
  };
}

/** @throws {HandlerError} if a handler around has masks for the steps: they lie left of the enumerated sites, whose dims are not known to it */
function refuseStackedMask({ name, mask, condIndepStack }: SampleMessage, sent: Message | undefined): void {
  if (typeof mask === 'boolean' || (sent?.kind === 'sample' && sent.mask === mask)) return;
  if (mask.rank <= Math.max(0, ...condIndepStack.map(({ dim }) => -(dim ?? 0)))) return;
  throw new HandlerError({
    site: name,
    problem: `the mask around the scan has shape ${formatShape(mask.shape)}, other values for other steps, where its discrete sites are inferred`,
    plates: condIndepStack,
    fix: 'mask inside of the body, with an element of xs.',
  });
}

/** A model among handlers that are made already. */
export const under = <R>(run: () => R, handler: Handler): (() => R) => withHandler(run, () => handler);

export function runUnrolled(
  { body, init, items, xs, length, reverse }: Loop,
  state: Unrolling,
): { readonly carry: unknown; readonly ys: unknown } {
  if (state.step !== undefined) {
    throw new HandlerError({
      problem:
        'a scan in the body of a scan cannot be run step by step, as it must be where discrete sites are inferred',
      fix: 'write the outer one as a loop, for (const t of markov(range(T))).',
    });
  }
  const note: Handler = {
    process(message) {
      state.sent = message;
    },
  };
  const ys: Tree[] = [];
  let carry: unknown = rebuild(init, treeLeaves(init).map((leaf) => lift(leaf))); // prettier-ignore
  for (const i of markov(range(length))) {
    const step = reverse ? length - 1 - i : i;
    state.step = step;
    [carry, ys[step]] = runWith(note, () => body(carry, rebuild(items, xs.map((x) => at(x, step))))); // prettier-ignore
  }
  state.step = undefined;
  const rows = ys.map((y) => treeLeaves(y));
  return { carry, ys: rebuild(ys[0], rows[0].map((_, k) => tf.stack(rows.map((row) => row[k])))) }; // prettier-ignore
}
