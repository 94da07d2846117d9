/** Writes now and then where every chain is, so that a run that was killed goes on with the same bits. */
import type { PlainData } from '../../plain-data';
import type { ChainSnapshot } from '../chain';
import type { WarningEvent } from '../events';
import type { DrawChunk } from '../record';
import type { RunConfig } from '../run-config';
import type { Target } from '../target';
import type { ChainTask } from '../tasks';
import { decode, encode } from './format';
import type { Identity, Probe } from './identity';
import { storeOf, type CheckpointOptions } from './store';

interface StoredChain {
  readonly start: Float64Array;
  readonly draws: DrawChunk;
  /** Of a chain that has begun. */
  readonly snapshot?: ChainSnapshot;
}

/** What a checkpoint says. */
export interface StoredRun {
  readonly seed: number | string;
  readonly identity: Identity;
  readonly probe: Probe;
  readonly chains: readonly StoredChain[];
}

/** A chain at its last snapshot. */
interface Kept {
  readonly snapshot: ChainSnapshot;
  readonly length: number;
  readonly divergences: number;
}

const defaultEvery = 30;

type Store = ReturnType<typeof storeOf>;

export class Checkpoint {
  private readonly kept = new Map<ChainTask, Kept>();
  private written = performance.now();
  private writing: Promise<void> | undefined;
  private hasFailed = false;

  private constructor(
    private readonly store: Store,
    /** Seconds. */
    readonly every: number,
    private readonly head: Omit<StoredRun, 'chains'>,
    private readonly tasks: readonly ChainTask[],
    private readonly warn: (warning: WarningEvent) => void,
  ) {
    for (const task of tasks) {
      const { snapshot } = task.job;
      if (snapshot !== undefined) this.remember(task, snapshot);
    }
  }

  /**
   * What there is to go on from.
   * @throws {CheckpointError} if it is foreign or damaged, or there are no files here
   */
  static async read(options: CheckpointOptions | undefined): Promise<StoredRun | undefined> {
    if (options === undefined) return undefined;
    const store = storeOf(options);
    const bytes = await store.read();
    return bytes === undefined ? undefined : (decode(bytes, store.name) as unknown as StoredRun);
  }

  static open(
    { density }: Target,
    { checkpoint, seed }: RunConfig,
    identity: Identity,
    tasks: readonly ChainTask[],
    warn: (warning: WarningEvent) => void,
  ): Checkpoint | undefined {
    if (checkpoint === undefined || tasks.length === 0) return undefined;
    const position = tasks[0].job.start;
    const logDensity = density.valueAndGrad(position, new Float64Array(density.dim));
    const head = { seed, identity, probe: { position, logDensity } };
    return new Checkpoint(storeOf(checkpoint), checkpoint.every ?? defaultEvery, head, tasks, warn);
  }

  /** Whether it is time for a snapshot. */
  get isDue(): boolean {
    return performance.now() - this.written >= this.every * 1000;
  }

  /** Takes note of where a chain is, and writes if it is time. */
  keep(task: ChainTask, snapshot: ChainSnapshot): void {
    this.remember(task, snapshot);
    if (this.isDue) void this.write();
  }

  /** Waits for the writing to end, and writes or, after a whole run, removes. */
  async close(isWhole: boolean): Promise<void> {
    await this.writing;
    if (!isWhole) return this.write();
    await this.store.remove().catch(() => undefined);
  }

  private remember(task: ChainTask, snapshot: ChainSnapshot): void {
    const { length, divergences } = task.record;
    this.kept.set(task, { snapshot, length, divergences });
  }

  /** One at a time. A failure is said once; the run goes on. */
  private write(): Promise<void> {
    this.written = performance.now();
    const bytes = encode(this.data() as unknown as PlainData);
    this.writing ??= Promise.resolve()
      .then(() => this.store.write(bytes))
      .then(
        () => void (this.hasFailed = false),
        (error: unknown) => this.failed(error),
      )
      .finally(() => (this.writing = undefined));
    return this.writing;
  }

  private data(): StoredRun {
    const chains = this.tasks.map((task): StoredChain => {
      const { start } = task.job;
      const kept = this.kept.get(task);
      if (kept === undefined) return { start, draws: { ...task.record.part(0, 0), divergences: 0 } };
      const { snapshot, length, divergences } = kept;
      return { start, snapshot, draws: { ...task.record.part(0, length), divergences } };
    });
    return { ...this.head, chains };
  }

  private failed(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.warn({
      type: 'warning',
      kind: 'checkpoint',
      message:
        `the checkpoint could not be written: ${reason}. The run goes on and keeps its draws; a run that is killed now ` +
        'goes on from the last checkpoint that was written, if there is one.\n' +
        `  Fix: make room, or pass another path; it is tried again every ${this.every} seconds.`,
    });
  }
}
