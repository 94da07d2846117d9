/**
 * Functions of numbers as data: what the scalar functions of ops are translated to (test/scalar-functions), and what
 * `link.ts` makes WebAssembly of. All values are doubles; conditions are 0 or 1 in an i32.
 */

/**
 * A number; a local, by number in a string; `['table', name]`, the address of a table; `['at', address, k]`, the k-th
 * double from an address; `['slot', k]`, what the last call gave out beside its result; or an instruction.
 */
export type Code = number | string | readonly [string, ...(Code | string | number)[]];

export type Step =
  | readonly ['set', number, Code]
  /** Results go to locals: the first from the call, the others from the slots. */
  | readonly ['call', string, readonly Code[], readonly number[]]
  /** The word-wise parts of a double: see `highWord` in ops. */
  | readonly ['if', Code, readonly Step[], readonly Step[]]
  /** Until a break; the second list runs after each turn, continued or not. */
  | readonly ['loop', readonly Step[], readonly Step[]]
  | readonly ['break']
  | readonly ['continue']
  | readonly ['return', readonly Code[]];

export interface ScalarFunction {
  /** They are the first locals. */
  readonly params: number;
  readonly locals: number;
  readonly body: readonly Step[];
}

/** Numbers, rows of numbers (each becomes its address and length), and so on. */
export type Table = readonly (number | Table)[];
