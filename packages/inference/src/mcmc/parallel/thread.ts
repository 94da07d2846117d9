/** A worker, of Node or of a browser, behind one interface. */
import type { SiteConvergence } from '@pyro-ts/diagnostics';
import { nodeModule, nodeProcess, type NodeWorker } from '../../platform/node';
import type { ErrorData, FromWorker, JudgeMessage, RunMessage, ToWorker } from './messages';
import { workerSource } from './source';

/** A `Worker` of the platform that runs the script `@pyro-ts/inference/worker`. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): unknown;
}
interface WebWorker extends WorkerLike {
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
}

/** How a chain ended: `lost` with its worker, `failed` by an error in the chain. */
export type Outcome =
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'lost'; readonly reason: string };

/** What a worker tells of its chains. */
export type News = Exclude<FromWorker, { type: 'free' | 'judged' }>;

/** A worker that died. */
export interface Loss {
  readonly reason: string;
  /** Whether it had said anything about this run. */
  readonly answered: boolean;
}

/** Whether there are workers here. */
export function hasThreads(): boolean {
  return nodeProcess() !== undefined || typeof Worker !== 'undefined';
}

async function create(): Promise<WorkerLike> {
  const given = workerSource();
  // Not awaited where it is at hand: the worker boots from now on, whatever this thread does next.
  const source = typeof given === 'string' ? given : await given;
  const threads = nodeModule('node:worker_threads');
  if (threads !== undefined) return new threads.Worker(source, { eval: true, execArgv: [] });
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    // The worker has its script as soon as it is constructed; the address may go.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

export class Thread {
  private onMessage: (message: FromWorker) => void = () => undefined;
  private onDeath: (reason: string) => void = () => undefined;
  private onFree: () => void = () => undefined;
  private death: string | undefined;
  private runs = 0;
  /** Whether it has ever said anything. */
  hasAnswered = false;

  private constructor(private readonly worker: WorkerLike) {
    const message = (data: unknown): void => {
      this.hasAnswered = true;
      this.onMessage(data as FromWorker);
    };
    if (isNodeWorker(worker)) {
      worker.on('message', message);
      worker.on('error', (error) => this.die(describe(error)));
      worker.on('exit', (code) => this.die(`its worker was ended (exit code ${code})`));
    } else {
      const web = worker as WebWorker;
      web.onmessage = ({ data }) => message(data);
      web.onerror = (event) => this.die(event.message ?? 'its worker could not be started');
    }
  }

  /** @throws what the platform does if it has no workers to give */
  static async start(createWorker?: () => WorkerLike): Promise<Thread> {
    return new Thread(createWorker === undefined ? await create() : createWorker());
  }

  get isAlive(): boolean {
    return this.death === undefined;
  }

  /**
   * Runs chains.
   * @param hear is told what the worker tells
   * @returns undefined when the worker is free again
   */
  run(message: Omit<RunMessage, 'id'>, hear: (news: News) => void): Promise<Loss | undefined> {
    let answered = false;
    const id = ++this.runs;
    return new Promise((resolve) => {
      this.onFree = () => resolve(undefined);
      this.onDeath = (reason) => resolve({ reason, answered });
      this.onMessage = (news) => {
        answered = true;
        if (news.type === 'judged') return;
        if (news.type !== 'free') hear(news);
        // One that was let go answers to an earlier message, late.
        else if (news.id === id) this.onFree();
      };
      if (this.death !== undefined) this.onDeath(this.death);
      else this.post({ ...message, id });
    });
  }

  /** R-hat and ESS of sites; undefined if the worker died. */
  judge(sites: JudgeMessage['sites']): Promise<Readonly<Record<string, SiteConvergence>> | undefined> {
    const id = ++this.runs;
    return new Promise((resolve) => {
      this.onDeath = () => resolve(undefined);
      this.onMessage = (news) => {
        if (news.type === 'judged' && news.id === id) resolve(news.convergence);
      };
      if (this.death !== undefined) this.onDeath(this.death);
      else this.post({ type: 'judge', id, sites });
    });
  }

  /** Does not wait for a worker that has nothing to do here: it may not even have booted. */
  letGo(): void {
    this.onFree();
  }

  stop(): void {
    if (this.isAlive) this.post({ type: 'stop' });
  }

  /** Whether it keeps a process of Node from ending. */
  set keepsProcess(keeps: boolean) {
    if (!isNodeWorker(this.worker)) return;
    if (keeps) this.worker.ref();
    else this.worker.unref();
  }

  async terminate(): Promise<void> {
    await this.worker.terminate();
    this.die('its worker was ended');
  }

  private post(message: ToWorker): void {
    try {
      this.worker.postMessage(message);
    } catch (error) {
      this.die(error instanceof Error ? error.message : String(error));
    }
  }

  private die(reason: string): void {
    this.death ??= reason;
    this.onDeath(this.death);
  }
}

const isNodeWorker = (worker: WorkerLike): worker is NodeWorker => 'on' in worker;

function describe(error: Error & { code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its worker ran out of memory' : error.message;
}
