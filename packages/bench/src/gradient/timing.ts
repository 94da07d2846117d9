/** Timing a compiled program in slices. */
import type { CompiledGradient } from './compiled-gradient';

type Program = CompiledGradient['program'];

/** Long enough that clocks and wake-ups do not count, short enough to fall between interruptions. */
const sliceUs = 2000;
const warmUpMs = 300;

/** Sorts the samples. */
export const median = (samples: number[]): number => samples.sort((a, b) => a - b)[samples.length >> 1];

/** Microseconds per call. */
export function timeProgram(program: Program, repetitions: number): number {
  const start = performance.now();
  for (let i = 0; i < repetitions; i++) program.call();
  return ((performance.now() - start) * 1000) / repetitions;
}

/** Calls the program until the engine has replaced its quick code by its fast code. @returns calls that fill a slice */
export function repetitionsAfterWarmUp(program: Program): number {
  let roughly = timeProgram(program, 3);
  for (const start = performance.now(); performance.now() - start < warmUpMs;) {
    roughly = timeProgram(program, Math.max(3, Math.ceil(sliceUs / roughly)));
  }
  return Math.max(3, Math.ceil(sliceUs / roughly));
}
