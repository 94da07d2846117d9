/** Names of sites. */
import { ArgumentError } from '@pyro-ts/distributions';
import { describeValue } from '@pyro-ts/ops';

/** @throws {ArgumentError} unless the name is a line of text */
export function checkName(primitive: string, name: unknown): asserts name is string {
  if (typeof name === 'string' && name !== '' && !name.includes('\n')) return;
  if (typeof name === 'string' && name !== '') {
    throw new ArgumentError(
      `the name of a site must be one line; that of a ${primitive} is '${name.replaceAll(/\s*\n\s*/g, ' ')}'`,
      'build names from numbers, not from tensors: `x_${i}`.',
    );
  }
  throw new ArgumentError(
    `the first argument of ${primitive} must be the name of the site; it is ${describeValue(name)}`,
    `write ${primitive}('name', …), with a name that no other site of the run has.`,
  );
}
