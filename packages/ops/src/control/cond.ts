/** The choice between two functions by a tensor; differentiable. */
import type * as tfjs from '@tensorflow/tfjs';
import type { TensorLike } from '../data/tensor-like';
import { ValueError } from '../errors';
import { boolScalar } from './bool-scalar';
import { isConcrete } from './concrete';
import { controlHandlers } from './handlers';
import { scoped } from './scope';
import { rebuild, treeLeaves, treeStructure, type Leaf, type Tensors, type Tree } from './tree';

/** Flat form of a choice, as a handler sees it. */
export interface CondCall {
  /** A bool scalar. */
  readonly predicate: tfjs.Tensor;
  readonly operands: readonly tfjs.Tensor[];
  readonly onTrue: (operands: readonly tfjs.Tensor[]) => readonly tfjs.Tensor[];
  readonly onFalse: (operands: readonly tfjs.Tensor[]) => readonly tfjs.Tensor[];
}

/** A tree; not checked as one, where TypeScript would recurse without end. */
type Operand = Leaf | object;

/** The operands as the branches see them. */
type Given<X extends readonly Operand[]> = { [K in keyof X]: Tensors<X[K]> };

/** What a predicate says, if it has a value. */
function known(predicate: TensorLike): boolean | undefined {
  if (typeof predicate === 'boolean' || typeof predicate === 'number') return Boolean(predicate);
  if (!isConcrete(predicate)) return undefined;
  return boolScalar('cond: the predicate', predicate).dataSync()[0] !== 0;
}

/**
 * `predicate ? trueFn(...operands) : falseFn(...operands)` (JAX's `lax.cond`). With values at hand only the chosen
 * branch is called. A function being compiled or mapped has none: both branches are recorded, and the program runs one of
 * them; mapped by `vmap` over a batch of predicates, both run and each example picks. Gradients go through the branch
 * taken, and to whatever the branches close over; the gradient of the other branch is 0, even where it would be NaN.
 *
 * @param predicate a scalar; a number is true unless it is 0
 * @param trueFn, falseFn from tensors nested as the operands are; they must return tensors of one nesting, of the same
 *   shapes and dtypes (which is checked only where both are recorded)
 * @throws {ShapeError} if the predicate is not a scalar, or recorded branches differ in a shape or dtype
 * @throws {ValueError} if recorded branches differ in their nesting
 */
export function cond<X extends readonly Operand[], Y extends Tree>(
  predicate: TensorLike,
  trueFn: (...operands: Given<X>) => Y,
  falseFn: (...operands: Given<X>) => NoInfer<Y>,
  ...operands: X
): Tensors<Y> {
  const result: unknown = scoped((): unknown => {
    const results: { tree?: Tree } = {};
    const branch =
      (fn: unknown) =>
      (tensors: readonly tfjs.Tensor[]): readonly tfjs.Tensor[] => {
        const tree = (fn as (...given: unknown[]) => Tree)(
          ...(rebuild(operands as readonly Tree[], tensors) as unknown[]),
        );
        const former = results.tree;
        if (former !== undefined && treeStructure(former) !== treeStructure(tree))
          throw new ValueError(
            `cond: the branches return ${treeStructure(former)} and ${treeStructure(tree)}\n` +
              '  Fix: return tensors nested alike from both.',
          );
        results.tree = tree;
        return treeLeaves(tree);
      };
    const given = treeLeaves(operands as readonly Tree[]);
    const [onTrue, onFalse] = [branch(trueFn), branch(falseFn)];
    let leaves: readonly tfjs.Tensor[];
    const choice = known(predicate);
    if (choice === undefined) {
      const scalar = boolScalar('cond: the predicate', predicate);
      const call: CondCall = { predicate: scalar, operands: given, onTrue, onFalse };
      leaves = controlHandlers([scalar]).cond?.(call) ?? (scalar.dataSync()[0] ? onTrue : onFalse)(given);
    } else leaves = (choice ? onTrue : onFalse)(given);
    return rebuild(results.tree as Tree, leaves);
  });
  return result as Tensors<Y>;
}
