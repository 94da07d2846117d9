/** Constraints without tensors. */
import { tf, toNdArray } from '@pyro-ts/ops';
import type { Argument } from './argument';
import { isConstraint, type Constraint } from './constraint';

function detachArgument(x: Argument): Argument {
  if (x instanceof tf.Tensor) return toNdArray(x);
  if (isConstraint(x)) return detachConstraint(x);
  return Array.isArray(x) ? (x as readonly Argument[]).map(detachArgument) : x;
}

/** The same set, its bounds kept as plain data: may be stored, and compared with `equals`. Reads tensors. */
export function detachConstraint(constraint: Constraint): Constraint {
  const args = Object.entries(constraint.args).map(([name, x]) => [name, detachArgument(x)] as const);
  return args.length === 0 ? constraint : constraint.withArgs(Object.fromEntries(args));
}
