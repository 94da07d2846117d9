/** A scan with sample sites, and a first look at its body. */
import { isConstraint, isTransform, type Distribution } from '@pyro-ts/distributions';
import { lift, tf, type Shape, treeLeaves, treeRebuild, treeStructure, type Tree } from '@pyro-ts/ops';
import { HandlerError } from '../errors';
import { latentShape } from '../enumeration/latent-shape';
import type { Enumeration } from '../messages/enumeration';
import type { SampleMessage } from '../messages/message';
import { broadcastShapes, sameShape } from '../shapes/batch';
import { runStep, type StepMessage, type Surroundings } from './step';

export interface Loop {
  readonly body: (carry: unknown, x: unknown) => readonly [Tree, Tree];
  readonly init: Tree;
  readonly carry: readonly tf.Tensor[];
  readonly items: Tree;
  /** Leaves, each [T, …]. */
  readonly xs: readonly tf.Tensor[];
  readonly length: number;
  readonly reverse: boolean;
  readonly around: Surroundings;
  /** The enumerated sites around; undefined: nothing enumerates. */
  readonly enumeration: Enumeration | undefined;
}

export interface Step {
  readonly carry: readonly tf.Tensor[];
  readonly y: Tree;
  readonly messages: readonly StepMessage[];
}

/** Shape of a site's value in a step, which has no enumeration dims. */
export function stepShape(message: StepMessage, { enumeration }: Loop): Shape {
  if (message.kind !== 'sample') return message.value.shape;
  return latentShape({ ...message, enumeration });
}

// Without types: those of trees would be compared without end.
const rebuild = treeRebuild as (tree: unknown, leaves: readonly tf.Tensor[]) => unknown;

/** Runs the body once, from leaves to leaves. */
export function step(
  { body, init, items, around }: Loop,
  carry: readonly tf.Tensor[],
  xs: readonly tf.Tensor[],
  assign: (message: SampleMessage) => Partial<SampleMessage>,
): Step {
  const { result, messages } = runStep(around, assign, () => body(rebuild(init, carry), rebuild(items, xs)));
  const [next, y] = result;
  if (treeStructure(next) !== treeStructure(init)) {
    throw new HandlerError({
      problem: `scan: the carry changes from ${treeStructure(init)} to ${treeStructure(next)}`,
      fix: "return a carry nested as 'init' is.",
    });
  }
  return { carry: treeLeaves(next), y, messages };
}

export interface FirstLook extends Step {
  /** Latent sites to which the body itself gives no value. */
  readonly free: ReadonlySet<string>;
  /** Latent sites whose support depends on the step. */
  readonly moving: ReadonlySet<string>;
  /** Leaves of the carry that are the value of a site of the step before. */
  readonly carried: ReadonlyMap<number, string>;
}

/**
 * The loop with its first carry repeated along the dims that it has after a step, those of plates around above all.
 * A carry that changes otherwise is left to the loop, which refuses it.
 */
export function widened(loop: Loop, { carry }: Step): Loop {
  const wide = loop.carry.map((leaf, i) => {
    const joint = broadcastShapes(leaf.shape, carry[i].shape);
    const grows = joint !== undefined && sameShape(joint, carry[i].shape) && !sameShape(joint, leaf.shape);
    return grows ? tf.broadcastTo(leaf, [...joint]) : leaf;
  });
  return { ...loop, carry: wide };
}

/** Runs the body on the first element, each latent site at some value of its support. */
export function firstLook(loop: Loop): FirstLook {
  const free = new Set<string>();
  const values = new Map<string, tf.Tensor>();
  const moving = new Set<string>();
  // What has a later number was made in the body, or is an element of its input.
  const marker = tf.scalar(0).id;
  const isMoving = (tensor: tf.Tensor): boolean => tensor.id > marker || loop.carry.includes(tensor);
  const first = loop.xs.map((x) => tf.reshape(tf.slice(x, [0], [1]), x.shape.slice(1)));
  const found = step(loop, loop.carry, first, (message) => {
    const { name, fn } = message;
    if (message.value !== undefined) return {};
    free.add(name);
    if (parametersOf(fn).some(isMoving)) moving.add(name);
    const shape = stepShape(message, loop);
    const prototype = lift({
      data: new Float64Array(shape.reduce((a, b) => a * b, 1)),
      shape,
      dtype: fn.isDiscrete ? 'int32' : 'float32',
    });
    const some = fn.support.feasibleLike(prototype);
    values.set(name, some);
    return { value: some };
  });
  const carried = new Map<number, string>();
  found.carry.forEach((leaf, i) => {
    const site = [...values].find(([, value]) => isSame(value, leaf));
    if (site !== undefined) carried.set(i, site[0]);
  });
  return { ...found, free, moving, carried };
}

/** The tensors in the support; parameters given as numbers are lifted anew each time that it is asked for. */
function parametersOf(fn: Distribution): tf.Tensor[] {
  const [once, again] = [fn.support, fn.support].map(({ args }) => tensorsIn(Object.values(args)));
  return once.filter((tensor) => again.includes(tensor));
}

function tensorsIn(x: unknown): tf.Tensor[] {
  if (x instanceof tf.Tensor) return [x as tf.Tensor];
  if (Array.isArray(x)) return x.flatMap(tensorsIn);
  if (isTransform(x) || isConstraint(x)) return tensorsIn(Object.values(x.args));
  return [];
}

const isSame = (a: tf.Tensor, b: tf.Tensor): boolean =>
  a === b || (a.dataId === b.dataId && a.shape.join() === b.shape.join());
