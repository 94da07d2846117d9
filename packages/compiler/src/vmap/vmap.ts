/** `vmap`: a function of one example becomes a function of a batch. */
import { isConcrete, runKernel, type tf } from '@pyro-ts/ops';
import { SignatureError } from '../errors';
import { isPartOfMore, jit, type JitOptions } from '../jit/jit';
import { flatten, flattenResult, type Flattened } from '../jit/tree';
import { inline } from '../control/inline';
import { installControl } from '../control/install';
import { specOf, traceSubgraph } from '../control/subgraph';
import { optimize } from '../passes/optimize';
import { vmapGraph } from './vmap-graph';

export interface VmapOptions extends JitOptions {
  /** The axis of each argument's tensors that runs over the examples; null: shared by all. Default 0 for every argument. */
  readonly inAxes?: number | null | readonly (number | null)[];
}

/** The axis of every tensor, by the argument that it is in. */
function axesOf(args: readonly unknown[], inAxes: VmapOptions['inAxes']): (number | null)[] {
  return args.flatMap((arg, i) => {
    const axis = Array.isArray(inAxes)
      ? (inAxes as readonly (number | null)[])[i]
      : (inAxes as number | null);
    return flatten(arg).tensors.map(() => (axis === undefined ? 0 : axis));
  });
}

function batchSize(
  tensors: readonly tf.Tensor[],
  axes: readonly (number | null)[],
  paths: readonly string[],
): number {
  const sizes = tensors.flatMap((tensor, i) => {
    const axis = axes[i];
    if (axis === null) return [];
    const at = axis < 0 ? axis + tensor.rank : axis;
    const size: number | undefined = tensor.shape[at];
    if (size === undefined)
      throw new SignatureError(
        `vmap: argument ${paths[i]} of shape [${tensor.shape.join(', ')}] has no axis ${axis}.\n` +
          '  Fix: give every batched tensor an axis of examples, or share the argument with inAxes: null.',
      );
    return [{ size, path: paths[i], shape: tensor.shape }];
  });
  const [first] = sizes;
  if (first === undefined)
    throw new SignatureError(
      'vmap: no argument is batched.\n  Fix: pass at least one tensor whose axis in inAxes is not null.',
    );
  const other = sizes.find(({ size }) => size !== first.size);
  if (other !== undefined)
    throw new SignatureError(
      `vmap: arguments ${first.path} and ${other.path} have ${first.size} and ${other.size} examples ` +
        `(shapes [${first.shape.join(', ')}] and [${other.shape.join(', ')}]).\n` +
        '  Fix: batched axes must have one length; share an argument with inAxes: null.',
    );
  return first.size;
}

/** The tensor with its axis of examples in front. */
function moved(tensor: tf.Tensor, axis: number | null): tf.Tensor {
  const at = axis === null || axis >= 0 ? axis : axis + tensor.rank;
  if (at === null || at === 0) return tensor;
  const others = tensor.shape.map((_, i) => i).filter((i) => i !== at);
  return runKernel('Transpose', { x: tensor }, { perm: [at, ...others] });
}

/**
 * Maps a synchronous function of tensors over a batch: `vmap(f)(xs)` is the stack of `f(x)` for each x of xs, computed at
 * once. Loops in the function run side by side; random draws are those that each example has alone (see `batchRules`).
 *
 * @param fn from one example's tensors (nested in arrays and objects as they may be) to tensors
 * @returns a function of tensors with an axis of examples; every tensor of its result has examples along axis 0. It is
 *   compiled like a function given to `jit`, can be differentiated, and becomes part of a function being traced.
 * @throws SignatureError if batched axes are missing or differ in length
 */
export function vmap<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: VmapOptions = {},
): (...args: Args) => Result {
  const { inAxes = 0, ...settings } = options;

  const mapped = (...args: Args): Result => {
    const flat = flatten(args);
    const axes = axesOf(args, inAxes);
    const size = batchSize(flat.tensors, axes, flat.paths);
    const inputs = flat.tensors.map((tensor, i) => moved(tensor, axes[i]));
    const specs = inputs.map((tensor, i) => {
      const { shape, dtype } = specOf(tensor);
      return axes[i] === null ? { shape, dtype } : { shape: shape.slice(1), dtype };
    });
    installControl();
    let result: Flattened | undefined;
    const { graph, captured } = traceSubgraph((examples) => {
      result = flattenResult(fn(...flat.rebuild(examples)));
      return result.tensors;
    }, specs);
    const flags = [...axes.map((axis) => axis !== null), ...captured.map(() => false)];
    const outputs = inline(vmapGraph(optimize(graph), flags, size), [...inputs, ...captured]);
    return (result as unknown as Flattened).rebuild(outputs) as Result;
  };

  const compiled = jit(mapped, settings);
  return (...args) => {
    const plain = !isPartOfMore() && flatten(args).tensors.every(isConcrete);
    return plain ? compiled(...args) : mapped(...args);
  };
}
