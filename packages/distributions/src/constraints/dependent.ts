/** Supports that are known only once the parameters are. */
import { defineConstraint, type Constraint } from './constraint';

function refuse(): never {
  throw new Error(
    'The constraint `dependent` stands for a support that depends on other parameters; it cannot check a value.\n' +
      '  Fix: ask an instance of the distribution for its `support`.',
  );
}

/** A placeholder in declarations: the real constraint comes from an instance of the distribution. */
export const dependent = (options: { isDiscrete?: boolean; eventDim?: number } = {}): Constraint =>
  defineConstraint({
    name: 'dependent',
    isDiscrete: options.isDiscrete ?? false,
    eventDim: options.eventDim ?? 0,
    check: refuse,
    feasibleLike: refuse,
  });

/** Whether a constraint is, or is made of, the `dependent` placeholder. */
export function isDependent(constraint: Constraint): boolean {
  if (constraint.name === 'dependent') return true;
  const { base, parts } = constraint.args as { base?: Constraint; parts?: readonly Constraint[] };
  return (base !== undefined && isDependent(base)) || (parts?.some(isDependent) ?? false);
}
