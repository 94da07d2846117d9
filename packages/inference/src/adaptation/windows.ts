/** Stan's warm-up schedule: which iterations adapt the metric, and when it is renewed. */

/** Iterations start … end − 1. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Whether draws of the window estimate the metric, which is renewed after its last one. */
  readonly adaptsMetric: boolean;
}

/** Stan's sizes (reference manual, "Automatic parameter tuning"). */
const initialBuffer = 75;
const finalBuffer = 50;
const firstWindow = 25;
const shortest = 20;

/**
 * The windows of a warm-up, in order, without gaps. Step size only for 75 iterations; then metric windows of 25, 50,
 * 100, …, the last one stretched so that none shorter than twice its predecessor follows; step size only for 50. With
 * fewer than 150 iterations the buffers are 15 % and 10 %; with fewer than 20 the step size alone is adapted.
 */
export function warmupWindows(numWarmup: number): Window[] {
  if (numWarmup < shortest) {
    return numWarmup > 0 ? [{ start: 0, end: numWarmup, adaptsMetric: false }] : [];
  }
  const fits = initialBuffer + firstWindow + finalBuffer <= numWarmup;
  const first = fits ? initialBuffer : Math.floor(0.15 * numWarmup);
  const last = numWarmup - (fits ? finalBuffer : Math.floor(0.1 * numWarmup));
  let size = fits ? firstWindow : last - first;

  const windows: Window[] = [{ start: 0, end: first, adaptsMetric: false }];
  for (let start = first; start < last; size *= 2) {
    // A window but the first is stretched to the end if the next, twice as long, would pass it.
    const stretch = start > first && start + size + 2 * size > last;
    const end = stretch ? last : Math.min(start + size, last);
    windows.push({ start, end, adaptsMetric: true });
    start = end;
  }
  windows.push({ start: last, end: numWarmup, adaptsMetric: false });
  return windows;
}
