/** `MCMC`: runs a kernel in several chains and gives the draws by site. */
import { formatSummary, summary, type Summary, type SummaryOptions } from '@pyro-ts/diagnostics';
import type { NdArray } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import { compiledLogDensity, compiledOrEager } from '../log-density/compiled-log-density';
import { nodeProcess, numCores } from '../platform/node';
import { checkMcmc } from './check-options';
import type { CheckpointOptions } from './checkpoint/store';
import type { McmcEvent, McmcListener, WarningEvent } from './events';
import type { McmcKernel, Phase } from './kernel';
import { flattenChains, type McmcResult, type SiteDraws } from './result';
import { Crew } from './parallel/crew';
import { hasThreads, type WorkerLike } from './parallel/thread';
import { runChains } from './run';
import type { ChainMethod } from './run-config';
import { isLogDensity, makeTarget, type Target } from './target';
import { progressBar } from './progress-bar';

export interface McmcOptions {
  /** Adaptation transitions, not kept. Default 1000. */
  readonly numWarmup?: number;
  /** Draws kept of each chain. Default 1000. */
  readonly numSamples?: number;
  /** Default 4. */
  readonly numChains?: number;
  /** Transitions made for each draw kept. Default 1. */
  readonly thinning?: number;
  /** Same seed, same draws. Default: taken from the default generator (`setRngSeed`). The result records it. */
  readonly seed?: number | string;
  /**
   * 'parallel': in workers; 'sequential': one after the other, in this thread. The draws are the same, bit for bit.
   * Default: in this thread, and in workers from when it is seen that those will be faster.
   */
  readonly chainMethod?: ChainMethod;
  /** Chains that run at once in workers. Default: the number of cores; never more than there are chains. */
  readonly numWorkers?: number;
  /**
   * Starts a worker from the script `@pyro-ts/inference/worker`, where pages or bundlers do not allow a script made of
   * text: `() => new Worker(new URL('@pyro-ts/inference/worker', import.meta.url), {type: 'module'})`.
   */
  readonly createWorker?: () => WorkerLike;
  /** Writes now and then where the chains are; the same run, started again, goes on from there with the same bits. */
  readonly checkpoint?: CheckpointOptions;
  /** More to keep for each draw: the point in unconstrained space. */
  readonly extraFields?: readonly 'unconstrained'[];
  /** Receives progress and warnings while the run goes on. */
  readonly onEvent?: McmcListener;
  /** Stops the run; the draws made until then are returned. */
  readonly signal?: AbortSignal;
  /**
   * Ctrl-C (SIGINT, in Node) stops the run like `signal`; a second one ends the process. Default true, unless the program
   * listens for SIGINT itself.
   */
  readonly handleSigint?: boolean;
  /** Shows how far the chains are, on stderr, if it is a terminal. Default true. */
  readonly progressBar?: boolean;
}

export interface GroupOptions {
  /** Keep the chains apart: [chains, draws, ...] instead of [chains · draws, ...]. Default false. */
  readonly groupByChain?: boolean;
}

export interface PrintOptions extends SummaryOptions {
  /** Default: console.log. */
  readonly print?: (text: string) => void;
}

/** A run in the making, and its draws afterwards. Made by `MCMC(kernel, options)`. */
export class McmcRun<Args extends unknown[]> {
  private finished: McmcResult | undefined;

  constructor(
    readonly kernel: McmcKernel<Args>,
    readonly options: McmcOptions,
  ) {
    checkMcmc(kernel, options);
  }

  /**
   * Runs all chains.
   * @param args the arguments of the model
   * @returns draws and diagnostics as plain data; the methods of this object read them too
   * @throws {LatentSiteError} if the model has discrete latent sites, subsampled plates, or no latent sites
   * @throws {McmcError} if no start with a finite density is found
   */
  async run(...args: Args): Promise<McmcResult> {
    const {
      numWarmup = 1000,
      numSamples = 1000,
      numChains = 4,
      thinning = 1,
      extraFields = [],
    } = this.options;
    const emit = this.listener({ warmup: numWarmup, sample: numSamples * thinning });
    const notes: WarningEvent[] = [];
    const { compile, fallback = 'eager' } = this.kernel.options;
    const compiler =
      fallback === 'error'
        ? compiledLogDensity()
        : compiledOrEager((reason) => notes.push(notCompiled(reason)));
    const crew = new Crew(this.options.createWorker);
    const numThreads = Math.min(this.options.numWorkers ?? numCores(), numChains);
    crew.prepare(helpersFor(this.kernel, this.options, numThreads));
    let target: Target | undefined;
    try {
      target = makeTarget(this.kernel.target, args, compile ?? compiler);
      notes.push(...summedOutNotes(target.discrete));
      this.finished = await runChains(this.kernel, target, {
        numWarmup,
        numSamples,
        numChains,
        thinning,
        seed: this.options.seed,
        chainMethod: this.options.chainMethod,
        numWorkers: this.options.numWorkers ?? numCores(),
        crew,
        checkpoint: this.options.checkpoint,
        handleSigint: this.options.handleSigint ?? true,
        signal: this.options.signal,
        keepUnconstrained: extraFields.includes('unconstrained'),
        notes,
        emit,
      });
    } finally {
      // A user's own log density is the user's to dispose of.
      if (target?.model !== undefined) target.density.dispose?.();
      await crew.dispose();
    }
    return this.finished;
  }

