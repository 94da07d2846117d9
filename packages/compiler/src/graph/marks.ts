/** Marks on values, in loops that leave nothing to collect: every pass runs them over every node of a program. */
import type { ValueId } from './graph';

export function mark(marks: Uint8Array, values: readonly ValueId[]): void {
  for (let i = 0; i < values.length; i++) marks[values[i]] = 1;
}

export function isAnyMarked(marks: Uint8Array, values: readonly ValueId[]): boolean {
  for (let i = 0; i < values.length; i++) if (marks[values[i]] === 1) return true;
  return false;
}
