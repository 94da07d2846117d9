/** What a constraint is, and the way to declare one. */
import type { tf } from '@pyro-ts/ops';
import { describeCall, sameArguments, type Arguments } from './argument';

/** Constraints are recognised by this brand: two copies of the package may share a process. */
export const constraintBrand: unique symbol = Symbol.for('pyro-ts.constraint') as never;

/** A set of values, such as the support of a distribution or the domain of a parameter. */
export interface Constraint<Args extends Arguments = Arguments> {
  readonly [constraintBrand]: true;
  /** Key of the `bijectTo` and `transformTo` registries. */
  readonly name: string;
  readonly args: Args;
  readonly isDiscrete: boolean;
  /** How many rightmost dims make up one value. */
  readonly eventDim: number;
  /**
   * Whether values lie in the set; made of tensor operations only, so that it may be traced.
   * @param x shape [...batch, ...event]
   * @returns bool, shape [...batch]; false for NaN
   */
  check(x: tf.Tensor): tf.Tensor;
  /** Some value inside the set, of the shape and dtype of the prototype. */
  feasibleLike(prototype: tf.Tensor): tf.Tensor;
  /** The same constraint with other arguments, such as bounds read from tensors. */
  withArgs(args: Args): Constraint<Args>;
  /** Structural: same name, equal arguments. Tensor arguments are equal only if they are the same tensor. */
  equals(other: unknown): boolean;
  toString(): string;
}

/** A constraint's own declaration; the rest derives from it. */
export interface ConstraintSpec<Args extends Arguments> {
  readonly name: string;
  readonly args?: Args;
  readonly isDiscrete?: boolean;
  readonly eventDim?: number;
  /** Uses the arguments that it is given, not those it may close over: `withArgs` depends on it. */
  check(x: tf.Tensor, args: Args): tf.Tensor;
  feasibleLike(prototype: tf.Tensor, args: Args): tf.Tensor;
}

export function isConstraint(x: unknown): x is Constraint {
  return typeof x === 'object' && x !== null && constraintBrand in x;
}

/** Makes a constraint, a user's own included. Give `bijectTo.register(name, …)` a row to use it for parameters. */
export function defineConstraint<Args extends Arguments = Record<string, never>>(
  spec: ConstraintSpec<Args>,
): Constraint<Args> {
  const args = spec.args ?? ({} as Args);
  const text = describeCall(spec.name, args);
  return Object.freeze({
    [constraintBrand]: true as const,
    name: spec.name,
    args,
    isDiscrete: spec.isDiscrete ?? false,
    eventDim: spec.eventDim ?? 0,
    check: (x: tf.Tensor) => spec.check(x, args),
    feasibleLike: (prototype: tf.Tensor) => spec.feasibleLike(prototype, args),
    withArgs: (changed: Args) => defineConstraint({ ...spec, args: changed }),
    equals: (other: unknown) =>
      isConstraint(other) && other.name === spec.name && sameArguments(args, other.args),
    toString: () => text,
  });
}
