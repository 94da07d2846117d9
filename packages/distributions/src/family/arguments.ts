/** Turns what a caller wrote — positional, named, options last — into one record of parameters by name. */
import { ArgumentError } from '../errors';
import { isDistribution } from '../distribution';
import { flattenParams, type Param, type Params } from './params';

export interface FamilyOptions {
  /** Check parameters here and values in `logProb`. Default: the global setting of `enableValidation`. */
  readonly validateArgs?: boolean;
}

/** Options as a call writes them: the key is required, so that a misspelt one does not compile. */
export interface CallOptions {
  readonly validateArgs: boolean | undefined;
}

export interface ParsedArguments {
  readonly values: Readonly<Record<string, unknown>>;
  readonly options: FamilyOptions;
}

/** An object literal: not an array, a tensor, an NdArray, nor anything with a brand (distributions, constraints, transforms). */
function isRecord(x: unknown): x is Readonly<Record<string, unknown>> {
  if (typeof x !== 'object' || x === null || isDistribution(x)) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  // An object literal of another realm has another Object.prototype, whose own prototype is null all the same.
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const branded = Object.getOwnPropertySymbols(x).length > 0;
  return plain && !branded && !Array.isArray(x) && !('data' in x && 'shape' in x && 'dtype' in x);
}

function isOptions(x: unknown): x is FamilyOptions {
  return isRecord(x) && Object.keys(x).every((key) => key === 'validateArgs') && Object.keys(x).length === 1;
}

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** A call that is right, to show in an error: `Gamma({concentration, rate})`. */
export function usage(family: string, params: Params): string {
  const names = params.map((entry) =>
    'alternatives' in entry
      ? entry.alternatives.map(({ name }) => name).join(' | ')
      : entry.need === 'required'
        ? entry.name
        : `${entry.name}?`,
  );
  return `${family}({ ${names.join(', ')} })`;
}

function fromNamed(family: string, params: Params, named: Readonly<Record<string, unknown>>) {
  const known = new Set(flattenParams(params).map(({ name }) => name));
  const unknown = Object.keys(named).filter((name) => !known.has(name) && named[name] !== undefined);
  if (unknown.length === 0) return named;
  throw new ArgumentError(
    `${family} has no parameter ${quoted(unknown)}; its parameters are ${quoted([...known])}`,
    `write ${usage(family, params)}.`,
  );
}

function fromPositional(family: string, params: Params, args: readonly unknown[]) {
  const flat = flattenParams(params);
  if (args.length > flat.length) {
    throw new ArgumentError(
      `${family} takes at most ${flat.length} parameters, got ${args.length}`,
      `write ${usage(family, params)}, with options like { validateArgs: false } last.`,
    );
  }
  return Object.fromEntries(flat.map(({ name }, i) => [name, args[i]]));
}

function withDefault(family: string, params: Params, spec: Param, value: unknown): unknown {
  if (value !== undefined) return value;
  if (spec.need !== 'required') return spec.need === 'optional' ? spec.defaultValue : undefined;
  throw new ArgumentError(
    `${family} needs parameter '${spec.name}'`,
    `write ${usage(family, params)}; the value undefined counts as absent.`,
  );
}

/** Defaults filled in; exactly one member of each group of alternatives. */
export function completeArguments(
  family: string,
  params: Params,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  const keep = (spec: Param, value: unknown): void => {
    if (value !== undefined) values[spec.name] = value;
  };
  for (const entry of params) {
    if (!('alternatives' in entry)) {
      keep(entry, withDefault(family, params, entry, given[entry.name]));
      continue;
    }
    const present = entry.alternatives.filter(({ name }) => given[name] !== undefined);
    const fallback = entry.alternatives.find(({ defaultValue }) => defaultValue !== undefined);
    if (present.length > 1 || (present.length === 0 && fallback === undefined)) {
      const names = quoted(entry.alternatives.map(({ name }) => name));
      const got = present.length === 0 ? 'none' : quoted(present.map(({ name }) => name));
      throw new ArgumentError(
        `${family} takes exactly one of ${names}, got ${got}`,
        `write ${usage(family, params)}; the value undefined counts as absent.`,
      );
    }
    const chosen = present[0] ?? fallback;
    if (chosen !== undefined) keep(chosen, given[chosen.name] ?? chosen.defaultValue);
  }
  return values;
}

/** @throws {ArgumentError} on unknown, missing, surplus or contradictory parameters */
export function parseArguments(family: string, params: Params, args: readonly unknown[]): ParsedArguments {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && isOptions(last);
  const rest = hasOptions ? args.slice(0, -1) : args;
  const named = rest.length === 1 && isRecord(rest[0]) ? fromNamed(family, params, rest[0]) : undefined;
  const given = named ?? fromPositional(family, params, rest);
  return { values: completeArguments(family, params, given), options: hasOptions ? last : {} };
}
