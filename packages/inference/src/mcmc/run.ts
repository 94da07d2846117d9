/** Runs the chains of one target, here or in workers, and assembles the result. */
import { assemble } from './assemble';
import { Checkpoint, type StoredRun } from './checkpoint/checkpoint';
import { checkStored, identityOf } from './checkpoint/identity';
import type { WarningEvent } from './events';
import { Execution } from './execute';
import { interruption } from './interruption';
import type { McmcKernel } from './kernel';
import type { McmcResult } from './result';
import type { GivenRun, RunConfig } from './run-config';
import { checkModel } from './start';
import { adaptationSpec, planTasks } from './tasks';
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
  /** Warnings that were sent as they came. */
  private readonly live: WarningEvent[] = [];

  constructor(
    private readonly kernel: McmcKernel<Args>,
    private readonly target: Target,
    private readonly config: RunConfig,
  ) {}

  async result(stored: StoredRun | undefined): Promise<McmcResult> {
    const { kernel, target, config } = this;
    const { emit, numChains, seed, signal } = config;
    emit({ type: 'start', numChains, seed });
    const adaptation = adaptationSpec(target, kernel.options);
    const identity = identityOf(kernel, target, config, adaptation);
    if (config.checkpoint !== undefined && stored !== undefined)
      checkStored(config.checkpoint, stored, identity, target);
    const tasks = signal.aborted ? [] : planTasks(kernel, target, config, adaptation, stored);
    const checkpoint = Checkpoint.open(target, config, identity, tasks, (warning) => this.warn(warning));
    const { density } = target;
    const warn = (warning: WarningEvent): void => this.warn(warning);
    const left = tasks.filter(({ isDone }) => !isDone);
    const execution = new Execution(left, kernel, density, config, checkpoint, warn);
    await execution.run(() => {
      if (stored === undefined && tasks.length > 0) checkModel(target, tasks[0].job.start);
    });
    const isWhole = tasks.every(({ record }) => record.length === config.numSamples);
    await checkpoint?.close(isWhole && tasks.length > 0);
    const [error] = execution.errors;
    if (error !== undefined && tasks.every(({ record }) => record.length === 0)) throw error;

    const records = tasks.map(({ record }) => record);
    const result = await assemble(
      kernel,
      target,
      { ...config, notes: [...config.notes, ...this.live] },
      records,
    );
    for (const warning of result.warnings) if (!this.live.includes(warning)) emit(warning);
    emit({ type: 'end', draws: result.numChains * result.numSamples });
    return result;
  }

  private warn(warning: WarningEvent): void {
    this.live.push(warning);
    this.config.emit(warning);
  }
}
