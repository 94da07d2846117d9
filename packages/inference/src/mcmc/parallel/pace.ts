/** What workers are worth, seen from how fast a chain goes. */

/**
 * Seconds that must be won. A worker costs some 0.1 of processor time until its chains go at full speed (most of it for the
 * engine's compilers), and the first pace of a chain is slower than its later one.
 */
const leastGain = 0.5;
/** Seconds that a run may hold up this thread, which has other things to do between slices of time alone. */
const mostHere = 2;

export class Pace {
  private last: number;

  /**
   * @param made transitions that the chain had made
   * @param clock seconds
   */
  constructor(
    private made: number,
    private readonly clock: () => number = () => performance.now() / 1000,
  ) {
    this.last = clock();
  }

  /**
   * To be asked at the end of each slice of time.
   * @param left transitions of this chain and of those that wait
   * @param numThreads chains that can run at once
   */
  look(made: number, left: number, numThreads: number): Verdict {
    const now = this.clock();
    const seconds = (left * (now - this.last)) / (made - this.made);
    this.last = now;
    this.made = made;
    const together = seconds / numThreads;
    return { isWorthWorkers: seconds - together > leastGain, isLong: together > mostHere };
  }
}

export interface Verdict {
  /** Other threads should help. */
  readonly isWorthWorkers: boolean;
  /** This thread should be free while others work. */
  readonly isLong: boolean;
}
