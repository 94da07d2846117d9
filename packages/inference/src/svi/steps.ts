/** A run in progress: a stepper's numbers with the counters around them. */
import type { tf } from '@pyro-ts/ops';
import { pack, unpack, type ParamSegment } from './params';
import { stepKey, type SviState } from './state';
import type { Position, Stepper } from './stepper';

/** Whose run is in place. A run that lets go of the thread may find another one there when it comes back. */
const tenants = new WeakMap<Stepper, Steps>();

export class Steps {
  /** Where the run is while another one is in the stepper. */
  private position: Position;
  private taken = 0;

  constructor(
    private readonly stepper: Stepper,
    private readonly segments: readonly ParamSegment[],
    private readonly inputs: readonly tf.Tensor[],
    private readonly start: SviState,
  ) {
    this.position = { params: pack(start.params), optimState: start.optimState };
    this.enter();
  }

  /** Puts the run in place, if it is not there. */
  enter(): void {
    const tenant = tenants.get(this.stepper);
    if (tenant === this) return;
    if (tenant !== undefined) tenant.position = this.stepper.read();
    this.stepper.load(this.position, this.inputs);
    tenants.set(this.stepper, this);
  }

  /** The run is over. */
  leave(): void {
    if (tenants.get(this.stepper) !== this) return;
    this.position = this.stepper.read();
    tenants.delete(this.stepper);
  }

  /** Takes a step, to be accepted or skipped. @returns the loss before it, nats */
  attempt(): number {
    return this.stepper.attempt(stepKey(this.start.key, this.start.step + this.taken));
  }

  /** Whether loss and parameters of the last attempt are finite. */
  get isFinite(): boolean {
    return this.stepper.isFinite;
  }

  accept(): void {
    this.stepper.accept();
    this.taken++;
  }

  /** Leaves the parameters as they are; the next attempt draws other numbers. */
  skip(): void {
    this.taken++;
  }

  get state(): SviState {
    const { params, optimState } = tenants.get(this.stepper) === this ? this.stepper.read() : this.position;
    const { key, step } = this.start;
    return { params: unpack(params, this.segments), optimState, key, step: step + this.taken };
  }
}
