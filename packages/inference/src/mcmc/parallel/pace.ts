/** Whether workers would be faster, seen from how fast a chain goes. */

/** Seconds that must be won: workers take about 0.1 to start, and the first pace of a chain is slower than its later one. */
const startSeconds = 0.4;

export class Pace {
  private last = performance.now();

  /** @param made transitions that the chain had made */
  constructor(private made: number) {}

  /**
   * To be asked at the end of each slice of time.
   * @param left transitions of this chain and of those that wait
   */
  isWorthWorkers(made: number, left: number, numWorkers: number): boolean {
    const now = performance.now();
    const seconds = (left * (now - this.last)) / (made - this.made) / 1000;
    this.last = now;
    this.made = made;
    return seconds - seconds / numWorkers > startSeconds;
  }
}
