/** While tracing, `scan` of ops is recorded as one node instead of being written out. */
import type { FlatStep, ScanCall, tf } from '@pyro-ts/ops';
import { backwardBody, type ScanBodyGraph } from './scan-body';
import { runScan } from './scan-kernel';
import { specOf, traceSubgraph } from './subgraph';
import { isDifferentiating } from './tape';

function sameSpecs(a: readonly tf.Tensor[], b: ScanBodyGraph['outputs']): boolean {
  return a.every((t, i) => t.dtype === b[i].dtype && t.shape.join() === b[i].shape.join());
}

/** Undefined, which has the plain loop run, where there is nothing to record or the body is at fault. */
export function recordScan(call: ScanCall): FlatStep | undefined {
  const { init, xs, length, reverse } = call;
  if (length === 0) return undefined;
  const numCarries = init.length;
  const run = (inputs: readonly tf.Tensor[]): readonly tf.Tensor[] => {
    const { carry, y } = call.body(
      inputs.slice(0, numCarries),
      inputs.slice(numCarries, numCarries + xs.length),
    );
    return [...carry, ...y];
  };
  const specs = [...init, ...xs].map((tensor, i) => {
    const { shape, dtype } = specOf(tensor);
    return i < numCarries ? { shape, dtype } : { shape: shape.slice(1), dtype };
  });
  const { graph, captured, outputs } = traceSubgraph(run, specs);
  if (!sameSpecs(init, outputs)) return undefined;
  const inputs = [...specs, ...captured.map(specOf)];
  const body: ScanBodyGraph = { graph, inputs, outputs, numCarries, numXs: xs.length };
  // Made from the function, not from the graph, so that the user's own gradients (tf.customGrad) are kept.
  const backward = isDifferentiating() ? backwardBody(body, { run, captured }) : undefined;
  const results = runScan({ body, length, reverse, backward }, [...init, ...xs, ...captured]);
  return { carry: results.slice(0, numCarries), y: results.slice(numCarries) };
}
