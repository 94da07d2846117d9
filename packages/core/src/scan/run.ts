/** Runs the steps of a scan whose sites all have single values, and scores them. */
import { tf, treeLeaves, treeRebuild, type Shape, type Tree } from '@pyro-ts/ops';
import type { SampleMessage } from '../messages/message';
import { siteLogProb } from '../trace/log-prob';
import type { DensitySite } from '../trace/site';
import { comesAndGoes, runAssigned, type Assignments } from './assignment';
import { step, stepShape, type FirstLook, type Loop } from './loop';
import type { StepMessage } from './step';

/** A site over all steps: leading axis T. */
export interface Stacked {
  readonly value: tf.Tensor;
  readonly logProb: tf.Tensor | undefined;
}

export interface Outcome {
  readonly carry: readonly tf.Tensor[];
  /** The outputs of the body, stacked. */
  readonly ys: unknown;
  readonly sites: ReadonlyMap<string, Stacked>;
}

/** Scales that are numbers belong to the site as a whole, other ones to the step. */
export const logProbOfStep = (message: StepMessage): tf.Tensor => {
  const site = message as DensitySite;
  return siteLogProb(typeof site.scale === 'number' ? { ...site, scale: 1 } : site);
};

/** Of a site in one step, its value in the given shape; the leaves of the tree are what is to be stacked. */
export function outputsOf(message: StepMessage, shape: Shape): { value: tf.Tensor; logProb?: tf.Tensor } {
  if (message.kind === 'deterministic') return { value: message.value };
  if (message.kind === 'factor') return { value: logProbOfStep(message) };
  const value = tf.broadcastTo(message.value as tf.Tensor, [...shape]);
  return { value, logProb: logProbOfStep(message) };
}

export function checkNames(found: readonly StepMessage[], now: readonly StepMessage[]): void {
  const odd = Array.from({ length: Math.max(found.length, now.length) }, (_, i) => i).find(
    (i) => found.at(i)?.name !== now.at(i)?.name,
  );
  if (odd !== undefined) throw comesAndGoes((now.at(odd) ?? found[odd]).name);
}

export function runSteps(loop: Loop, found: FirstLook, assignments: Assignments): Outcome {
  const shapes = found.messages.map((message) => stepShape(message, loop));
  const { carry, ys } = runAssigned(loop, assignments, loop.carry, (before, xs, assign) => {
    const now = step(loop, before, xs, assign);
    checkNames(found.messages, now.messages);
    return [
      now.carry,
      { y: now.y, sites: now.messages.map((message, i) => outputsOf(message, shapes[i])) as unknown as Tree },
    ];
  });
  const { y, sites } = ys as { readonly y: unknown; readonly sites: readonly Stacked[] };
  return { carry, ys: y, sites: new Map(found.messages.map(({ name }, i) => [name, sites[i]])) };
}

/** Shapes as `runSteps` gives them, from the first step; sites that are to be summed out are left out. */
export function firstForAll(loop: Loop, found: FirstLook, sent: readonly SampleMessage[]): Outcome {
  const repeated = (x: tf.Tensor, shape: Shape): tf.Tensor => tf.broadcastTo(x, [loop.length, ...shape]);
  const rebuild = treeRebuild as (tree: unknown, leaves: readonly tf.Tensor[]) => unknown;
  const summed = new Set(sent.filter(isToBeSummed).map(({ name }) => name));
  const sites = found.messages.flatMap((message): [string, Stacked][] => {
    if (summed.has(message.name)) return [];
    const value = repeated(message.value as tf.Tensor, stepShape(message, loop));
    return [[message.name, { value, logProb: undefined }]];
  });
  const ys = rebuild(
    found.y,
    treeLeaves(found.y).map((y) => repeated(y, y.shape)),
  );
  return { carry: found.carry, ys, sites: new Map(sites) };
}

/** A discrete site of the scan that `enumerate` has left to it. */
export const isToBeSummed = ({ value, isObserved, infer, enumeration }: SampleMessage): boolean =>
  !isObserved && value === undefined && infer.enumerate === 'parallel' && enumeration !== undefined;
