/** The chains of a run, taken one by one by whoever is free, in whatever thread. */
import type { ChainJob } from '../job';

/** Takes the next job: `next`, which threads may share, counts those that are taken. */
export const takeJob = (jobs: readonly ChainJob[], next: Int32Array): ChainJob | undefined =>
  jobs[Atomics.add(next, 0, 1)];

export class Queue {
  private readonly next: Int32Array;
  /** Jobs that were taken in this thread. */
  private here = 0;

  constructor(readonly jobs: readonly ChainJob[]) {
    const isShared = typeof SharedArrayBuffer !== 'undefined';
    this.next = new Int32Array(isShared ? new SharedArrayBuffer(4) : new ArrayBuffer(4));
  }

  /** The count for other threads, which then need not ask here; undefined where memory cannot be shared. */
  get shared(): Int32Array | undefined {
    return this.next.buffer instanceof ArrayBuffer ? undefined : this.next;
  }

  /** Jobs that nobody has taken. */
  get waiting(): number {
    return Math.max(0, this.jobs.length - Atomics.load(this.next, 0));
  }

  take(): ChainJob | undefined {
    const job = takeJob(this.jobs, this.next);
    if (job !== undefined) this.here++;
    return job;
  }

  /** Whether nothing waits, and nobody can have taken a job that is not known of. @param elsewhere known of, not taken here */
  isEmpty(elsewhere: number): boolean {
    return this.waiting === 0 && this.here + elsewhere === this.jobs.length;
  }

  /** Nothing is taken any more. */
  close(): void {
    Atomics.store(this.next, 0, this.jobs.length);
  }
}
