/** Whether workers would be faster, seen from how fast a chain goes. */
import { processorSeconds } from '../../platform/node';

/**
 * Seconds that must be won. Two workers cost some 0.25 of processor time until their chains go at full speed (most of it
 * for the engine's compilers, in each anew), and the first pace of a chain is slower than its later one.
 */
const leastGain = 0.5;

export class Pace {
  private last: number;

  /**
   * @param made transitions that the chain had made
   * @param clock seconds of work
   */
  constructor(
    private made: number,
    private readonly clock: () => number = processorSeconds,
  ) {
    this.last = clock();
  }

  /**
   * To be asked at the end of each slice of time.
   * @param left transitions of this chain and of those that wait
   */
  isWorthWorkers(made: number, left: number, numWorkers: number): boolean {
    const now = this.clock();
    const seconds = (left * (now - this.last)) / (made - this.made);
    this.last = now;
    this.made = made;
    return seconds - seconds / numWorkers > leastGain;
  }
}
