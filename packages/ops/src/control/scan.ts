/** A loop that carries state over the leading axis of its inputs and collects outputs; differentiable. */
import type * as tfjs from '@tensorflow/tfjs';
import { ShapeError, ValueError, formatShape } from '../errors';
import { runKernel, runKernelMulti } from '../kernels/run';
import { checkLoopCarry } from './carry';
import { controlHandlers } from './handlers';
import { scoped } from './scope';
import { treeLeaves, rebuild, treeStructure, type Tensors, type Tree } from './tree';

export interface ScanOptions {
  /** The number of steps, where `xs` is null. */
  readonly length?: number;
  /** Runs from the last element to the first; outputs stay at the place of their inputs. Default false. */
  readonly reverse?: boolean;
}

/** Carry and input have the types of `init` and `xs`; TypeScript is not to infer them from here. */
export type ScanBody<C, X, Y> = (carry: Tensors<NoInfer<C>>, x: Tensors<NoInfer<X>>) => readonly [Tree, Y];

/** Flat form of a scan, as a handler sees it: leaves only. `xs` have a leading axis of `length`. */
export interface ScanCall {
  readonly body: (carry: readonly tfjs.Tensor[], x: readonly tfjs.Tensor[]) => FlatStep;
  readonly init: readonly tfjs.Tensor[];
  readonly xs: readonly tfjs.Tensor[];
  readonly length: number;
  readonly reverse: boolean;
}

export interface FlatStep {
  readonly carry: readonly tfjs.Tensor[];
  readonly y: readonly tfjs.Tensor[];
}

/** The elements of `xs` come from one Unpack and the outputs go into one Pack: both gradients are linear in length. */
function loop({ body, init, xs, length, reverse }: ScanCall): FlatStep {
  const elements = xs.map((x) => runKernelMulti('Unpack', { value: x }, { axis: 0 }));
  const ys: (readonly tfjs.Tensor[])[] = new Array<readonly tfjs.Tensor[]>(length);
  let carry = init;
  for (let k = 0; k < length; k++) {
    const t = reverse ? length - 1 - k : k;
    const before = carry;
    const step = scoped(() =>
      body(
        before,
        elements.map((x) => x[t]),
      ),
    );
    checkLoopCarry('scan', before, step.carry);
    carry = step.carry;
    ys[t] = step.y;
  }
  const width = ys[0]?.length ?? 0;
  const y = Array.from({ length: width }, (_, i) =>
    runKernel(
      'Pack',
      ys.map((step) => step[i]),
      { axis: 0 },
    ),
  );
  return { carry, y };
}

function lengthOf(xs: readonly tfjs.Tensor[], given: number | undefined): number {
  const lengths = new Set(xs.map((x) => x.shape[0]));
  if (given !== undefined) lengths.add(given);
  const [length] = lengths;
  if (lengths.size !== 1 || length === undefined) {
    const shapes = xs.map((x) => formatShape(x.shape)).join(', ');
    throw new ShapeError(
      `scan: cannot tell the number of steps from xs of shapes ${shapes || '(none)'} and length ${String(given)}\n` +
        `  Fix: give all of xs one leading dimension, or pass {length} where there is no xs.`,
    );
  }
  return length;
}

/**
 * `for x of xs: [carry, y] = body(carry, x)`.
 * @param body maps carry and one element of `xs` (leading axis removed) to the next carry and an output
 * @param init the first carry: tensors in arrays and records; its shapes and dtypes must not change
 * @param xs tensors with a common leading axis, or null with `length`
 * @returns the last carry, and the outputs stacked along a new leading axis
 * @throws {ShapeError} when leading axes differ or the carry changes its shape
 */
export function scan<C extends Tree, X extends Tree, Y extends Tree>(
  body: ScanBody<C, X, Y>,
  init: C,
  xs: X | null,
  options: ScanOptions = {},
): { carry: Tensors<C>; ys: Tensors<Y> } {
  const result: unknown = scoped((): unknown => {
    const items: Tree = xs === null ? [] : xs;
    const flatXs = treeLeaves(items);
    // Inside, trees are only Trees: their types would be compared without end.
    const step = body as unknown as (carry: unknown, x: unknown) => readonly [Tree, Tree];
    let outputs: Tree | undefined;
    const call: ScanCall = {
      init: treeLeaves(init),
      xs: flatXs,
      length: lengthOf(flatXs, options.length),
      reverse: options.reverse ?? false,
      body(carry, x) {
        const [next, y] = step(rebuild(init, carry), rebuild(items, x));
        if (treeStructure(next) !== treeStructure(init)) {
          throw new ValueError(
            `scan: the carry changes from ${treeStructure(init)} to ${treeStructure(next)}\n  Fix: return a carry nested as 'init' is.`,
          );
        }
        outputs ??= y;
        return { carry: treeLeaves(next), y: treeLeaves(y) };
      },
    };
    const { carry, y } = controlHandlers([...call.init, ...call.xs]).scan?.(call) ?? loop(call);
    return { carry: rebuild(init, carry), ys: rebuild(outputs ?? [], y) };
  });
  return result as { carry: Tensors<C>; ys: Tensors<Y> };
}
