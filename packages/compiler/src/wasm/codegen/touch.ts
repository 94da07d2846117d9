/** Reading ahead: WebAssembly has no prefetch, but a load whose result is not used is one. */
import type { FunctionBuilder, Variable } from '../assembler';

/** Bytes that come into the first cache together. */
const line = 64;

/** Reads something that is needed later while `bytes` bytes are read that are needed now. */
export type Touch = (bytes: number) => void;

/**
 * Half as many bytes are touched as are read: two kernels that walk a block of memory bring in the next one. Never more
 * than as many, so that it is known how far the pointer goes.
 */
export function touchAhead(f: FunctionBuilder, pointer: Variable, offset: number): Touch {
  return (bytes) => {
    const lines = Math.round(bytes / 2 / line);
    if (lines === 0) return;
    for (let i = 0; i < lines; i++) f.drop(f.load('i32.load', f.get(pointer), offset + i * line));
    f.set(pointer, f.op('i32.add', f.get(pointer), f.i32(lines * line)));
  };
}
