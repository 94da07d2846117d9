/** A loop whose number of steps is not known beforehand. */
import * as tfjs from '@tensorflow/tfjs';
import type { TensorLike } from '../data/tensor-like';
import { ValueError } from '../errors';
import { checkOptions } from '../data/options';
import { checkLoopCarry } from './carry';
import { boolScalar } from './bool-scalar';
import { controlHandlers } from './handlers';
import { scoped } from './scope';
import { rebuild, treeLeaves, treeStructure, type Tensors, type Tree } from './tree';

export interface WhileLoopOptions {
  /** Ends the loop after this many steps, whatever the condition says. Compiled gradients need it. Default: no bound. */
  readonly maxIterations?: number;
}

/** Flat form of a loop, as a handler sees it. */
export interface WhileCall {
  readonly init: readonly tfjs.Tensor[];
  /** A bool scalar. */
  readonly test: (carry: readonly tfjs.Tensor[]) => tfjs.Tensor;
  readonly body: (carry: readonly tfjs.Tensor[]) => readonly tfjs.Tensor[];
  readonly maxIterations: number | undefined;
}

/** Step by step in JavaScript; what a step made and did not hand on goes with it. */
function loop({ init, test, body, maxIterations = Infinity }: WhileCall): readonly tfjs.Tensor[] {
  let carry = init;
  const goesOn = (): boolean => tfjs.tidy(() => test(carry).dataSync()[0] !== 0);
  for (let k = 0; k < maxIterations && goesOn(); k++) {
    const before = carry;
    carry = scoped(() => body(before));
    checkLoopCarry('whileLoop', before, carry);
  }
  return carry;
}

/**
 * `while (condFn(carry)) carry = bodyFn(carry)` (JAX's `lax.while_loop`). With values at hand it runs step by step, and
 * gradients go through the steps taken. A function being compiled has none: the loop is recorded as one node. Mapped by
 * `vmap`, it runs until every example is done; those that are keep their carry.
 *
 * A compiled gradient stores the carry of every step, so it needs `maxIterations`: its time and memory grow with that
 * bound, not with the steps taken.
 *
 * @param condFn maps a carry to a scalar; a number is true unless it is 0
 * @param bodyFn maps a carry to the next: tensors nested like `init`, of the same shapes and dtypes
 * @returns the first carry for which the condition does not hold, or the one after `maxIterations` steps
 * @throws {ShapeError} if the condition is not a scalar or the carry changes its shape or dtype
 * @throws {ValueError} if the carry changes its nesting, or `maxIterations` is not a number of steps
 */
export function whileLoop<C extends Tree>(
  condFn: (carry: NoInfer<Tensors<C>>) => TensorLike,
  bodyFn: (carry: NoInfer<Tensors<C>>) => Tree,
  init: C,
  options: WhileLoopOptions = {},
): Tensors<C> {
  checkOptions('whileLoop', options, { maxIterations: 'optional' });
  const { maxIterations } = options;
  if (maxIterations !== undefined && !(Number.isInteger(maxIterations) && maxIterations >= 0))
    throw new ValueError(
      `whileLoop: maxIterations is ${String(maxIterations)}\n  Fix: give a whole number of steps, 0 or more.`,
    );
  const result: unknown = scoped((): unknown => {
    // Inside, trees are only Trees: their types would be compared without end.
    const holds = condFn as unknown as (carry: unknown) => TensorLike;
    const step = bodyFn as unknown as (carry: unknown) => Tree;
    const call: WhileCall = {
      init: treeLeaves(init),
      maxIterations,
      test: (carry) => boolScalar('whileLoop: the condition', holds(rebuild(init, carry))),
      body(carry) {
        const next = step(rebuild(init, carry));
        if (treeStructure(next) === treeStructure(init)) return treeLeaves(next);
        throw new ValueError(
          `whileLoop: the carry changes from ${treeStructure(init)} to ${treeStructure(next)}\n` +
            "  Fix: return a carry nested as 'init' is.",
        );
      },
    };
    const carry = controlHandlers(call.init).whileLoop?.(call) ?? loop(call);
    return rebuild(init, carry);
  });
  return result as Tensors<C>;
}
