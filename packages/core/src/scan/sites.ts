/** The sites of a scan as sites of the model: sent out stacked, run, and brought back. */
import { foldIn, formatShape, tf, withLabel, type Shape } from '@pyro-ts/ops';
import { ShapeError } from '../errors';
import type { SampleMessage } from '../messages/message';
import { checkValueShape } from '../shapes/check-value';
import { bringBack, sendOut, type Sent } from '../stack/apply-stack';
import type { Assignment, Assignments } from './assignment';
import { isSummed, runChain } from './chain';
import { stepShape, type FirstLook, type Loop } from './loop';
import { firstForAll, runSteps, type Outcome } from './run';
import { Scanned } from './scanned';
import { isShapesOnly } from './shapes-only';
import type { StepMessage } from './step';

interface Pending {
  readonly sent: Sent;
  /** Stands for the values that the body gives: handlers see that there are some. */
  readonly standIn: tf.Tensor | undefined;
}

/** All messages go out before the steps run, so that the values that handlers give are known, and come back after. */
export function runSites(loop: Loop, found: FirstLook): Pick<Outcome, 'carry' | 'ys'> {
  const { others } = loop.around;
  const settled: { assignments?: Assignments } = {};
  const pending = new Map<string, Pending>();
  for (const message of found.messages) {
    if (message.kind !== 'sample') continue;
    const { name } = message;
    const fn = new Scanned(message.fn, [loop.length, ...batchOf(message, loop)], {
      site: name,
      hasMovingSupport: found.moving.has(name),
      draw: (key) =>
        pathOf(
          name,
          runSteps(
            loop,
            found,
            drawnBy(found, (site) => foldIn(key, site)),
          ),
        ),
      rescore(values) {
        const given: Assignment = { kind: 'given', values, isObserved: message.isObserved };
        const assignments = new Map([
          ...(settled.assignments ?? drawnBy(found, () => undefined)),
          [name, given],
        ]);
        return runSteps(loop, found, assignments).sites.get(name)?.logProb as tf.Tensor;
      },
    });
    const standIn = found.free.has(name)
      ? undefined
      : tf.broadcastTo(message.value as tf.Tensor, [loop.length, ...stepShape(message, loop)]);
    pending.set(name, { sent: sendOut(stackedMessage(message, fn, standIn), others), standIn });
  }
  const assignments = new Map([...pending].map(([name, p]) => [name, assignmentOf(p)]));
  const sent = [...pending.values()].map((p) => p.sent.message as SampleMessage);
  const chain = isSummed(sent) && !isShapesOnly() ? runChain(loop, found, assignments, sent) : undefined;
  const outcome =
    chain ?? (isShapesOnly() ? firstForAll(loop, found, sent) : runSteps(loop, found, assignments));
  settled.assignments = new Map([...assignments].map(([name, a]) => [name, asGiven(a, outcome, name)]));
  if (chain?.term !== undefined) bringBack(sendOut(chain.term, others));
  for (const message of found.messages) comeBack(message, pending.get(message.name), outcome, loop);
  return outcome;
}

function comeBack(message: StepMessage, pending: Pending | undefined, outcome: Outcome, loop: Loop): void {
  const stacked = outcome.sites.get(message.name);
  if (stacked === undefined) return;
  const { value, logProb } = stacked;
  if (message.kind !== 'sample') {
    bringBack(sendOut({ ...message, value }, loop.around.others));
    return;
  }
  const { sent } = pending as Pending;
  const own = sent.message as SampleMessage;
  const fn =
    logProb !== undefined && own.fn instanceof Scanned ? own.fn.withScore({ value, logProb }) : own.fn;
  // Without a log density of its own a site counts in the sum over the discrete ones.
  bringBack({ ...sent, message: { ...own, fn, value, mask: logProb === undefined ? false : own.mask } });
}

function stackedMessage(message: SampleMessage, fn: Scanned, value: tf.Tensor | undefined): SampleMessage {
  return { ...message, fn, value, scale: typeof message.scale === 'number' ? message.scale : 1, mask: true };
}

const batchOf = (message: SampleMessage, loop: Loop): Shape => {
  const shape = stepShape(message, loop);
  return shape.slice(0, shape.length - message.fn.eventDim);
};

const drawnBy = (
  { messages, free }: FirstLook,
  keyOf: (site: string) => Extract<Assignment, { kind: 'draw' }>['key'],
): Map<string, Assignment> =>
  new Map(
    messages.flatMap(({ kind, name }): [string, Assignment][] =>
      kind === 'sample'
        ? [[name, free.has(name) ? { kind: 'draw', key: keyOf(name) } : { kind: 'own' }]]
        : [],
    ),
  );

const pathOf = (name: string, { sites }: Outcome): tf.Tensor => sites.get(name)?.value as tf.Tensor;

function assignmentOf({ sent, standIn }: Pending): Assignment {
  const message = sent.message as SampleMessage;
  const { value, key, isObserved, fn, name } = message;
  if (value === undefined) return { kind: 'draw', key };
  if (value === standIn) return { kind: 'own' };
  withLabel(name, () => {
    checkValueShape(message);
  });
  if (value.rank > fn.shape().length) {
    throw new ShapeError({
      site: name,
      problem: `the value has shape ${formatShape(value.shape)}, with dims left of the steps; the site of the scan has shape ${formatShape(fn.shape())}`,
      plates: message.condIndepStack,
      fix: 'open a plate around the scan for them, or run the model once for each.',
    });
  }
  return { kind: 'given', values: tf.broadcastTo(value, [...fn.shape()]), isObserved };
}

const asGiven = (assignment: Assignment, outcome: Outcome, name: string): Assignment =>
  assignment.kind === 'draw' && outcome.sites.has(name)
    ? { kind: 'given', values: pathOf(name, outcome), isObserved: false }
    : assignment;
