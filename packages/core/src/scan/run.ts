/** Runs the steps of a scan whose sites all have single values, and scores them. */
import { tf, type Shape, type Tree } from '@pyro-ts/ops';
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
