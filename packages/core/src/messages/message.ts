/**
 * What primitives say to handlers. Messages are immutable: a handler returns a changed copy (`produce`).
 *
 * The union is open. A package adds its own kind by declaration merging and gives it a default behaviour:
 * `declare module '@pyro-ts/core' { interface MessageKinds { say: SayMessage } }`, `defineKind('say', …)`.
 */
import type { Constraint, Distribution } from '@pyro-ts/distributions';
import type { RandomKey, TensorLike, tf } from '@pyro-ts/ops';
import type { Unrolling } from '../scan/unrolled';
import type { Enumeration } from './enumeration';
import type { PlateFrame } from './frame';
import type { MarkovStep } from './markov';

/** Per-site instructions to inference. Open: any key may be added. */
export interface Infer {
  /**
   * Sum a discrete site out: its values along a dim of their own (`parallel`), or one run for each of them
   * (`sequential`, in guides).
   */
  readonly enumerate?: 'parallel' | 'sequential' | undefined;
  /** Enumerated values are repeated along the plates of the site. Default false: they broadcast. */
  readonly expand?: boolean | undefined;
  /** Along the dim lie this many draws instead of all values; in guides. */
  readonly numSamples?: number | undefined;
  /** The site belongs to the inference, not to the model: a guide may have it without the model having it. */
  readonly isAuxiliary?: boolean | undefined;
  /** Set by `uncondition`. */
  readonly wasObserved?: boolean | undefined;
  /** Set by `uncondition`: the observation that was taken away. */
  readonly obs?: tf.Tensor | undefined;
  /** Names of enclosing plates that do not concern this site; set by `blockPlate`. */
  readonly blockPlates?: readonly string[] | undefined;
  readonly [key: string]: unknown;
}

/** A factor on the log density: a positive number or a tensor that broadcasts with it. */
export type Scale = number | tf.Tensor;

/** False where the log density does not count. A tensor broadcasts with the batch shape. */
export type Mask = boolean | tf.Tensor;

export interface MessageBase<Kind extends string> {
  readonly kind: Kind;
  readonly name: string;
  readonly value: unknown;
  /** Enclosing plates, outermost first. */
  readonly condIndepStack: readonly PlateFrame[];
  readonly infer: Infer;
  /** Where this site's random numbers come from; set by `seed`. */
  readonly key: RandomKey | undefined;
  /** The `markov` contexts around, outermost first; undefined: none. */
  readonly markov?: readonly MarkovStep[] | undefined;
  /** The enumerated sites that may matter here; set by `enumerate`. */
  readonly enumeration?: Enumeration | undefined;
  /** Handlers further out do not see the message. */
  readonly stop: boolean;
}

/** What contributes to the log density. */
interface Weighted {
  readonly scale: Scale;
  /** `true`: everything counts. */
  readonly mask: Mask;
}

export interface SampleMessage extends MessageBase<'sample'>, Weighted {
  readonly fn: Distribution;
  readonly value: tf.Tensor | undefined;
  readonly isObserved: boolean;
}

export interface FactorMessage extends MessageBase<'factor'>, Weighted {
  /** The log factor in nats, shape [...batch]. */
  readonly value: tf.Tensor;
}

export interface ParamMessage extends MessageBase<'param'> {
  /** Constrained space. */
  readonly value: tf.Tensor | undefined;
  readonly init: ParamInit | undefined;
  readonly constraint: Constraint;
  /** How many rightmost dims belong to one element; lets subsampled plates index the parameter. */
  readonly eventDim: number | undefined;
}

export interface DeterministicMessage extends MessageBase<'deterministic'> {
  readonly value: tf.Tensor;
  readonly eventDim: number | undefined;
}

export interface PlateMessage extends MessageBase<'plate'> {
  readonly size: number;
  readonly subsampleSize: number;
  readonly dim: number | undefined;
  /** int32 [subsampleSize]: the indices drawn; undefined while the plate is full. */
  readonly value: tf.Tensor | undefined;
}

/** Asks the plates around for the rows of `value` that belong to their subsamples. Not recorded in traces. */
export interface SubsampleMessage extends MessageBase<'subsample'> {
  readonly value: tf.Tensor;
  readonly eventDim: number;
}

/** Asks the handlers around what they would do to a site here. Not recorded in traces. */
export interface InspectMessage extends MessageBase<'inspect'>, Weighted {
  readonly value: undefined;
  /** A scan is to run as the loop that it stands for. */
  readonly unrolling?: Unrolling | undefined;
}

/** An initial value (constrained space), or how to make one. */
export type ParamInit = TensorLike | ((key: RandomKey | undefined) => TensorLike);

/** Kind → message. Add your own kinds here by declaration merging. */
export interface MessageKinds {
  sample: SampleMessage;
  factor: FactorMessage;
  param: ParamMessage;
  deterministic: DeterministicMessage;
  plate: PlateMessage;
  subsample: SubsampleMessage;
  inspect: InspectMessage;
}

export type MessageKind = keyof MessageKinds;

export type Message = MessageKinds[MessageKind];
