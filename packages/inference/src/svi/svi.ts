/** Stochastic variational inference: the parameters of a guide (and of the model) that maximise an evidence bound. */
import type { Model } from '@pyro-ts/core';
import { defaultGenerator, type RandomKey, type tf } from '@pyro-ts/ops';
import { SviError } from '../errors';
import type { Optimizer } from '../optim';
import { flatten, snapshot, type CompileOptions } from '@pyro-ts/compiler';
import { buildLoss } from './build-loss';
import { checkRun, checkSvi } from './check-options';
import { constrain, discoverParams, type Discovery } from './discover';
import type { Elbo } from './elbo';
import { explainLoss } from './explain-loss';
import { compiled, compiledOrEager, stepperOf, type GradientSource, type StepEvaluator } from './gradient';
import { pack, segmentsOf, type ParamSegment, type ParamValues } from './params';
import { runSvi, type SviRunOptions, type SviRunResult } from './run';
import { fromJson, rootKey, stepKey, toJson, type SviState, type SviStateJson } from './state';
import type { Stepper } from './stepper';
import { Steps } from './steps';

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
  /**
   * Of the compiled step: 'float64' (default), or 'float32', which is faster for large networks: parameters, statistics
   * of the optimiser, data and loss then have 24 bits. Not together with `compile`.
   */
  readonly precision?: CompileOptions['precision'];
}

/** Programs kept for argument shapes and constants that alternate. */
const programsKept = 8;

/** What evaluates arguments of one structure, with one set of shapes and constants. */
interface Program {
  readonly evaluator: StepEvaluator;
  readonly segments: readonly ParamSegment[];
  /** The tensors among arguments of this structure; undefined for others. */
  readonly matches: (args: unknown) => readonly tf.Tensor[] | undefined;
  /** Made at the first step. */
  stepper?: Stepper;
}

/** A program and the tensors among the arguments. */
interface Bound {
  readonly program: Program;
  readonly inputs: readonly tf.Tensor[];
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
  /** What the user should know: why steps are not compiled, if they are not, and what the objective found. */
  readonly notes: readonly string[];
  readonly #notes: string[] = [];
  private readonly source: GradientSource;
  /** Most recently used last. */
  private readonly programs = new Map<string, Program>();
  /** Known once a run has met the parameters. */
  private constraints: Discovery['constraints'] = {};
  private current: SviState | undefined;

  constructor(options: SviOptions<Args>) {
    checkSvi(options);
    const { model, guide, optim, loss, compile, precision = 'float64', fallback = 'eager' } = options;
    const notes = this.#notes;
    this.notes = notes;
    const compiler =
      fallback === 'error'
        ? compiled({ precision })
        : compiledOrEager((reason) => notes.push(reason), { precision });
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
    const steps = this.begin(state, this.bind(state, args));
    const loss = steps.attempt();
    steps.accept();
    steps.leave();
    return { state: steps.state, loss };
  }

  /** The loss at a state, nats: the estimate that the next step would see. */
  evaluate(state: SviState, ...args: Args): number {
    const { program, inputs } = this.bind(state, args);
    return program.evaluator.loss(pack(state.params), stepKey(state.key, state.step), inputs);
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
    return runSvi(
      {
        init: (seed) => this.init(seed, ...args),
        begin: (state) => this.begin(state, this.bind(state, args)),
        getParams: (state) => this.getParams(state),
        notes: this.notes,
        explain: (state) =>
          explainLoss({ ...this.problem, args }, state.params, stepKey(state.key, state.step)),
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
    const notes = this.loss.check?.({ ...this.problem, key, args, identity: this.model }) ?? [];
    this.#notes.push(...notes.filter((note) => !this.notes.includes(note)));
    this.constraints = { ...this.constraints, ...found.constraints };
    return found;
  }

  /** What evaluates these arguments; made once for their structure, shapes and constants. */
  private bind(state: SviState, args: Args): Bound {
    const shapes = Object.entries(state.params).map(([name, { shape }]) => `${name}[${shape.join()}]`);
    // The arguments of the step before, as a rule: comparing them is cheaper than describing them.
    const [last] = [...this.programs].slice(-1);
    if (last?.[0].endsWith(shapes.join())) {
      const inputs = last[1].matches(args);
      if (inputs !== undefined) return { program: last[1], inputs };
    }
    const apart = flatten<Args>(args);
    const key = `${apart.key} | ${shapes.join()}`;
    let program = this.programs.get(key);
    if (program === undefined) {
      const segments = segmentsOf(state.params);
      const evaluator = this.source(buildLoss({ ...this.problem, loss: this.loss, segments, args: apart }));
      program = { evaluator, segments, matches: snapshot(args) };
      const [oldest] = this.programs.keys();
      if (this.programs.size === programsKept) this.programs.delete(oldest);
    }
    this.programs.delete(key);
    this.programs.set(key, program);
    return { program, inputs: apart.tensors };
  }

  private begin(state: SviState, { program, inputs }: Bound): Steps {
    const { evaluator, segments } = program;
    program.stepper ??= stepperOf(evaluator, this.optim, segments);
    return new Steps(program.stepper, segments, inputs, state);
  }
}

/** Stochastic variational inference of a model by a guide. */
export const SVI = <Args extends unknown[]>(options: SviOptions<Args>): Svi<Args> => new Svi(options);
