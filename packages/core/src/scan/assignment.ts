/** Where the values of a site come from while a scan runs. */
import { foldIn, scan, setControlHandlers, type RandomKey, type tf, type Tree } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import type { SampleMessage } from '../messages/message';
import type { Loop } from './loop';

export type Assignment =
  /** Values of all steps, [T, ...batch, ...event]. */
  | { readonly kind: 'given'; readonly values: tf.Tensor; readonly isObserved: boolean }
  /** The body observes the site, or gives it its value. */
  | { readonly kind: 'own' }
  | { readonly kind: 'draw'; readonly key: RandomKey | undefined };

export type Assignments = ReadonlyMap<string, Assignment>;

/** What a step does with a sample site. */
export type Assign = (message: SampleMessage) => Partial<SampleMessage>;

type StepFunction = (
  carry: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
  assign: Assign,
) => readonly [Tree, Tree];

/**
 * `scan` of ops with the given values beside the inputs. Draws need a random key of their own in each step, so with draws
 * the steps are written out, even while a program is traced.
 */
export function runAssigned(
  { xs, length, reverse }: Loop,
  assignments: Assignments,
  init: readonly tf.Tensor[],
  run: StepFunction,
): { readonly carry: readonly tf.Tensor[]; readonly ys: unknown } {
  const given = [...assignments].flatMap(([name, a]) => (a.kind === 'given' ? [[name, a] as const] : []));
  let calls = 0;
  const body = (carry: unknown, x: unknown): readonly [Tree, Tree] => {
    const slices = x as readonly tf.Tensor[];
    const t = reverse ? length - 1 - calls++ : calls++;
    const values = new Map(given.map(([name], i) => [name, slices[xs.length + i]]));
    return run(carry as readonly tf.Tensor[], slices.slice(0, xs.length), ({ name }) => {
      const assignment = assignments.get(name);
      if (assignment === undefined) throw comesAndGoes(name);
      if (assignment.kind === 'own') return {};
      if (assignment.kind === 'given') return { value: values.get(name), isObserved: assignment.isObserved };
      const { key } = assignment;
      return { value: undefined, isObserved: false, key: key === undefined ? undefined : foldIn(key, t) };
    });
  };
  const plain = scan as unknown as (
    body: (carry: unknown, x: unknown) => readonly [Tree, Tree],
    init: readonly tf.Tensor[],
    xs: readonly tf.Tensor[],
    options: { readonly length: number; readonly reverse: boolean },
  ) => { readonly carry: readonly tf.Tensor[]; readonly ys: unknown };
  const items = [...xs, ...given.map(([, { values }]) => values)];
  const all = (): ReturnType<typeof plain> => plain(body, init, items, { length, reverse });
  return [...assignments.values()].some(({ kind }) => kind === 'draw') ? writtenOut(all) : all();
}

function writtenOut<R>(run: () => R): R {
  const former = setControlHandlers({});
  try {
    return run();
  } finally {
    setControlHandlers(former);
  }
}

export function comesAndGoes(name: string): HandlerError {
  return new HandlerError({
    site: name,
    problem: 'the body of the scan has the site in some steps only',
    fix: 'have the same sites in every step; use mask to leave some of them out.',
  });
}
