/** `MCMC`: runs a kernel in several chains and gives the draws by site. */
import { formatSummary, summary, type Summary, type SummaryOptions } from '@pyro-ts/diagnostics';
import { defaultGenerator, philox, type NdArray } from '@pyro-ts/ops';
import { McmcError } from '../errors';
import { compiledLogDensity, compiledOrEager } from '../log-density/compiled-log-density';
import { wordsOf } from '../random/random-source';
import { checkMcmc } from './check-options';
import type { McmcListener, WarningEvent } from './events';
import type { McmcKernel } from './kernel';
import { flattenChains, type McmcResult, type SiteDraws } from './result';
import { runChains } from './run';
import { makeTarget, type Target } from './target';

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
  /** How the chains are run; they run one after the other. */
  readonly chainMethod?: 'sequential';
  /** More to keep for each draw: the point in unconstrained space. */
  readonly extraFields?: readonly 'unconstrained'[];
  /** Receives progress and warnings while the run goes on. */
  readonly onEvent?: McmcListener;
  /** Stops the run; the draws made until then are returned. */
  readonly signal?: AbortSignal;
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
    const emit = this.options.onEvent ?? (() => undefined);
    const notes: WarningEvent[] = [];
    const { compile, fallback = 'eager' } = this.kernel.options;
    const compiler =
      fallback === 'error'
        ? compiledLogDensity()
        : compiledOrEager((reason) => notes.push(notCompiled(reason)));
    const target = makeTarget(this.kernel.target, args, compile ?? compiler);
    notes.push(...summedOutNotes(target.discrete));
    try {
      this.finished = await runChains(this.kernel, target, {
        numWarmup,
        numSamples,
        numChains,
        thinning,
        seed: this.options.seed ?? freshSeed(),
        signal: this.options.signal,
        keepUnconstrained: extraFields.includes('unconstrained'),
        notes,
        emit,
      });
    } finally {
      // A user's own log density is the user's to dispose of.
      if (target.model !== undefined) target.density.dispose?.();
    }
    return this.finished;
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
    return summary(this.result.samples, options);
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
        "  Fix: nothing; infer: { enumerate: 'parallel' } at the sites says that it is meant.",
    },
  ];
}

/** A seed from the default generator: 53 bits of a block addressed by its next key. */
function freshSeed(): number {
  const key = defaultGenerator.next();
  const [k0, k1] = wordsOf(key);
  const words = new Uint32Array(4);
  philox(words, 0, 0, key.stream[0], key.stream[1], k0, k1);
  return (words[0] >>> 11) * 2 ** 32 + words[1];
}
