/** What a function body is made of before it is encoded: single-assignment values, variables and control markers. */
import type { Instruction } from './instructions';
import type { ValType } from './types';

/** The result of an instruction; assigned once. */
export interface Value {
  readonly type: ValType;
  readonly def: Instr;
  /** How many instructions take it as an operand. */
  uses: number;
  /** The local that holds it, once allocated; -1 while it has none. */
  local: number;
}

/** A mutable local (loop counters, accumulators, results of branches). */
export interface Variable {
  readonly type: ValType;
  local: number;
}

export type Instr =
  | {
      readonly kind: 'op';
      readonly op: Instruction;
      readonly args: readonly Value[];
      /** Offset of memory instructions. */
      readonly offset: number;
      readonly lane: number;
      readonly bytes: readonly number[] | null;
      /** Read after all code is emitted: false drops the instruction. Only for stores. */
      readonly keep: { needed: boolean } | null;
    }
  | { readonly kind: 'const'; readonly type: ValType; readonly value: number | bigint }
  | { readonly kind: 'param'; readonly index: number }
  | { readonly kind: 'get'; readonly variable: Variable }
  | { readonly kind: 'set'; readonly variable: Variable; readonly args: readonly [Value] }
  | {
      readonly kind: 'call';
      readonly callee: { readonly index: number; readonly name: string };
      readonly args: readonly Value[];
      readonly pure: boolean;
    }
  | { readonly kind: 'drop'; readonly args: readonly [Value] }
  | { readonly kind: 'block' | 'loop' | 'else' | 'end' }
  | { readonly kind: 'if'; readonly args: readonly [Value] }
  | { readonly kind: 'br'; readonly depth: number }
  | { readonly kind: 'br_if'; readonly depth: number; readonly args: readonly [Value] }
  | { readonly kind: 'return'; readonly args: readonly Value[] }
  /** A place into which instructions are still put after later ones exist (loop-invariant values). */
  | { readonly kind: 'preheader'; readonly body: Entry[] };

/** An instruction with its result, in the order of the program. */
export interface Entry {
  readonly instr: Instr;
  readonly result: Value | null;
}

export function operandsOf(instr: Instr): readonly Value[] {
  return 'args' in instr ? instr.args : [];
}
