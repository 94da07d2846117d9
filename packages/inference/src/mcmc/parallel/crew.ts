/** Where threads come from and where they go: those of the last run are there for the next one. */
import { numCores } from '../../platform/node';
import { Thread, type WorkerLike } from './thread';

/** Booted, their code compiled by the engine, and without work; they do not keep a process alive. */
const idle: Thread[] = [];

/** The threads of one run. */
export class Crew {
  /** Those that nobody has asked for yet. */
  private readonly ready: Promise<Thread>[] = [];

  /** @param createWorker the user's; workers that it makes do not outlive the run */
  constructor(private readonly createWorker: (() => WorkerLike) | undefined) {}

  /** Gets so many ready, to boot while this thread does something else. */
  prepare(count: number): void {
    while (this.ready.length < count) {
      const thread = this.find();
      // A failure is for whoever asks for the thread.
      thread.catch(() => undefined);
      this.ready.push(thread);
    }
  }

  /** Whether there are threads that wait for work. */
  get isReady(): boolean {
    return this.ready.length > 0;
  }

  /** @throws what the platform does if it has no workers to give */
  take(): Promise<Thread> {
    return this.ready.shift() ?? this.find();
  }

  /** Takes up to so many that have booted and have no work. */
  takeIdle(count: number): Thread[] {
    const found: Thread[] = [];
    for (const thread of idle.filter(({ isAlive, hasAnswered }) => isAlive && hasAnswered)) {
      if (found.length >= count) break;
      idle.splice(idle.indexOf(thread), 1);
      thread.keepsProcess = true;
      found.push(thread);
    }
    return found;
  }

  /** Takes back a thread that is free, or dead. */
  async giveBack(thread: Thread): Promise<void> {
    if (this.createWorker !== undefined || !thread.isAlive || idle.length >= numCores()) {
      await thread.terminate();
      return;
    }
    thread.keepsProcess = false;
    idle.push(thread);
  }

  /** Gives back those that nobody asked for. */
  async dispose(): Promise<void> {
    const unused = await Promise.allSettled(this.ready.splice(0));
    for (const result of unused) if (result.status === 'fulfilled') await this.giveBack(result.value);
  }

  private async find(): Promise<Thread> {
    if (this.createWorker !== undefined) return Thread.start(this.createWorker);
    for (let thread = idle.pop(); thread !== undefined; thread = idle.pop()) {
      if (!thread.isAlive) continue;
      thread.keepsProcess = true;
      return thread;
    }
    return Thread.start();
  }
}
