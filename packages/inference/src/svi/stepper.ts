/** What takes the steps of a run: flat numbers that stay in one place from step to step. */
import type { NdArray, tf } from '@pyro-ts/ops';
import type { Optimizer, OptimState, Segment } from '../optim';
import type { LossAndGradient } from './gradient';

/** Where a run is. */
export interface Position {
  /** Unconstrained, flat. */
  readonly params: Float64Array;
  readonly optimState: OptimState;
}

/** Mutable, and used by one run at a time (see `Steps`). */
export interface Stepper {
  /** Puts a run in place: its position, and the tensors among the arguments. */
  load(position: Position, inputs: readonly tf.Tensor[]): void;
  /**
   * Takes a step, but stays where it is until `accept`.
   * @param key int32 [2], of this step
   * @returns the loss before the step, nats
   */
  attempt(key: NdArray): number;
  /** Whether the loss of the last attempt, and the parameters after it, are finite. */
  readonly isFinite: boolean;
  /** Moves to where the last attempt led. */
  accept(): void;
  /** A copy of where the run is. */
  read(): Position;
}

/** @param key int32 [2] @param inputs the tensors among the arguments */
type Differentiated = (params: Float64Array, key: NdArray, inputs: readonly tf.Tensor[]) => LossAndGradient;

/** The optimiser called after every evaluation: for steps that are not compiled, and optimisers of one's own. */
export class PlainStepper implements Stepper {
  private position: Position | undefined;
  private next: Position | undefined;
  private inputs: readonly tf.Tensor[] = [];
  isFinite = false;

  constructor(
    private readonly evaluate: Differentiated,
    private readonly optim: Optimizer,
    private readonly segments: readonly Segment[],
  ) {}

  load(position: Position, inputs: readonly tf.Tensor[]): void {
    this.position = position;
    this.inputs = inputs;
  }

  attempt(key: NdArray): number {
    const { params, optimState } = this.read();
    const { loss, gradient } = this.evaluate(params, key, this.inputs);
    const next = this.optim.update(params, gradient, optimState, this.segments);
    this.next = { params: next.params, optimState: next.state };
    this.isFinite = Number.isFinite(loss) && next.params.every(Number.isFinite);
    return loss;
  }

  accept(): void {
    this.position = this.next;
  }

  read(): Position {
    if (this.position === undefined) throw new Error('internal: a step before a position was loaded');
    return this.position;
  }
}
