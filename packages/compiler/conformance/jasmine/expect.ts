/** Jasmine's `expect`, with the matchers that the tests of tfjs use. */
import { inspect } from 'node:util';
import { equals } from './equality';
import { isSpy, type Spy } from './spy';

type Outcome = boolean | Promise<boolean>;
type Matcher = (actual: unknown, ...expected: unknown[]) => Outcome;

function thrownBy(f: unknown): { error: unknown } | undefined {
  try {
    (f as () => unknown)();
  } catch (error) {
    return { error };
  }
  return undefined;
}

/** `toThrowError(message | pattern | class, message | pattern)`. */
function errorFits(error: unknown, wanted: readonly unknown[]): boolean {
  if (!(error instanceof Error)) return false;
  return wanted.every((want) => {
    if (want === undefined) return true;
    if (typeof want === 'string') return error.message === want;
    if (want instanceof RegExp) return want.test(error.message);
    return error instanceof (want as new () => Error);
  });
}

function spied(value: unknown): Spy {
  if (!isSpy(value)) throw new TypeError(`not a spy: ${inspect(value)}`);
  return value;
}

const matchers: Readonly<Record<string, Matcher>> = {
  toBe: (a, b) => Object.is(a, b) || a === b,
  toEqual: equals,
  toBeCloseTo: (a, b, digits = 2) =>
    Math.abs((a as number) - (b as number)) < 10 ** -(digits as number) / 2 || a === b,
  toBeDefined: (a) => a !== undefined,
  toBeUndefined: (a) => a === undefined,
  toBeNull: (a) => a === null,
  toBeTrue: (a) => a === true,
  toBeFalse: (a) => a === false,
  toBeTruthy: Boolean,
  toBeFalsy: (a) => !a,
  toBeNaN: Number.isNaN,
  toBeGreaterThan: (a, b) => (a as number) > (b as number),
  toBeGreaterThanOrEqual: (a, b) => (a as number) >= (b as number),
  toBeLessThan: (a, b) => (a as number) < (b as number),
  toBeLessThanOrEqual: (a, b) => (a as number) <= (b as number),
  toContain: (a, b) => (a as readonly unknown[]).includes(b),
  toMatch: (a, b) => new RegExp(b as RegExp).test(a as string),
  toThrow: (f) => thrownBy(f) !== undefined,
  toThrowError: (f, ...wanted) => {
    const thrown = thrownBy(f);
    return thrown !== undefined && errorFits(thrown.error, wanted);
  },
  toBeRejectedWithError: (promise, ...wanted) =>
    (promise as Promise<unknown>).then(
      () => false,
      (error: unknown) => errorFits(error, wanted),
    ),
  toHaveBeenCalled: (spy) => spied(spy).calls.count() > 0,
  toHaveBeenCalledTimes: (spy, times) => spied(spy).calls.count() === times,
  toHaveBeenCalledWith: (spy, ...args) =>
    spied(spy)
      .calls.all()
      .some((call) => equals(call.args, args)),
};

function explain(name: string, negated: boolean, actual: unknown, expected: readonly unknown[]): string {
  const thrown = typeof actual === 'function' && !isSpy(actual) ? thrownBy(actual)?.error : undefined;
  const shown =
    thrown instanceof Error ? `a function that throws ${inspect(thrown.message)}` : inspect(actual);
  return `expected ${shown} ${negated ? 'not ' : ''}${name} ${expected.map((e) => inspect(e)).join(', ')}`;
}

function assertions(actual: unknown, negated: boolean): Record<string, (...expected: unknown[]) => unknown> {
  const made: Record<string, (...expected: unknown[]) => unknown> = {};
  for (const [name, matcher] of Object.entries(matchers)) {
    made[name] = (...expected) => {
      const check = (fits: boolean): void => {
        if (fits === negated) throw new Error(explain(name, negated, actual, expected));
      };
      const outcome = matcher(actual, ...expected);
      return typeof outcome === 'boolean' ? check(outcome) : outcome.then(check);
    };
  }
  return made;
}

/** `expectAsync`: for promises; the matchers are those of `expect`. */
export function expectationAsync(promise: unknown): object {
  return assertions(promise, false);
}

export function expectation(actual?: unknown): object {
  return {
    ...assertions(actual, false),
    not: assertions(actual, true),
    nothing: () => undefined,
    withContext: () => expectation(actual),
  };
}
