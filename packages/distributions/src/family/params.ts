/** The vocabulary in which a family declares its parameters, and the types that follow from a declaration. */
import type { Shape, TensorLike, tf } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';
import type { Distribution } from '../distribution';

/** `required` in every call, `optional` (a default exists, or absence means something), or one of several `alternative`s. */
export type Need = 'required' | 'optional' | 'alternative';

/** A constraint that depends on the other parameters: the upper end of a Uniform lies above the lower one. */
export type DependentConstraint = (params: Readonly<Record<string, tf.Tensor>>) => Constraint;

/** One declared parameter. `In` is what a caller may pass, `Out` what the family's formulas receive. */
export interface Param<N extends string = string, In = unknown, Out = unknown, R extends Need = Need> {
  readonly name: N;
  readonly need: R;
  /** `tensor` parameters broadcast and may be differentiated, `distribution`s contribute their batch shape, `setting`s are kept as they are. */
  readonly kind: 'tensor' | 'distribution' | 'setting';
  readonly constraint?: Constraint | DependentConstraint;
  readonly eventDim: number;
  readonly defaultValue?: unknown;
  /** Unchecked values outside the constraint become NaN, because the formulas alone would give finite nonsense. */
  readonly guard: boolean;
  /** Types only. */
  readonly types?: { readonly in: In; readonly out: Out };
}

/** Exactly one of the members is given: probs or logits. */
export interface Alternatives<M extends readonly Param[] = readonly Param[]> {
  readonly alternatives: M;
}

export type Params = readonly (Param | Alternatives)[];

export interface ParamOptions {
  /** Rightmost dimensions of one parameter value; default: the constraint's event dimensions. */
  readonly eventDim?: number;
  /** @see Param.guard */
  readonly guard?: boolean;
}

function tensorParam<N extends string, Out, R extends Need>(
  name: N,
  need: R,
  constraint: Constraint | DependentConstraint,
  defaultValue: TensorLike | undefined,
  options: ParamOptions,
): Param<N, TensorLike, Out, R> {
  const eventDim = options.eventDim ?? (typeof constraint === 'function' ? 0 : constraint.eventDim);
  return { name, need, kind: 'tensor', constraint, eventDim, defaultValue, guard: options.guard ?? false };
}

/** A tensor parameter that every call must give. */
export function param<N extends string>(
  name: N,
  constraint: Constraint | DependentConstraint,
  options: ParamOptions = {},
): Param<N, TensorLike, tf.Tensor, 'required'> {
  return tensorParam(name, 'required', constraint, undefined, options);
}

/** A tensor parameter with a default. */
export function defaulted<N extends string>(
  name: N,
  constraint: Constraint | DependentConstraint,
  value: TensorLike,
  options: ParamOptions = {},
): Param<N, TensorLike, tf.Tensor, 'optional'> {
  return tensorParam(name, 'optional', constraint, value, options);
}

/** A tensor parameter that may be absent; formulas then receive undefined. */
export function optional<N extends string>(
  name: N,
  constraint: Constraint | DependentConstraint,
  options: ParamOptions = {},
): Param<N, TensorLike, tf.Tensor | undefined, 'optional'> {
  return tensorParam(name, 'optional', constraint, undefined, options);
}

/** Not a tensor: a number of dimensions, a list of transforms, a function. Kept as it is. */
export function setting<T>(): <N extends string>(name: N) => Param<N, T, T, 'required'>;
export function setting<T>(defaultValue: T): <N extends string>(name: N) => Param<N, T, T, 'optional'>;
export function setting<T>(defaultValue?: T) {
  return <N extends string>(name: N): Param<N, T, T> => ({
    name,
    need: defaultValue === undefined ? 'required' : 'optional',
    kind: 'setting',
    eventDim: 0,
    defaultValue,
    guard: false,
  });
}

/** Another distribution. */
export function distribution<N extends string>(name: N): Param<N, Distribution, Distribution, 'required'> {
  return { name, need: 'required', kind: 'distribution', eventDim: 0, guard: false };
}

type AsAlternative<M> =
  M extends Param<infer N, infer In, infer Out> ? Param<N, In, Out, 'alternative'> : never;

/** Exactly one of these is given; the first is the positional one. Formulas read any of them through `derive`. */
export function oneOf<const M extends readonly Param[]>(
  ...members: M
): Alternatives<{ readonly [I in keyof M]: AsAlternative<M[I]> }> {
  const alternatives = members.map((member) => ({ ...member, need: 'alternative' as const }));
  return { alternatives: alternatives as unknown as { readonly [I in keyof M]: AsAlternative<M[I]> } };
}

/** The parameters in positional order, groups opened. */
export function flattenParams(params: Params): readonly Param[] {
  return params.flatMap((entry) => ('alternatives' in entry ? [...entry.alternatives] : [entry]));
}

/** Type of `flattenParams`. */
export type Flat<P extends Params> = P extends readonly [infer E, ...infer Rest extends Params]
  ? E extends Alternatives<infer M>
    ? [...M, ...Flat<Rest>]
    : E extends Param
      ? [E, ...Flat<Rest>]
      : never
  : [];

type InputOf<E> = E extends Param<string, infer In> ? In : never;
type OutputOf<E> = E extends Param<string, unknown, infer Out> ? Out : never;
type NameOf<E> = E extends Param<infer N> ? N : never;

/** Every declared name. */
export type ParamNames<P extends Params> = NameOf<Flat<P>[number]>;

type OneNamed<M extends readonly Param[]> = {
  readonly [I in keyof M]: { readonly [N in NameOf<M[I]>]: InputOf<M[I]> } & {
    readonly [N in Exclude<NameOf<M[number]>, NameOf<M[I]>>]?: undefined;
  };
}[number];

type NamedEntry<E> =
  E extends Alternatives<infer M>
    ? OneNamed<M>
    : E extends Param<infer N, infer In, unknown, infer R>
      ? R extends 'required'
        ? { readonly [K in N]: In }
        : { readonly [K in N]?: In | undefined }
      : never;

/** What `Family({...})` accepts: required names, optional names, and exactly one of each group. */
export type NamedArguments<P extends Params> = P extends readonly [infer E, ...infer Rest extends Params]
  ? NamedEntry<E> & NamedArguments<Rest>
  : unknown;

/** What `Family(a, b, options)` accepts: optional parameters may be left out from the right, options come last. */
export type PositionalArguments<
  F extends readonly unknown[],
  Options,
  Done extends readonly unknown[] = [],
> = F extends readonly [infer E, ...infer Rest]
  ? E extends Param<string, infer In, unknown, infer R>
    ? R extends 'required'
      ? PositionalArguments<Rest, Options, [...Done, In]>
      : [...Done, Options?] | PositionalArguments<Rest, Options, [...Done, In | undefined]>
    : never
  : [...Done, Options?];

/** What the family's formulas read: tensors by name, members of a group derived from the one that was given. */
export type ParamView<P extends Params> = {
  readonly [E in Flat<P>[number] as NameOf<E>]: OutputOf<E>;
} & {
  /** Whether the caller gave this parameter (or it has a default). */
  readonly given: (name: ParamNames<P>) => boolean;
};

type ShapeOf<E> =
  E extends Param<string, unknown, infer Out, infer R>
    ? Out extends tf.Tensor | undefined
      ? R extends 'alternative'
        ? Shape | undefined
        : undefined extends Out
          ? Shape | undefined
          : Shape
      : Out
    : never;

/** The shapes of the tensor parameters that were given, and the settings themselves. */
export type ParamShapes<P extends Params> = {
  readonly [E in Flat<P>[number] as NameOf<E>]: ShapeOf<E>;
};
