/** What is known of a value's sign without running: enough for the scales and probabilities of models. */
import type { ValueId } from '../../graph/graph';
import type { RuleContext } from './rule';

/** What signs are read from. */
export type Known = Pick<RuleContext, 'constantOf' | 'producer'>;

/** How far back to look. */
const deepest = 12;

function every(value: ValueId, context: Known, test: (x: number) => boolean): boolean | undefined {
  const data = context.constantOf(value);
  if (data === undefined) return undefined;
  for (const x of data) if (!test(x)) return false;
  return true;
}

/** ≥ 0 or NaN. */
export function isNonnegative(value: ValueId, context: Known, depth = deepest): boolean {
  const known = every(value, context, (x) => !(x < 0));
  const node = context.producer(value);
  if (known !== undefined || node === undefined || depth === 0) return known === true;
  const all = (inputs: readonly ValueId[]): boolean =>
    inputs.every((input) => isNonnegative(input, context, depth - 1));
  switch (node.kernel) {
    case 'Exp':
    case 'Square':
    case 'Abs':
    case 'Sqrt':
    case 'Sigmoid':
    case 'Softplus':
      return true;
    case 'Add':
    case 'Multiply':
    case 'RealDiv':
    case 'Xdivy':
    case 'Sum':
    case 'Reciprocal':
    case 'Log1p':
    case 'Reshape':
    case 'BroadcastTo':
      return all(node.inputs);
    case 'Select':
      return all(node.inputs.slice(1));
    default:
      return false;
  }
}

/**
 * Never 0 but for underflow: an exponential of less than −745 counts as nonzero here. What divides by it is infinite or
 * NaN either way.
 */
export function isNonzero(value: ValueId, context: Known, depth = deepest): boolean {
  const known = every(value, context, (x) => x !== 0);
  const node = context.producer(value);
  if (known !== undefined || node === undefined || depth === 0) return known === true;
  const nonzero = (input: ValueId): boolean => isNonzero(input, context, depth - 1);
  switch (node.kernel) {
    case 'Exp':
    case 'Sigmoid':
    case 'Softplus':
      return true;
    case 'Neg':
    case 'Abs':
    case 'Square':
    case 'Sqrt':
    case 'Reciprocal':
    case 'Multiply':
    case 'RealDiv':
    case 'Reshape':
    case 'BroadcastTo':
      return node.inputs.every(nonzero);
    case 'Select':
      return node.inputs.slice(1).every(nonzero);
    case 'Add':
      return (
        node.inputs.every((input) => isNonnegative(input, context, depth - 1)) && node.inputs.some(nonzero)
      );
    default:
      return false;
  }
}
