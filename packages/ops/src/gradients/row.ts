/** The form of a gradient rule, and factories for the common ones. */
import type * as tfjs from '@tensorflow/tfjs';
import type { Attrs } from '../kernels/kernel';
import { fill, sumTo } from './primitives';

/** Cotangents of the inputs, made when asked for. Each call makes a new tensor, never one of its arguments. */
export type Cotangents = Record<string, () => tfjs.Tensor>;

/**
 * How cotangents of a kernel's outputs become those of its inputs. Rules run kernels of the table only and read no
 * values, so they can be differentiated and traced.
 */
export interface GradientRow {
  /** Inputs that the rule needs, in this order in `saved`, … */
  readonly inputsToSave?: string[];
  /** … or all of a kernel that takes a list, … */
  readonly saveAllInputs?: boolean;
  /** … then the outputs marked here. */
  readonly outputsToSave?: boolean[];
  /** `dy` is a list for kernels with several outputs. */
  gradFunc(dy: tfjs.Tensor | tfjs.Tensor[], saved: tfjs.Tensor[], attrs: Attrs): Cotangents;
}

/** `null`: constant almost everywhere, or made of integers; the cotangent of every input is zero. */
export type GradientEntry = GradientRow | null;

type T = tfjs.Tensor;

/** Rule of y = f(x) from the input. */
export function fromInput(rule: (dy: T, x: T, attrs: Attrs) => T, input = 'x'): GradientRow {
  return {
    inputsToSave: [input],
    gradFunc: (dy, [x], attrs) => ({ [input]: () => rule(dy as T, x, attrs) }),
  };
}

/** Rule of y = f(x) from the output. */
export function fromOutput(rule: (dy: T, y: T, attrs: Attrs) => T, input = 'x'): GradientRow {
  return {
    outputsToSave: [true],
    gradFunc: (dy, [y], attrs) => ({ [input]: () => rule(dy as T, y, attrs) }),
  };
}

/** Rule of y = f(x) from input and output. */
export function fromBoth(rule: (dy: T, x: T, y: T, attrs: Attrs) => T, input = 'x'): GradientRow {
  return {
    inputsToSave: [input],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attrs) => ({ [input]: () => rule(dy as T, x, y, attrs) }),
  };
}

/** Rule of y = f(x) from nothing but the cotangent. */
export function fromCotangent(rule: (dy: T, attrs: Attrs) => T, input = 'x'): GradientRow {
  return { gradFunc: (dy, _saved, attrs) => ({ [input]: () => rule(dy as T, attrs) }) };
}

/**
 * Rule of a broadcasting kernel y = f(a, b): cotangents in the shape of y, summed here to the shapes of a and b.
 * With `needsOutput`, y is the last argument.
 */
export function broadcasting(
  da: (dy: T, a: T, b: T, y: T) => T,
  db: (dy: T, a: T, b: T, y: T) => T,
  [nameA, nameB]: readonly [string, string] = ['a', 'b'],
  needsOutput = false,
): GradientRow {
  return {
    inputsToSave: [nameA, nameB],
    outputsToSave: [needsOutput],
    gradFunc: (dy, [a, b, y]) => ({
      [nameA]: () => sumTo(da(dy as T, a, b, y), a.shape),
      [nameB]: () => sumTo(db(dy as T, a, b, y), b.shape),
    }),
  };
}

/** The rule of a `null` entry. */
export function zeroRule(inputs: readonly string[] | 'list'): GradientRow {
  if (inputs === 'list') {
    return {
      saveAllInputs: true,
      gradFunc: (_dy, saved) => Object.fromEntries(saved.map((x, i) => [String(i), () => fill(x.shape, 0)])),
    };
  }
  const names = inputs.filter((name) => !name.endsWith('?'));
  return {
    inputsToSave: names,
    gradFunc: (_dy, saved) =>
      Object.fromEntries(names.map((name, i) => [name, () => fill(saved[i].shape, 0)])),
  };
}
