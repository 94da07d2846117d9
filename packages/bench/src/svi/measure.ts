/** Steps per second of several contestants, slice by slice in turn, so that a busy machine is busy for all of them. */
import type { Contestant } from './contestants';

export interface Timing {
  readonly name: string;
  /** Medians over the slices; microseconds of all threads together. */
  readonly stepsPerSecond: number;
  readonly cpuMicroseconds: number;
  /** Of each slice, in order. */
  readonly slices: readonly number[];
  readonly loss: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** A number of steps that takes about so long, compiled and warmed up. */
async function calibrate(contestant: Contestant, seconds: number): Promise<number> {
  let steps = 20;
  for (;;) {
    // The first slice of a length may compile.
    await contestant.run(steps);
    const slice = await contestant.run(steps);
    if (slice.seconds > seconds / 3) return Math.max(1, Math.round((steps * seconds) / slice.seconds));
    steps = Math.ceil(steps * Math.min(20, (0.8 * seconds) / slice.seconds));
  }
}

export async function measure(
  contestants: readonly Contestant[],
  rounds: number,
  seconds: number,
): Promise<Timing[]> {
  const entries = [];
  for (const contestant of contestants) {
    const steps = await calibrate(contestant, seconds);
    await contestant.run(steps);
    entries.push({ contestant, steps, rates: [] as number[], cpu: [] as number[], loss: NaN });
  }
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      const { seconds: taken, cpuSeconds, loss } = await entry.contestant.run(entry.steps);
      entry.rates.push(entry.steps / taken);
      entry.cpu.push((1e6 * cpuSeconds) / entry.steps);
      entry.loss = loss;
    }
  }
  return entries.map(({ contestant: { name }, rates, cpu, loss }) => ({
    name,
    stepsPerSecond: median(rates),
    cpuMicroseconds: median(cpu),
    slices: rates,
    loss,
  }));
}

/** Median over the rounds of one contestant's rate over another's in the same round. */
export const pairedRatio = (a: Timing, b: Timing): number =>
  median(a.slices.map((rate, i) => rate / b.slices[i]));
