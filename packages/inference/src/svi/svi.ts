/** Stochastic variational inference: the parameters of a guide (and of the model) that maximise an evidence bound. */
import { produce, type Model } from '@pyro-ts/core';
import { defaultGenerator, type RandomKey } from '@pyro-ts/ops';
import { SviError } from '../errors';
import type { Optimizer } from '../optim';
import { flatten } from '@pyro-ts/compiler';
import { buildLoss } from './build-loss';
import { checkRun, checkSvi } from './check-options';
import { constrain, discoverParams, type Discovery } from './discover';
import type { Elbo } from './elbo';
import { explainLoss } from './explain-loss';
import {
  compiled,
  compiledOrEager,
  type GradientSource,
  type LossAndGradient,
  type StepEvaluator,
} from './gradient';
import { pack, segmentsOf, unpack, type ParamValues } from './params';
import { runSvi, type SviRunOptions, type SviRunResult } from './run';
import { fromJson, rootKey, stepKey, toJson, type SviState, type SviStateJson } from './state';

export interface SviOptions<Args extends unknown[]> {
  readonly model: Model<Args>;
  /** A function with the model's arguments that samples its latent sites: hand-written, or `AutoNormal(model)`, … */
  readonly guide: Model<Args>;
  readonly optim: Optimizer;
  /** What to minimise: `TraceELBO()`, `TraceMeanFieldELBO()`, … */
  readonly loss: Elbo;
  /** How a step is evaluated. Default: compiled, kernel by kernel (`eagerGradients`) if that cannot be traced. */
  readonly compile?: GradientSource;
  /** A step that cannot be compiled: evaluate it kernel by kernel, with a note (default), or end with an error. */
  readonly fallback?: 'eager' | 'error';
}

/** Evaluators kept for argument shapes and constants that alternate. */
const evaluatorsKept = 8;

/** A step's evaluator, bound to arguments. */
interface Bound {
  lossAndGradient(state: SviState): LossAndGradient;
  loss(state: SviState): number;
}

export interface SviStep {
  readonly state: SviState;
  /** −ELBO estimate before the step, nats; NaN or infinite if something went wrong. */
  readonly loss: number;
}

export class Svi<Args extends unknown[]> {
  readonly model: Model<Args>;
  readonly guide: Model<Args>;
  readonly optim: Optimizer;
  readonly loss: Elbo;
  /** Why steps are not compiled, if they are not. */
  readonly notes: readonly string[];
  private readonly source: GradientSource;
  readonly #evaluators = new Map<string, StepEvaluator>();
  /** Known once a run has met the parameters. */
  private constraints: Discovery['constraints'] = {};
  private current: SviState | undefined;

  constructor(options: SviOptions<Args>) {
    checkSvi(options);
    const { model, guide, optim, loss, compile, fallback = 'eager' } = options;
    const notes: string[] = [];
    this.notes = notes;
    const compiler = fallback === 'error' ? compiled() : compiledOrEager((reason) => notes.push(reason));
    this.source = compile ?? compiler;
    this.model = model;
    this.guide = guide;
    this.optim = optim;
    this.loss = loss;
  }

  /**
   * The state before the first step: runs guide and model once, so mistakes in them surface here.
   * @throws {GuideError} if the guide does not fit the model; {SviError} if there is nothing to learn
   */
  init(seed: number | string | RandomKey, ...args: Args): SviState {
    const key = rootKey(seed);
    const { params } = this.discover({ key, stream: [0, 0] }, args);
    return { params, optimState: this.optim.init(pack(params).length), key, step: 0 };
  }

  /** One step. Pure: the same state and arguments give the same result. */
  update(state: SviState, ...args: Args): SviStep {
    return this.advance(state, this.bind(state, args));
  }

  /** The loss at a state, nats: the estimate that the next step would see. */
  evaluate(state: SviState, ...args: Args): number {
    return this.bind(state, args).loss(state);
  }

  /**
   * Takes `steps` steps.
   * @param steps how many, or options: `{ steps, seed, state, signal, onProgress, … }`
   * @returns constrained parameters, final state, loss of every step, seed; early if the signal aborts
   * @throws {NonFiniteLossError} (unless `nonFinite: 'skip'`) naming the sites; it carries the last good state
   */
  async run(steps: number | SviRunOptions, ...args: Args): Promise<SviRunResult> {
    const options = checkRun(steps);
    if (options.state !== undefined && this.unknownParam(options.state) !== undefined) {
      this.discover({ key: options.state.key, stream: [0, 0] }, args);
    }
    let bound: Bound | undefined;
    return runSvi(
      {
        init: (seed) => this.init(seed, ...args),
        update: (state) => this.advance(state, (bound ??= this.bind(state, args))),
        getParams: (state) => this.getParams(state),
        notes: this.notes,
        explain: (state) => explainLoss({ ...this.problem, args }, state.params, stepKey(state)),
      },
      options,
    );
  }

