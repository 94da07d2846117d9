/** Threads at work on one queue of chains. */
import type { ChainJob } from '../job';
import type { Crew } from './crew';
import type { RunMessage, SliceMessage } from './messages';
import type { Queue } from './queue';
import type { Loss, News, Outcome, Thread } from './thread';

/** How long a worker may go on with the transition it is in after it was told to stop; then it is ended. */
const graceSeconds = 5;

export interface PoolOptions {
  readonly queue: Queue;
  readonly crew: Crew;
  readonly signal: AbortSignal;
  /** Everything but the jobs. */
  readonly message: Omit<RunMessage, 'id' | 'jobs' | 'taken'>;
  readonly onSlice: (slice: SliceMessage) => void;
  readonly onEnd: (chain: number, outcome: Outcome) => void;
}

/**
 * A worker that dies takes its chain with it, and another takes its place for the chains that wait. What no worker could
 * be had for is left: jobs that nobody took in the queue, others in `refused`.
 */
export class Pool {
  /** Why no worker could be had, if that was so. */
  refusal: string | undefined;
  /** Jobs that were taken for a worker that then was not to be had. */
  readonly refused: ChainJob[] = [];
  /** At work, each with the chain that it is at. */
  private readonly threads = new Map<Thread, number | undefined>();
  /** Jobs of the queue that threads have begun. */
  private begun = 0;
  private readonly serving: Promise<void>[] = [];
  private grace: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: PoolOptions) {
    options.signal.addEventListener('abort', this.stop);
  }

  /** Threads that were asked to work here. */
  get size(): number {
    return this.serving.length;
  }

  /**
   * Puts one more thread to work.
   * @param first a job that is to be done before those of the queue
   */
  add(first?: ChainJob): void {
    this.serving.push(this.serve(first));
  }

  /** Waits until all work is done. */
  async close(): Promise<void> {
    try {
      this.letGo();
      await Promise.all(this.serving);
    } finally {
      clearTimeout(this.grace);
      this.options.signal.removeEventListener('abort', this.stop);
    }
  }

  /** Nothing more is begun, and chains end with their slice of time. */
  readonly stop = (): void => {
    this.options.queue.close();
    for (const thread of this.threads.keys()) thread.stop();
    this.grace = setTimeout(() => {
      for (const thread of this.threads.keys()) void thread.terminate();
    }, graceSeconds * 1000);
  };

  /** Those that will find nothing to do are not waited for. */
  private letGo(): void {
    if (!this.options.queue.isEmpty(this.begun)) return;
    for (const [thread, chain] of this.threads) if (chain === undefined) thread.letGo();
  }

  private async serve(first: ChainJob | undefined): Promise<void> {
    const { queue, crew } = this.options;
    let thread: Thread | undefined;
    let own = first;
    try {
      while (!this.options.signal.aborted && (own !== undefined || queue.waiting > 0)) {
        // Where there is no memory to share, jobs are taken here, one at a time.
        if (queue.shared === undefined) own ??= queue.take();
        const jobs = own === undefined ? queue.jobs : [own];
        thread ??= await crew.take();
        if (this.options.signal.aborted || (own === undefined && queue.waiting === 0)) break;
        this.threads.set(thread, own?.chain);
        const loss = await this.runOn(thread, jobs, own === undefined);
        // One that ended itself just now, for want of work, has not taken the job: another will.
        if (loss?.answered !== false) own = undefined;
        else if (!thread.hasAnswered) throw new Error(loss.reason);
        if (loss === undefined) continue;
        this.threads.delete(thread);
        await crew.giveBack(thread);
        thread = undefined;
      }
    } catch (error) {
      if (!this.options.signal.aborted) this.refusal = error instanceof Error ? error.message : String(error);
      if (own !== undefined) this.refused.push(own);
    }
    if (thread === undefined) return;
    this.threads.delete(thread);
    await crew.giveBack(thread);
  }

  /** @param isQueue whether the jobs are those of the queue */
  private async runOn(
    thread: Thread,
    jobs: readonly ChainJob[],
    isQueue: boolean,
  ): Promise<Loss | undefined> {
    const { message, onSlice, onEnd, queue } = this.options;
    const hear = (news: News): void => {
      if (news.type === 'slice') return onSlice(news);
      this.threads.set(thread, news.type === 'started' ? news.chain : undefined);
      if (news.type !== 'started') onEnd(news.chain, news);
      else if (isQueue) this.begun++;
      this.letGo();
    };
    const loss = await thread.run({ ...message, jobs, taken: isQueue ? queue.shared : undefined }, hear);
    const chain = this.threads.get(thread);
    if (loss !== undefined && loss.answered && chain !== undefined)
      onEnd(chain, { type: 'lost', reason: loss.reason });
    return loss;
  }
}
