/**
 * A whole step as one program: loss, gradient, minibatch, random numbers and the optimiser's update. What a run changes
 * lies in the program's memory and stays there between steps; a step allocates nothing.
 */
import { compile, isInPlace, type CompiledFunction, type CompileSettings } from '@pyro-ts/compiler';
import { withoutValidation } from '@pyro-ts/core';
import { tf, toNdArray, type NdArray, type NumericArray } from '@pyro-ts/ops';
import type { Optimizer, TraceableUpdate } from '../optim';
import type { StepLoss } from './build-loss';
import { differentiate } from './gradient';
import type { ParamSegment } from './params';
import type { Position, Stepper } from './stepper';

/** A program with its inputs and outputs as arrays that keep their place. */
interface Placed {
  readonly inputs: readonly NumericArray[];
  readonly outputs: readonly NumericArray[];
  call(): void;
}

const viewsOf = (specs: readonly unknown[], view: (i: number) => NumericArray): NumericArray[] =>
  specs.map((_, i) => view(i));

/** Executors whose programs have no memory to look into get arrays that are copied at every call. */
function placed({ program, inputs, outputs }: CompiledFunction): Placed {
  if (isInPlace(program)) {
    return {
      inputs: viewsOf(inputs, (i) => program.inputView(i)),
      outputs: viewsOf(outputs, (i) => program.outputView(i)),
      call: () => program.call(),
    };
  }
  const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
  const given = inputs.map(({ shape, dtype }) =>
    dtype === 'int32' ? new Int32Array(size(shape)) : new Float64Array(size(shape)),
  );
  const results = outputs.map(({ shape }) => new Float64Array(size(shape)));
  return {
    inputs: given,
    outputs: results,
    call: () => program.run(given).forEach((data, i) => results[i].set(data)),
  };
}

/** Outputs 0 and 1 are the loss and whether all is finite; parameters and statistics follow, as in the inputs. */
const firstMoved = 2;

class StepProgram implements Stepper {
  private readonly moving: readonly { readonly from: NumericArray; readonly to: NumericArray }[];
  private readonly numbers: NumericArray;
  private readonly key: NumericArray;
  private readonly data: readonly NumericArray[];
  private readonly loss: NumericArray;
  private readonly finite: NumericArray;
  /** Tensors whose data is in place. */
  private inPlace: readonly tf.Tensor[] = [];
  private optimStep = 0;

  constructor(
    private readonly program: Placed,
    private readonly update: TraceableUpdate,
    private readonly segments: readonly ParamSegment[],
  ) {
    const { inputs, outputs } = program;
    const count = 1 + update.slots.length;
    this.moving = inputs.slice(0, count).map((to, i) => ({ from: outputs[firstMoved + i], to }));
    [this.numbers, this.key, ...this.data] = inputs.slice(count);
    [this.loss, this.finite] = outputs;
  }

  load({ params, optimState }: Position, inputs: readonly tf.Tensor[]): void {
    this.moving[0].to.set(params);
    this.update.slots.forEach((slot, i) => this.moving[i + 1].to.set(optimState.slots[slot]));
    this.optimStep = optimState.step;
    inputs.forEach((tensor, i) => {
      // A tensor does not change, but for variables.
      if (tensor !== this.inPlace[i] || tensor instanceof tf.Variable)
        this.data[i].set(toNdArray(tensor).data);
    });
    this.inPlace = inputs;
  }

  attempt(key: NdArray): number {
    this.key.set(key.data);
    this.numbers.set(this.update.numbers(this.optimStep, this.segments));
    this.program.call();
    return this.loss[0];
  }

  get isFinite(): boolean {
    return this.finite[0] !== 0;
  }

  accept(): void {
    for (const { from, to } of this.moving) to.set(from);
    this.optimStep++;
  }

  read(): Position {
    const [params, ...slots] = this.moving.map(({ to }) => Float64Array.from(to));
    return {
      params,
      optimState: {
        step: this.optimStep,
        slots: Object.fromEntries(this.update.slots.map((slot, i) => [slot, slots[i]])),
      },
    };
  }
}

/** Whether everything in two tensors is finite, a scalar. */
const allFinite = (loss: tf.Tensor, params: tf.Tensor): tf.Tensor =>
  tf.logicalAnd(tf.isFinite(loss), tf.all(tf.isFinite(params)));

/**
 * Undefined for an optimiser without a traceable update.
 * @throws {TracedValueError} if model or guide read the value of a tensor
 */
export function compileStep(
  step: StepLoss,
  { traceable: update }: Optimizer,
  segments: readonly ParamSegment[],
  settings: CompileSettings,
): Stepper | undefined {
  if (update === undefined) return undefined;
  const vector = { shape: [step.dim] };
  const slots = update.slots.length;
  const run = (flat: tf.Tensor, ...rest: tf.Tensor[]): tf.Tensor[] => {
    const [numbers, key, ...inputs] = rest.slice(slots);
    const [loss, gradient] = differentiate(step, flat, key, inputs);
    const before = Object.fromEntries(update.slots.map((slot, i) => [slot, rest[i]]));
    const next = update.apply(flat, gradient, before, numbers, segments);
    return [loss, allFinite(loss, next.params), next.params, ...update.slots.map((slot) => next.slots[slot])];
  };
  const inputs = [
    vector,
    ...update.slots.map(() => vector),
    { shape: [update.numbers(0, segments).length] },
    { shape: [2], dtype: 'int32' as const },
    ...step.inputs,
  ];
  const program = withoutValidation(() => compile(run, { inputs, ...settings }));
  return new StepProgram(placed(program), update, segments);
}
