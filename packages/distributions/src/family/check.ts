/** Checks of parameters and values, with errors that show the offending number and where it is. */
import { formatShape, isConcrete, tf, type Shape } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';
import { ConstraintError } from '../errors';
import { type Printable } from './shapes';

/** `at index [1, 0]`, from a position in row-major order. */
function unravel(position: number, shape: Shape): number[] {
  const index: number[] = [];
  let rest = position;
  for (let i = shape.length - 1; i >= 0; i--) {
    index.unshift(rest % shape[i]);
    rest = Math.floor(rest / shape[i]);
  }
  return index;
}

/** The first offending value with its index, for a message. */
export function describeOffender(x: tf.Tensor, position: number, eventDim: number): string {
  const batch = x.shape.slice(0, x.rank - eventDim);
  const event = x.shape.slice(x.rank - eventDim);
  const size = event.reduce((a, b) => a * b, 1);
  const values = Array.from(x.dataSync().slice(position * size, (position + 1) * size));
  const shown = values.slice(0, 9).join(', ') + (values.length > 9 ? ', …' : '');
  const text =
    event.length === 0 ? shown : `[${shown}]${event.length > 1 ? ` of shape ${formatShape(event)}` : ''}`;
  const at =
    batch.length === 0
      ? ''
      : ` at index ${formatShape(unravel(position, batch))} of shape ${formatShape(batch)}`;
  return text + at;
}

/** Position of the first false, or −1. Reads a concrete tensor. */
export function firstFalse(ok: tf.Tensor): number {
  return ok.dataSync().findIndex((flag) => flag === 0);
}

/** The constraint with its scalar arguments as numbers, for a message. */
function withNumbers(constraint: Constraint): Constraint {
  const read = (x: unknown): unknown =>
    x instanceof tf.Tensor && x.size === 1 && isConcrete(x) ? x.dataSync()[0] : x;
  const args = Object.entries(constraint.args).map(([name, x]) => [name, read(x)]);
  return constraint.withArgs(Object.fromEntries(args) as typeof constraint.args);
}

/**
 * Whether the values could be read and were found inside the constraint; false if they are traced.
 * @throws {ConstraintError} if a value that can be read lies outside
 */
export function checkParameter(what: Printable, name: string, x: tf.Tensor, constraint: Constraint): boolean {
  if (!isConcrete(x)) return false;
  return tf.tidy(() => {
    const ok = constraint.check(x);
    if (!isConcrete(ok)) return false;
    const bad = firstFalse(ok);
    if (bad < 0) return true;
    const offender = describeOffender(x, bad, constraint.eventDim);
    const required = withNumbers(constraint).toString();
    throw new ConstraintError(
      `parameter '${name}' of ${what.toString()} must satisfy \`${required}\`, got ${offender}`,
      offender.startsWith('NaN')
        ? `look where the NaN comes from: missing values in the data, 0 / 0, the log of a negative number.`
        : `give '${name}' values in \`${required}\`, e.g. map unconstrained numbers there with transformTo(constraint); ` +
            `{ validateArgs: false } skips the check.`,
    );
  });
}

/** The error for a value outside the support. */
export function outsideSupport(
  what: string,
  x: tf.Tensor,
  position: number,
  support: Constraint,
): ConstraintError {
  const offender = describeOffender(x, position, support.eventDim);
  return new ConstraintError(
    `value must lie in the support \`${support.toString()}\` of ${what}, got ${offender}`,
    offender.startsWith('NaN')
      ? 'remove missing values, or mask them out (obsMask, or .mask(…)).'
      : 'correct the value or choose a distribution with that support; { validateArgs: false } gives it the log density −Infinity.',
  );
}
