/** What the functions of JavaScript's `Math` and `Number` become. */
import type { Code } from '../../src/wasm/scalar/code';

const constants: Readonly<Record<string, number>> = {
  'Math.PI': Math.PI, 'Math.E': Math.E, 'Math.LN2': Math.LN2, 'Math.SQRT2': Math.SQRT2, 'Math.SQRT1_2': Math.SQRT1_2,
  'Math.LN10': Math.LN10, 'Number.MAX_VALUE': Number.MAX_VALUE, 'Number.EPSILON': Number.EPSILON,
}; // prettier-ignore

export const constantOf = (name: string): number | undefined => constants[name];

const instructions: Readonly<Record<string, string>> = {
  'Math.abs': 'f64.abs', 'Math.sqrt': 'f64.sqrt', 'Math.floor': 'f64.floor', 'Math.ceil': 'f64.ceil',
  'Math.trunc': 'f64.trunc', 'Math.min': 'f64.min', 'Math.max': 'f64.max',
}; // prettier-ignore

/**
 * Vector functions of the compiler by their names there. The exponential is the one that rounds best: these functions
 * multiply its error by what they raise it to.
 */
const vectors: Readonly<Record<string, string>> = {
  'Math.exp': 'portableExp', 'Math.expm1': 'expm1', 'Math.log': 'log', 'Math.log1p': 'log1p', 'Math.sin': 'sin',
  'Math.cos': 'cos', 'Math.tan': 'tan', 'Math.pow': 'pow', 'Math.atan': 'atan',
}; // prettier-ignore

/** An expression, if the function is an instruction or made of some. Arguments are evaluated once where they are locals. */
export function builtin(name: string, args: readonly Code[]): Code | undefined {
  const [x] = args;
  const instruction = instructions[name];
  if (instruction !== undefined) return [instruction, ...args];
  const vector = vectors[name];
  if (vector !== undefined) return ['math', vector, ...args];
  switch (name) {
    // Half-way cases up; x + 0.5 could round.
    case 'Math.round': {
      const floor: Code = ['f64.floor', x];
      return ['select.f64', ['+', floor, 1], floor, ['f64.ge', ['-', x, floor], 0.5]];
    }
    case 'Math.sign':
      return ['select.f64', ['f64.copysign', 1, x], x, ['i32.or', ['f64.lt', x, 0], ['f64.gt', x, 0]]];
    case 'Number':
      return x;
    default:
      return undefined;
  }
}

/** A condition, if the function is one. */
export function test(name: string, [x, y]: readonly Code[]): Code | undefined {
  switch (name) {
    case 'Number.isNaN':
      return ['f64.ne', x, x];
    case 'Number.isFinite':
      return ['f64.lt', ['f64.abs', x], Infinity];
    case 'Number.isInteger':
      return ['i32.and', ['f64.eq', ['f64.floor', x], x], ['f64.lt', ['f64.abs', x], Infinity]];
    case 'Object.is':
      return ['same', x, y];
    default:
      return undefined;
  }
}
