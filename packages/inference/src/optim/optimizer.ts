/** What an optimiser is: a pure step on a flat vector of unconstrained parameters. */
import { checkOptions, describeValue } from '@pyro-ts/ops';
import { SviError } from '../errors';

/** Where one named parameter lies in the flat vector. */
export interface Segment {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

/** Plain data: the number of steps taken and, per statistic, one number for each parameter entry. */
export interface OptimState {
  readonly step: number;
  readonly slots: Readonly<Record<string, Float64Array>>;
}

export interface OptimStep {
  readonly params: Float64Array;
  readonly state: OptimState;
}

/** Minimises. Nothing is changed in place; same inputs, same outputs. */
export interface Optimizer {
  readonly name: string;
  /** @param dim number of parameter entries */
  init(dim: number): OptimState;
  /**
   * @param gradient of the loss at params
   * @param segments names for per-parameter options; default: one parameter without a name
   */
  update(
    params: Float64Array,
    gradient: Float64Array,
    state: OptimState,
    segments?: readonly Segment[],
  ): OptimStep;
}

/** Step size, or what gives it for a step (0, 1, 2, …). */
export type LearningRate = number | ((step: number) => number);

/** The same options for every parameter, or a function of the parameter's name. */
export type Options<O> = O | ((name: string) => O);

/** The learning rate of a step. */
export const rateAt = (rate: LearningRate, step: number): number =>
  typeof rate === 'number' ? rate : rate(step);

export interface Rule<O> {
  readonly name: string;
  readonly defaults: Required<O>;
  /** Names of the statistics that are kept, all starting at 0. */
  readonly slots: readonly string[];
  /**
   * Prepares a step (0, 1, …) for one parameter and returns what happens to one entry: the new value, given its value,
   * gradient and index; statistics are read and written in `slots`.
   */
  prepare(
    options: Required<O>,
    step: number,
    slots: Readonly<Record<string, Float64Array>>,
  ): (value: number, gradient: number, index: number) => number;
}

/** @throws {OptionError} for a misspelt option @throws {SviError} for a rate that is not positive */
function checkRuleOptions<O extends object>({ name, defaults }: Rule<O>, options: O): void {
  const known = Object.fromEntries(Object.keys(defaults).map((option) => [option, 'optional' as const]));
  checkOptions<object>(`optim.${name}`, options, known);
  const { learningRate } = options as { readonly learningRate?: unknown };
  if (learningRate === undefined || typeof learningRate === 'function') return;
  if (typeof learningRate === 'number' && learningRate > 0 && learningRate < Infinity) return;
  throw new SviError(
    `the learningRate of optim.${name} is ${describeValue(learningRate)}`,
    'pass a positive number, or a schedule (a function of the step).',
  );
}

/** An optimiser from a rule for single entries. */
export function defineOptimizer<O extends object>(rule: Rule<O>, options: Options<O>): Optimizer {
  if (typeof options !== 'function') checkRuleOptions(rule, options);
  const optionsFor = (name: string): Required<O> => ({
    ...rule.defaults,
    ...(typeof options === 'function' ? options(name) : options),
  });
  return {
    name: rule.name,
    init: (dim) => ({
      step: 0,
      slots: Object.fromEntries(rule.slots.map((slot) => [slot, new Float64Array(dim)])),
    }),
    update(params, gradient, state, segments = [{ name: '', offset: 0, size: params.length }]) {
      const next = params.slice();
      const slots = Object.fromEntries(rule.slots.map((slot) => [slot, state.slots[slot].slice()]));
      for (const { name, offset, size } of segments) {
        const entry = rule.prepare(optionsFor(name), state.step, slots);
        for (let i = offset; i < offset + size; i++) next[i] = entry(params[i], gradient[i], i);
      }
      return { params: next, state: { step: state.step + 1, slots } };
    },
  };
}
