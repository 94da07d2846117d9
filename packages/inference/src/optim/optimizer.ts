/** What an optimiser is: a pure step on a flat vector of unconstrained parameters. */
import { checkOptions, describeValue, lift, scoped, tf, toNdArray } from '@pyro-ts/ops';
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

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A step as tensor arithmetic, which can become part of a program. */
export interface TraceableUpdate {
  /** Names of the statistics that are kept, [dim] each. */
  readonly slots: readonly string[];
  /** Numbers that a step (0, 1, …) needs besides: learning rates, corrections. As many at every step. */
  numbers(step: number, segments: readonly Segment[]): readonly number[];
  /**
   * Reads no tensor's value.
   * @param params, gradient [dim] @param numbers [count]
   */
  apply(
    params: tf.Tensor,
    gradient: tf.Tensor,
    slots: Tensors,
    numbers: tf.Tensor,
    segments: readonly Segment[],
  ): { readonly params: tf.Tensor; readonly slots: Tensors };
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
  /** The same update for compiled steps. Without it `update` is called after each of them. */
  readonly traceable?: TraceableUpdate;
}

/** Step size, or what gives it for a step (0, 1, 2, …). */
export type LearningRate = number | ((step: number) => number);

/** The same options for every parameter, or a function of the parameter's name. */
export type Options<O> = O | ((name: string) => O);

/** The learning rate of a step. */
export const rateAt = (rate: LearningRate, step: number): number =>
  typeof rate === 'number' ? rate : rate(step);

/** What a rule sees: entries of one parameter or of all, [n] each; numbers as scalars. */
export interface RuleInput {
  readonly value: tf.Tensor;
  readonly gradient: tf.Tensor;
  readonly slots: Tensors;
  readonly numbers: readonly tf.Tensor[];
}

export interface Rule<O> {
  readonly name: string;
  readonly defaults: Required<O>;
  /** Names of the statistics that are kept, all starting at 0. */
  readonly slots: readonly string[];
  /** What changes with the step (0, 1, …) and not with the entry: rates, corrections of averages. As many at every step. */
  numbers(options: Required<O>, step: number): readonly number[];
  /** New value and statistics, elementwise. Traceable: reads no tensor's value. */
  apply(options: Required<O>, at: RuleInput): { readonly value: tf.Tensor; readonly slots: Tensors };
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

/** A rule with its options, for a flat vector: all of it at once, or parameter by parameter if options go by name. */
function traceableUpdate<O extends object>(rule: Rule<O>, options: Options<O>): TraceableUpdate {
  const optionsFor = (name: string): Required<O> => ({
    ...rule.defaults,
    ...(typeof options === 'function' ? options(name) : options),
  });
  const parts = (segments: readonly Segment[]): readonly Segment[] => {
    if (typeof options === 'function') return segments;
    return [{ name: '', offset: 0, size: segments.reduce((sum, { size }) => sum + size, 0) }];
  };
  return {
    slots: rule.slots,
    numbers: (step, segments) => parts(segments).flatMap(({ name }) => rule.numbers(optionsFor(name), step)),
    apply(params, gradient, slots, numbers, segments) {
      const all = parts(segments);
      const each = numbers.size / all.length;
      const updated = all.map(({ name, offset, size }, i) => {
        const own = (flat: tf.Tensor): tf.Tensor =>
          all.length === 1 ? flat : tf.slice(flat, [offset], [size]);
        return rule.apply(optionsFor(name), {
          value: own(params),
          gradient: own(gradient),
          slots: Object.fromEntries(rule.slots.map((slot) => [slot, own(slots[slot])])),
          numbers: Array.from({ length: each }, (_, k) =>
            tf.reshape(tf.slice(numbers, [i * each + k], [1]), []),
          ),
        });
      });
      const whole = (own: readonly tf.Tensor[]): tf.Tensor =>
        own.length === 1 ? own[0] : tf.concat([...own]);
      return {
        params: whole(updated.map(({ value }) => value)),
        slots: Object.fromEntries(
          rule.slots.map((slot) => [slot, whole(updated.map((part) => part.slots[slot]))]),
        ),
      };
    },
  };
}

const numbersOf = (tensor: tf.Tensor): Float64Array => Float64Array.from(toNdArray(tensor).data);

const mapRecord = <A, B>(record: Readonly<Record<string, A>>, f: (a: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, a]) => [name, f(a)]));

/** An optimiser from a rule on entries. */
export function defineOptimizer<O extends object>(rule: Rule<O>, options: Options<O>): Optimizer {
  if (typeof options !== 'function') checkRuleOptions(rule, options);
  const traceable = traceableUpdate(rule, options);
  return {
    name: rule.name,
    traceable,
    init: (dim) => ({
      step: 0,
      slots: Object.fromEntries(rule.slots.map((slot) => [slot, new Float64Array(dim)])),
    }),
    update: (params, gradient, state, segments = [{ name: '', offset: 0, size: params.length }]) =>
      scoped(() => {
        const next = traceable.apply(
          lift(params),
          lift(gradient),
          mapRecord(state.slots, (slot) => lift(slot)),
          lift([...traceable.numbers(state.step, segments)]),
          segments,
        );
        return {
          params: numbersOf(next.params),
          state: { step: state.step + 1, slots: mapRecord(next.slots, numbersOf) },
        };
      }),
  };
}
