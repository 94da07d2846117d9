/** Misspelt options are errors: ignored, they would silently mean the default. */
import { OptionError } from '../errors';
import { didYouMean } from './did-you-mean';

/** Every option of a type, so that a new one cannot be forgotten here, and whether it must be given. */
export type OptionNames<Options extends object> = Readonly<
  Record<keyof Required<Options>, 'optional' | 'required'>
>;

/**
 * @param who as the user wrote it: `sample`, `MCMC`
 * @param site the site whose options these are
 * @returns the options
 * @throws {OptionError} if `options` is not an object, has a name that is not one of `known`, or lacks a required one
 */
export function checkOptions<Options extends object>(
  who: string,
  options: Options,
  known: OptionNames<Options>,
  site?: string,
): Options {
  const names = Object.keys(known);
  const example = `{ ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} }`;
  if (
    typeof options !== 'object' ||
    options === null ||
    Array.isArray(options) ||
    ArrayBuffer.isView(options)
  ) {
    throw new OptionError(
      `the options of ${who} must be an object; they are ${describeValue(options)}\n  Fix: pass them by name: ${example}.`,
      site,
    );
  }
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const advice = didYouMean(name, names) ?? 'use one of those names, or leave it out.';
    throw new OptionError(
      `${who} has no option '${name}'; its options are ${names.join(', ')}\n  Fix: ${advice}`,
      site,
    );
  }
  for (const name of names) {
    const needed = (known as Readonly<Record<string, string>>)[name] === 'required';
    if (!needed || (options as Readonly<Record<string, unknown>>)[name] !== undefined) continue;
    throw new OptionError(`${who} needs the option '${name}'\n  Fix: pass it: { ${name}: … }.`, site);
  }
  return options;
}

/** What a user passed, in a few words: `the function Normal`, `a tensor of shape [3]`, `'text'`, `Normal(loc: 0, scale: 1)`. */
export function describeValue(x: unknown): string {
  if (typeof x === 'string') return `'${x}'`;
  if (typeof x === 'function') return `the function ${x.name || '(anonymous)'}`;
  if (typeof x !== 'object' || x === null) return String(x);
  if ('shape' in x && Array.isArray(x.shape)) return `a tensor of shape [${x.shape.join(', ')}]`;
  if (Array.isArray(x) || ArrayBuffer.isView(x)) return `an array of ${(x as ArrayLike<unknown>).length}`;
  if (x instanceof Promise) return 'a Promise';
  if (x.toString !== Object.prototype.toString) return (x as { toString(): string }).toString();
  const keys = Object.keys(x);
  return keys.length === 0 || keys.length > 6 ? 'an object' : `an object with ${keys.join(', ')}`;
}
