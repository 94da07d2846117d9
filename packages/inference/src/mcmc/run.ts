/** Runs the chains of one target, here or in workers, and assembles the result. */
import type { HeldLogDensity } from '../log-density/model-log-density';
import { nextTurn } from '../platform/next-turn';
import { assemble } from './assemble';
import { Checkpoint, type StoredRun } from './checkpoint/checkpoint';
import { checkStored, identityOf } from './checkpoint/identity';
import { drive } from './drive';
import type { WarningEvent } from './events';
import { interruption } from './interruption';
import { chainOf } from './job';
import type { McmcKernel } from './kernel';
import { chainLost, errorOf, notParallel, notStarted } from './notes';
import { Pace } from './parallel/pace';
import { runInWorkers } from './parallel/pool';
import { hasThreads } from './parallel/thread';
import { Progress } from './progress';
import type { McmcResult } from './result';
import type { GivenRun, RunConfig } from './run-config';
import { adaptationSpec, planTasks, type ChainTask } from './tasks';
import type { Target } from './target';
import { freshSeed } from './fresh-seed';

/** @throws {McmcError} without a start, if aborted before the first draw, or if every chain fails */
export async function runChains<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  target: Target,
  given: GivenRun,
): Promise<McmcResult> {
  const stopping = interruption(given.signal, given.handleSigint);
  try {
    const stored = await Checkpoint.read(given.checkpoint);
    const config = { ...given, signal: stopping.signal, seed: given.seed ?? stored?.seed ?? freshSeed() };
    return await new Run(kernel, target, config).result(stored);
  } finally {
    stopping.dispose();
  }
}

class Run<Args extends unknown[]> {
  private readonly density: HeldLogDensity;
  private checkpoint: Checkpoint | undefined;
  /** Warnings that were sent as they came. */
  private readonly live: WarningEvent[] = [];
  private readonly errors: Error[] = [];

  constructor(
    private readonly kernel: McmcKernel<Args>,
    private readonly target: Target,
    private readonly config: RunConfig,
  ) {
    this.density = target.density;
  }

  async result(stored: StoredRun | undefined): Promise<McmcResult> {
    const { kernel, target, config } = this;
    const { emit, numChains, seed, signal } = config;
    emit({ type: 'start', numChains, seed });
    const adaptation = adaptationSpec(target, kernel.options);
    const identity = identityOf(kernel, target, config, adaptation);
    if (config.checkpoint !== undefined && stored !== undefined)
      checkStored(config.checkpoint, stored, identity, target);
    const tasks = signal.aborted ? [] : planTasks(kernel, target, config, adaptation, stored);
    this.checkpoint = Checkpoint.open(target, config, identity, tasks, (warning) => this.warn(warning));
    await this.run(tasks.filter(({ isDone }) => !isDone));
    const isWhole = tasks.every(({ record }) => record.length === config.numSamples);
    await this.checkpoint?.close(isWhole && tasks.length > 0);
    if (this.errors.length > 0 && tasks.every(({ record }) => record.length === 0)) throw this.errors[0];

    const records = tasks.map(({ record }) => record);
    const result = assemble(kernel, target, { ...config, notes: [...config.notes, ...this.live] }, records);
    for (const warning of result.warnings) if (!this.live.includes(warning)) emit(warning);
    emit({ type: 'end', draws: result.numChains * result.numSamples });
    return result;
  }

  /** In workers if that was asked for, or as soon as it is seen to pay; the rest here. */
  private async run(tasks: readonly ChainTask[]): Promise<void> {
    const { chainMethod } = this.config;
    const isPortable = this.density.portable !== undefined && this.kernel.spec !== undefined;
    const inWorkers = isPortable && hasThreads();
    if (chainMethod === 'parallel' && !inWorkers) this.warn(notParallel(isPortable));
    const left =
      chainMethod === 'parallel' && inWorkers
        ? tasks
        : await this.here(tasks, chainMethod === undefined && inWorkers ? this.config.numWorkers : 1);
    await this.here(await this.elsewhere(left), 1);
  }

  /**
   * Runs chains one after the other.
   * @param numWorkers how many could run at once
   * @returns the chains that had better go on in workers
   */
  private async here(tasks: readonly ChainTask[], numWorkers: number): Promise<readonly ChainTask[]> {
    for (const [i, task] of tasks.entries()) {
      if (this.config.signal.aborted) break;
      if (await this.alone(task, tasks.length - i, numWorkers)) return tasks.slice(i);
    }
    return [];
  }

  /** @returns whether the chain, and those that wait, had better go on in workers */
  private async alone(task: ChainTask, numTasks: number, numWorkers: number): Promise<boolean> {
    const { config, density, checkpoint } = this;
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
        const left = numTasks * total - chain.made;
        moves = !chain.isDone && pace.isWorthWorkers(chain.made, left, Math.min(numTasks, numWorkers));
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

  /** @returns the tasks that no worker could be had for */
  private async elsewhere(tasks: readonly ChainTask[]): Promise<readonly ChainTask[]> {
    const { config, kernel, checkpoint } = this;
    const { spec } = kernel;
    const density = tasks.length === 0 ? undefined : this.density.portable?.();
    if (density === undefined || spec === undefined) return [];
    const byJob = new Map(tasks.map((task) => [task.job, task]));
    const { refused, reason } = await runInWorkers([...byJob.keys()], {
      ...config,
      message: (job) => ({ type: 'run', job, density, spec, snapshotEvery: checkpoint?.every }),
      onSlice: (job, { progress, draws, snapshot }) => {
        const task = byJob.get(job) as ChainTask;
        task.record.append(draws);
        if (snapshot !== undefined) checkpoint?.keep(task, snapshot);
        config.emit(progress);
      },
      onEnd: (job, outcome) => {
        const task = byJob.get(job) as ChainTask;
        if (outcome.type !== 'ended' && !(outcome.type === 'lost' && config.signal.aborted))
          this.lose(task, errorOf(outcome));
        this.end(task);
      },
    });
    if (refused.length > 0) this.warn(notStarted(reason));
    return refused.map((job) => byJob.get(job) as ChainTask);
  }

  private lose(task: ChainTask, error: unknown): void {
    this.errors.push(error instanceof Error ? error : new Error(String(error)));
    this.warn(chainLost(task, this.config.seed, error));
  }

  private end({ chain, record: { length, divergences } }: ChainTask): void {
    this.config.emit({ type: 'chainEnd', chain, draws: length, divergences });
  }

  private warn(warning: WarningEvent): void {
    this.live.push(warning);
    this.config.emit(warning);
  }
}
