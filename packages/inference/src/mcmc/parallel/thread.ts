/** A worker, of Node or of a browser, behind one interface. */
import { nodeModule, nodeProcess, type NodeWorker } from '../../platform/node';
import type { ErrorData, FromWorker, RunMessage, SliceMessage, ToWorker } from './messages';
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

/** How a job ended: `lost` is a worker that died, `failed` an error in the chain. */
export type Outcome =
  | { readonly type: 'ended' }
  | { readonly type: 'failed'; readonly error: ErrorData }
  | { readonly type: 'lost'; readonly started: boolean; readonly reason: string };

/** Whether there are workers here. */
export function hasThreads(): boolean {
  return nodeProcess() !== undefined || typeof Worker !== 'undefined';
}

async function create(): Promise<WorkerLike> {
  const source = await workerSource();
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
  private death: string | undefined;

  private constructor(private readonly worker: WorkerLike) {
    const message = (data: unknown): void => this.onMessage(data as FromWorker);
    if ('on' in worker) {
      const node = worker as NodeWorker;
      node.on('message', message);
      node.on('error', (error) => this.die(describe(error)));
      node.on('exit', (code) => this.die(`its worker was ended (exit code ${code})`));
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

  /** Runs one chain. */
  run(message: RunMessage, onSlice: (slice: SliceMessage) => void): Promise<Outcome> {
    let started = false;
    return new Promise((resolve) => {
      this.onDeath = (reason) => resolve({ type: 'lost', started, reason });
      this.onMessage = (answer) => {
        started = true;
        if (answer.type === 'slice') onSlice(answer);
        else if (answer.type !== 'started') resolve(answer);
      };
      if (this.death !== undefined) this.onDeath(this.death);
      else this.post(message);
    });
  }

  stop(): void {
    if (this.isAlive) this.post({ type: 'stop' });
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

function describe(error: Error & { code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its worker ran out of memory' : error.message;
}
