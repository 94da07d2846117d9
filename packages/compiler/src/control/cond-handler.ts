/** While tracing, `cond` of ops is recorded as one node. */
import { formatShape, ShapeError, type CondCall, type tf, type TensorSpec } from '@pyro-ts/ops';
import { backwardBranches, recordBranches, runCond } from './cond-kernel';
import { specOf, specOfValue } from './subgraph';
import { isDifferentiating } from './tape';

function checkSame(a: readonly TensorSpec[], b: readonly TensorSpec[]): void {
  const text = ({ shape, dtype }: TensorSpec): string => `${dtype} ${formatShape(shape)}`;
  const i = a.findIndex((spec, k) => text(spec) !== text(b[k]));
  if (i < 0) return;
  throw new ShapeError(
    `cond: one branch returns ${text(a[i])} where the other returns ${text(b[i])}\n` +
      '  Fix: return tensors of the same shapes and dtypes from both.',
  );
}

export function recordCond({ predicate, operands, onTrue, onFalse }: CondCall): readonly tf.Tensor[] {
  const specs = operands.map(specOf);
  const { branches, captured } = recordBranches(onTrue, onFalse, specs);
  const [outputs, others] = [branches.then, branches.else].map((graph) =>
    graph.outputs.map((output) => specOfValue(graph, output)),
  );
  checkSame(outputs, others);
  // Made from the functions, not from the graphs, so that the user's own gradients (tf.customGrad) are kept.
  const backward = isDifferentiating()
    ? backwardBranches([onTrue, onFalse], specs, outputs, captured)
    : undefined;
  return runCond({ branches, backward }, predicate, [...operands, ...captured]);
}
