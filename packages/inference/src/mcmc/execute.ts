/** Runs chains: here, in workers, or both. */
import type { HeldLogDensity } from '../log-density/model-log-density';
import { nextTurn } from '../platform/next-turn';
import type { Checkpoint } from './checkpoint/checkpoint';
import { drive } from './drive';
import type { WarningEvent } from './events';
import { chainOf, type ChainJob } from './job';
import type { McmcKernel } from './kernel';
import { chainLost, errorOf, notParallel, notStarted } from './notes';
import { Pace } from './parallel/pace';
import { Pool } from './parallel/pool';
import { Queue } from './parallel/queue';
import { hasThreads } from './parallel/thread';
import { Progress } from './progress';
import type { RunConfig } from './run-config';
import { samplerCodes } from './sampler-spec';
import type { ChainTask } from './tasks';

export class Execution<Args extends unknown[]> {
  /** Those that ended chains. */
  readonly errors: Error[] = [];
  private readonly tasks: ReadonlyMap<number, ChainTask>;
  private readonly queue: Queue;
  /** Chains that are over, one way or another. */
  private readonly ended = new Set<number>();

  constructor(
    tasks: readonly ChainTask[],
    private readonly kernel: McmcKernel<Args>,
    private readonly density: HeldLogDensity,
    private readonly config: RunConfig,
    private readonly checkpoint: Checkpoint | undefined,
    private readonly warn: (warning: WarningEvent) => void,
  ) {
    this.tasks = new Map(tasks.map((task) => [task.chain, task]));
    this.queue = new Queue(tasks.map(({ job }) => job));
  }

  /**
   * In workers if that was asked for; by default here, with the help of workers where that is seen to pay, and in workers
   * alone where it takes long; else here.
   * @param check what is to be done in this thread, and had better not keep others waiting
   * @throws what `check` throws
   */
  async run(check: () => void): Promise<void> {
    const pool = this.makePool();
    const isApart = pool !== undefined && this.config.chainMethod === 'parallel';
    if (isApart) this.callThreads(pool, this.numThreads);
    else if (pool !== undefined && this.config.crew.isReady) this.callThreads(pool, this.numThreads - 1);
    try {
      // They are sent their work now, not after the first slice of time.
      if (pool !== undefined) await nextTurn();
      check();
      if (!isApart) await this.here(pool);
    } catch (error) {
      pool?.stop();
      throw error;
    } finally {
      await pool?.close();
    }
    if (pool?.refusal !== undefined) this.warn(notStarted(pool.refusal));
    // What no worker was to be had for.
    await this.here(undefined);
    for (const task of this.tasks.values())
      if (!this.ended.has(task.chain) && !this.config.signal.aborted) await this.alone(task, undefined);
  }

  /** Undefined where no other thread can take part. */
  private makePool(): Pool | undefined {
    const { density, kernel, config, checkpoint } = this;
    const { chainMethod, crew, signal } = config;
    const isPortable = density.portable !== undefined && kernel.spec !== undefined;
    if (chainMethod === 'parallel' && !(isPortable && hasThreads())) this.warn(notParallel(isPortable));
    const isWanted = chainMethod === 'parallel' || (chainMethod === undefined && this.numThreads > 1);
    if (!isWanted || !hasThreads() || this.tasks.size === 0) return undefined;
    const { spec } = kernel;
    const parts = density.portable?.();
    if (parts === undefined || spec === undefined) return undefined;
    return new Pool({
      queue: this.queue,
      crew,
      signal,
      message: {
        type: 'run',
        density: parts,
        spec,
        codes: samplerCodes(spec, density, this.queue.jobs[0].metric),
        snapshotEvery: checkpoint?.every,
      },
      onSlice: ({ chain, progress, draws, snapshot }) => {
        const task = this.taskOf(chain);
        task.record.append(draws);
        if (snapshot !== undefined) checkpoint?.keep(task, snapshot);
        config.emit(progress);
      },
      onEnd: (chain, outcome) => {
        const task = this.taskOf(chain);
        if (outcome.type !== 'ended' && !(outcome.type === 'lost' && signal.aborted))
          this.lose(task, errorOf(outcome));
        this.end(task);
      },
    });
  }

  /** Chains that can run at once. */
  private get numThreads(): number {
    return Math.min(this.config.numWorkers, this.tasks.size);
  }

  private callThreads(pool: Pool, count: number): void {
    while (pool.size < count) pool.add();
  }

  /** Runs chains one after the other, until there are none left or they had better run elsewhere. */
  private async here(pool: Pool | undefined): Promise<void> {
    while (!this.config.signal.aborted) {
      const job = this.queue.take();
      if (job === undefined) return;
      const task = this.taskOf(job.chain);
      if (!(await this.alone(task, pool))) continue;
      pool?.add(task.job);
      return;
    }
  }

  /**
   * Runs one chain.
   * @param pool whom to call for help, or to leave the chain to
   * @returns whether the chain had better go on in a worker
   */
  private async alone(task: ChainTask, pool: Pool | undefined): Promise<boolean> {
    const { config, density, checkpoint, numThreads } = this;
    const { record } = task;
    const total = config.numWarmup + config.numSamples * config.thinning;
    const progress = new Progress(task.chain, { warmup: config.numWarmup, sample: total - config.numWarmup });
    let moves = false;
    try {
      const chain = chainOf(task.job, density, (phase) => this.kernel.sampler(density, phase));
      const pace = new Pace(chain.made);
      await drive(chain, record, progress, async (event) => {
        config.emit(event);
        if (chain.isDone || checkpoint?.isDue === true) checkpoint?.keep(task, chain.snapshot());
        if (pool !== undefined && !chain.isDone) {
          const left = this.queue.waiting * total + total - chain.made;
          const { isWorthWorkers, isLong } = pace.look(chain.made, left, numThreads);
          if (isWorthWorkers) this.callThreads(pool, numThreads - 1);
          moves = isLong;
        }
        await nextTurn();
        // Others had their turn: they may have asked to stop.
        if (!moves && !config.signal.aborted) return true;
        task.goOnFrom(chain.snapshot());
        if (!chain.isDone) checkpoint?.keep(task, chain.snapshot());
        return false;
      });
    } catch (error) {
      this.lose(task, error);
    }
    if (!moves) this.end(task);
    return moves;
  }

  private taskOf(chain: ChainJob['chain']): ChainTask {
    return this.tasks.get(chain) as ChainTask;
  }

  private lose(task: ChainTask, error: unknown): void {
    this.errors.push(error instanceof Error ? error : new Error(String(error)));
    this.warn(chainLost(task, this.config.seed, error));
  }

  private end({ chain, record: { length, divergences } }: ChainTask): void {
    this.ended.add(chain);
    this.config.emit({ type: 'chainEnd', chain, draws: length, divergences });
  }
}
