/** The body of a scan, and the body of the scan that computes its gradient. */
import type { tf } from '@pyro-ts/ops';
import { runKernel, type TensorSpec } from '@pyro-ts/ops';
import type { Graph } from '../graph/graph';
import { isFloat, pairing, zeros } from './cotangents';
import { inline } from './inline';
import { specOf, traceSubgraph } from './subgraph';
import { gradientsOf } from './tape';

/** [carries, x slices, shared] → [carries, ys]. */
export interface ScanBodyGraph {
  readonly graph: Graph;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly numCarries: number;
  readonly numXs: number;
}

/** The same body, which also gives out the carries that it was given: what the backward pass needs of each step. */
export function withHistory({ graph, numCarries }: ScanBodyGraph): Graph {
  const history = graph.inputs.slice(0, numCarries).map(({ value }) => value);
  return { ...graph, outputs: [...graph.outputs, ...history] };
}

/** How a body is run again under differentiation. */
export interface Rerun {
  /** From carries and x slices (and shared values, unless captured) to outputs. */
  readonly run: (inputs: readonly tf.Tensor[]) => readonly tf.Tensor[];
  /** The tensors that stand for the shared inputs where `run` takes them from outside; else undefined. */
  readonly captured?: readonly tf.Tensor[];
}

/** Runs the recorded graph again. */
export function rerunGraph(graph: Graph): Rerun {
  return { run: (inputs) => inline(graph, inputs) };
}

/**
 * The backward body of a body with history: carries [cotangents of the carries, sums for the shared inputs],
 * xs [history of carries, xs, cotangents of the ys and of the history], shared [shared] → [carries, cotangents of the xs].
 * Floats only where cotangents are meant.
 */
export function backwardBody(body: ScanBodyGraph, { run, captured }: Rerun): ScanBodyGraph {
  const { numCarries, numXs } = body;
  const carries = body.inputs.slice(0, numCarries);
  const xs = body.inputs.slice(numCarries, numCarries + numXs);
  const shared = body.inputs.slice(numCarries + numXs);
  const ys = [...body.outputs.slice(numCarries), ...carries];
  const groups = [
    carries.filter(isFloat),
    shared.filter(isFloat),
    carries,
    xs,
    ys.filter(isFloat),
    ...(captured === undefined ? [shared] : []),
  ];
  const differentiate = (inputs: tf.Tensor[]): readonly tf.Tensor[] => {
    let at = 0;
    const [dCarries, sums, before, slices, dYs, given = []] = groups.map((group) =>
      inputs.slice(at, (at += group.length)),
    );
    const primal = [...before, ...slices, ...(captured ?? given)];
    const watched = primal.filter((tensor) => isFloat(specOf(tensor)));
    const found = gradientsOf(() => {
      const outputs = run([...before, ...slices, ...given]);
      return pairing([...outputs, ...before], [...dCarries, ...dYs]);
    }, watched);
    const grads = watched.map((x, i) => found[i] ?? zeros(x.shape));
    const ofCarries = grads.slice(0, dCarries.length);
    const ofShared = grads.slice(grads.length - sums.length);
    const ofXs = grads.slice(dCarries.length, grads.length - sums.length);
    return [...ofCarries, ...sums.map((sum, i) => runKernel('Add', { a: sum, b: ofShared[i] })), ...ofXs];
  };
  const specs = groups.flat();
  const traced = traceSubgraph(differentiate, specs, captured);
  return {
    graph: traced.graph,
    inputs: [...specs, ...traced.captured.map(specOf)],
    outputs: traced.outputs,
    numCarries: groups[0].length + groups[1].length,
    numXs: groups[2].length + groups[3].length + groups[4].length,
  };
}