  /** The user's listener, and the bar where there is a terminal to show it. */
  private listener(totals: Readonly<Record<Phase, number>>): McmcListener {
    const { onEvent, progressBar: isWanted = true } = this.options;
    const terminal = nodeProcess()?.stderr;
    const bar = isWanted && terminal?.isTTY === true ? progressBar(terminal, totals) : undefined;
    return (event: McmcEvent) => {
      bar?.(event);
      onEvent?.(event);
    };
  }

  /** What `run` returned. */
  get result(): McmcResult {
    if (this.finished === undefined) {
      throw new McmcError('MCMC: there are no draws yet.\n  Fix: await mcmc.run(...args) first.');
    }
    return this.finished;
  }

  /** Draws of the latent and deterministic sites, constrained. */
  getSamples({ groupByChain = false }: GroupOptions = {}): SiteDraws {
    return groupByChain ? this.result.samples : mapValues(this.result.samples, flattenChains);
  }

  /** Diagnostics of each draw: potentialEnergy, energy, acceptProb, numSteps, treeDepth, diverging, stepSize. */
  getExtraFields({ groupByChain = false }: GroupOptions = {}): McmcResult['extraFields'] {
    const { extraFields } = this.result;
    return groupByChain ? extraFields : (mapValues(extraFields, flattenChains) as McmcResult['extraFields']);
  }

  /** Mean, sd, quantiles, Monte Carlo error, ESS and R-hat of every scalar. */
  summary(options: SummaryOptions = {}): Summary {
    const { samples, convergence } = this.result;
    return summary(samples, { convergence, ...options });
  }

  /** Prints the summary, the number of divergences and the warnings. */
  printSummary({ print = printLine, ...options }: PrintOptions = {}): void {
    const { divergences, warnings } = this.result;
    print(formatSummary(this.summary(options)));
    print(`Number of divergences: ${divergences}`);
    for (const { message } of warnings) print(`Warning: ${message}`);
  }
}

/** Sets up a run: `const mcmc = MCMC(NUTS(model), {numWarmup: 1000, numSamples: 1000}); await mcmc.run(data)`. */
export function MCMC<Args extends unknown[]>(
  kernel: McmcKernel<Args>,
  options: McmcOptions = {},
): McmcRun<Args> {
  return new McmcRun(kernel, options);
}

/** Transitions from which threads boot while the model is compiled: it costs them some 0.05 s of processor time. */
const fewestForHelpers = 4000;

/** How many threads will be wanted, as far as can be said before there is anything to run. */
function helpersFor<Args extends unknown[]>(
  { spec, target }: McmcKernel<Args>,
  { chainMethod, numWarmup = 1000, numSamples = 1000, numChains = 4, thinning = 1 }: McmcOptions,
  numThreads: number,
): number {
  if (spec === undefined || isLogDensity(target) || !hasThreads()) return 0;
  if (chainMethod === 'parallel') return numThreads;
  // Pages may forbid workers that are not asked for, and complain.
  if (chainMethod === 'sequential' || nodeProcess() === undefined) return 0;
  return numChains * (numWarmup + numSamples * thinning) < fewestForHelpers ? 0 : numThreads - 1;
}

function mapValues(record: Readonly<Record<string, NdArray>>, f: (x: NdArray) => NdArray): SiteDraws {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value)]));
}

function printLine(text: string): void {
  // eslint-disable-next-line no-console -- printing is what the user asked for
  console.log(text);
}

function notCompiled(reason: string): WarningEvent {
  return {
    type: 'warning',
    kind: 'notCompiled',
    message: `the model is evaluated op by op, which is slow, because it cannot be compiled: ${reason}`,
  };
}

/** Sites that are marked for enumeration are expected to be summed out; of the others the user is told. */
function summedOutNotes(discrete: Target['discrete']): WarningEvent[] {
  const unmarked = discrete.filter(({ enumerate }) => enumerate === undefined);
  if (unmarked.length === 0) return [];
  const shown = unmarked.slice(0, 5).map(({ name, family }) => `'${name}' (${family})`);
  const more = unmarked.length > shown.length ? `, and ${unmarked.length - shown.length} more` : '';
  return [
    {
      type: 'warning',
      kind: 'enumerated',
      message:
        `discrete sites are summed out exactly and have no draws: ${shown.join(', ')}${more}.\n` +
        "  Fix: nothing; infer: { enumerate: 'parallel' } at the sites says that it is meant. Predictive gives their draws.",
    },
  ];
}