  /** One step of a state that this object keeps (`svi.state`), as in Pyro; the first call makes it. */
  step(...args: Args): number {
    const { state, loss } = this.update(this.current ?? this.init(defaultGenerator.next(), ...args), ...args);
    this.current = state;
    return loss;
  }

  /** The state that `step` keeps; set it to go on from another. */
  get state(): SviState | undefined {
    return this.current;
  }
  set state(state: SviState | undefined) {
    this.current = state;
  }

  /**
   * Parameters in constrained space.
   * @throws {SviError} before any run has met them
   */
  getParams(state: SviState): ParamValues {
    const unknown = this.unknownParam(state);
    if (unknown !== undefined) {
      throw new SviError(
        `the constraint of parameter '${unknown}' is not known yet: this object has not run model and guide`,
        'call svi.init(seed, ...args), or load the state with svi.loadState(json, ...args).',
      );
    }
    return constrain(state.params, this.constraints);
  }

  /** The state as JSON-ready data; doubles survive exactly. */
  saveState(state: SviState): SviStateJson {
    return toJson(state);
  }

  /**
   * The state of `saveState`. Runs model and guide once, to learn the constraints and to see that they have these
   * parameters.
   * @throws {SviError} if the parameters are not those of this model and guide
   */
  loadState(json: SviStateJson, ...args: Args): SviState {
    const state = fromJson(json);
    const { params } = this.discover({ key: state.key, stream: [0, 0] }, args);
    const describe = (values: ParamValues): string =>
      Object.entries(values)
        .map(([name, { shape }]) => `${name} [${shape.join(', ')}]`)
        .sort()
        .join('; ');
    if (describe(params) === describe(state.params)) return state;
    throw new SviError(
      `the saved state has the parameters ${describe(state.params)}; model and guide have ${describe(params)}`,
      'load it with the model, the guide and arguments of the shapes it was made with.',
    );
  }

  private get problem(): { readonly model: Model<Args>; readonly guide: Model<Args> } {
    return { model: this.model, guide: this.guide };
  }

  /** A parameter of the state that no run has met. */
  private unknownParam({ params }: SviState): string | undefined {
    return Object.keys(params).find((name) => !Object.hasOwn(this.constraints, name));
  }

  private discover(key: RandomKey, args: Args): Discovery {
    const found = discoverParams(this.model, this.guide, key, args);
    this.constraints = { ...this.constraints, ...found.constraints };
    return found;
  }

  /** The step for these arguments; compiled once for their structure, shapes and constants. */
  private bind(state: SviState, args: Args): Bound {
    const apart = flatten<Args>(args);
    const segments = segmentsOf(state.params);
    const key = `${apart.key} | ${segments.map(({ name, shape }) => `${name}[${shape.join()}]`).join()}`;
    let evaluator = this.#evaluators.get(key);
    if (evaluator === undefined) {
      evaluator = this.source(buildLoss({ ...this.problem, loss: this.loss, segments, args: apart }));
      const [oldest] = this.#evaluators.keys();
      if (this.#evaluators.size === evaluatorsKept) this.#evaluators.delete(oldest);
      this.#evaluators.set(key, evaluator);
    }
    const { lossAndGradient, loss } = evaluator;
    return {
      lossAndGradient: (at) => lossAndGradient(pack(at.params), stepKey(at), apart.tensors),
      loss: (at) => loss(pack(at.params), stepKey(at), apart.tensors),
    };
  }

  private advance(state: SviState, step: Bound): SviStep {
    const segments = segmentsOf(state.params);
    const { loss, gradient } = step.lossAndGradient(state);
    const { params, state: optimState } = this.optim.update(
      pack(state.params),
      gradient,
      state.optimState,
      segments,
    );
    const next = produce(state, (draft) => {
      draft.params = unpack(params, segments);
      draft.optimState = optimState;
      draft.step = state.step + 1;
    });
    return { state: next, loss };
  }
}

/** Stochastic variational inference of a model by a guide. */
export const SVI = <Args extends unknown[]>(options: SviOptions<Args>): Svi<Args> => new Svi(options);
