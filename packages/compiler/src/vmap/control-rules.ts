/** Scan, Cond and While over a batch: their bodies are batched in turn. */
import { GraphBuilder } from '../graph/builder';
import type { Graph, GraphNode, ValueId, ValueType } from '../graph/graph';
import { BatchContext, type Operand } from './context';
import { batchInto } from './vmap-graph';

interface Batched {
  readonly outputs: readonly ValueId[];
  readonly batched: readonly boolean[];
}

const withAxis = ({ shape, dtype }: ValueType, size: number): ValueType => ({
  shape: [size, ...shape],
  dtype,
});

/** A body whose inputs are batched as told, and its outputs as they come, or all with `materialise`. */
function batchBody(
  body: Graph,
  flags: readonly boolean[],
  size: number,
  finish: (
    outputs: readonly Operand[],
    inputs: readonly Operand[],
    batch: BatchContext,
  ) => readonly ValueId[],
): { graph: Graph; outputs: readonly Operand[] } {
  const builder = new GraphBuilder();
  const batch = new BatchContext(builder, size);
  const inputs = body.inputs.map(({ name, value }, i): Operand => {
    const type = body.values[value];
    const { shape, dtype } = flags[i] ? withAxis(type, size) : type;
    return { value: builder.input(name, shape, dtype), batched: flags[i], type };
  });
  const outputs = batchInto(body, inputs, batch);
  return { graph: builder.finish(finish(outputs, inputs, batch)), outputs };
}

const asTheyCome = (outputs: readonly Operand[]): ValueId[] => outputs.map(({ value }) => value);

/** Which carries get a batch axis: those that start with one, and those that a step gives one. */
function batchedCarries(body: Graph, flags: readonly boolean[], count: number, size: number): boolean[] {
  let current = [...flags];
  for (;;) {
    const { outputs } = batchBody(body, current, size, asTheyCome);
    const next = current.map((flag, i) => flag || (i < count && outputs[i].batched));
    if (next.every((flag, i) => flag === current[i])) return current;
    current = next;
  }
}

/** The batch axis of stacked values comes after the axis of the steps. */
function swapped(value: ValueId, batch: BatchContext): ValueId {
  const { shape } = batch.builder.typeOf(value);
  return batch.transpose(value, [1, 0, ...shape.map((_, i) => i).slice(2)]);
}

function batchScan(
  node: GraphNode,
  operands: readonly Operand[],
  types: readonly ValueType[],
  batch: BatchContext,
): Batched {
  const body = (node.subgraphs as Readonly<Record<string, Graph>>)['body'];
  const { numCarries, numXs } = node.attrs as Readonly<Record<string, number>>;
  const flags = batchedCarries(
    body,
    operands.map(({ batched }) => batched),
    numCarries,
    batch.size,
  );
  const { graph, outputs } = batchBody(body, flags, batch.size, (found, _inputs, inner) =>
    found.map((output, i) => (i < numCarries && flags[i] ? inner.materialised(output) : output.value)),
  );
  const inputs = operands.map((operand, i) => {
    if (i < numCarries) return flags[i] ? batch.materialised(operand) : operand.value;
    return i < numCarries + numXs && operand.batched ? swapped(operand.value, batch) : operand.value;
  });
  const batched = outputs.map((output, i) => (i < numCarries ? flags[i] : output.batched));
  const results = types.map((type, i): ValueType => {
    if (!batched[i]) return type;
    if (i < numCarries) return withAxis(type, batch.size);
    return { dtype: type.dtype, shape: [type.shape[0], batch.size, ...type.shape.slice(1)] };
  });
  const values = batch.builder.control('Scan', inputs, node.attrs, { body: graph }, results);
  return {
    outputs: values.map((value, i) => (i >= numCarries && batched[i] ? swapped(value, batch) : value)),
    batched,
  };
}

/** Per example `a` where the condition holds, else `b`. */
function choose(condition: ValueId, a: Operand, b: Operand, batch: BatchContext): ValueId {
  const ones = a.type.shape.map(() => 1);
  const mask = batch.reshape(condition, [batch.size, ...ones]);
  return batch.builder.node('Select', [mask, batch.materialised(a), batch.materialised(b)]);
}

function batchCond(
  node: GraphNode,
  operands: readonly Operand[],
  types: readonly ValueType[],
  batch: BatchContext,
): Batched {
  const bodies = node.subgraphs as Readonly<Record<'then' | 'else', Graph>>;
  const [predicate, ...rest] = operands;
  const batched = types.map(() => true);
  if (predicate.batched) {
    // Examples differ in the branch they take: both run, and each example picks.
    const [yes, no] = [bodies.then, bodies.else].map((body) => batchInto(body, rest, batch));
    return { outputs: yes.map((output, i) => choose(predicate.value, output, no[i], batch)), batched };
  }
  const flags = rest.map((operand) => operand.batched);
  const all = (outputs: readonly Operand[], _inputs: readonly Operand[], inner: BatchContext): ValueId[] =>
    outputs.map((output) => inner.materialised(output));
  const [yes, no] = [bodies.then, bodies.else].map((body) => batchBody(body, flags, batch.size, all).graph);
  const outputs = batch.builder.control(
    'Cond',
    operands.map(({ value }) => value),
    node.attrs,
    { then: yes, else: no },
    types.map((type) => withAxis(type, batch.size)),
  );
  return { outputs, batched };
}

/** Runs while any example goes on; those that are done keep their values. */
function batchWhile(
  node: GraphNode,
  operands: readonly Operand[],
  types: readonly ValueType[],
  batch: BatchContext,
): Batched {
  const bodies = node.subgraphs as Readonly<Record<'test' | 'body', Graph>>;
  const { numCarries } = node.attrs as Readonly<Record<string, number>>;
  const flags = operands.map(({ batched }, i) => i < numCarries || batched);
  const test = batchBody(bodies.test, flags, batch.size, ([goesOn], _inputs, inner) => [
    inner.builder.node('Any', [inner.materialised(goesOn)], { axis: [0], keepDims: false }),
  ]).graph;
  const body = batchBody(bodies.body, flags, batch.size, (outputs, inputs, inner) => {
    const [goesOn] = batchInto(bodies.test, inputs, inner);
    const mask = inner.materialised(goesOn);
    return outputs.map((output, i) => choose(mask, output, inputs[i], inner));
  }).graph;
  const outputs = batch.builder.control(
    'While',
    operands.map((operand, i) => (flags[i] ? batch.materialised(operand) : operand.value)),
    node.attrs,
    { test, body },
    types.map((type) => withAxis(type, batch.size)),
  );
  return { outputs, batched: types.map(() => true) };
}

/** A control node for a batch; copied where nothing is batched. */
export function batchControl(
  node: GraphNode,
  operands: readonly Operand[],
  types: readonly ValueType[],
  batch: BatchContext,
): Batched {
  if (!operands.some(({ batched }) => batched)) {
    const inputs = operands.map(({ value }) => value);
    const kernel = node.kernel as 'Scan' | 'Cond' | 'While';
    const outputs = batch.builder.control(kernel, inputs, node.attrs, node.subgraphs ?? {}, types);
    return { outputs, batched: types.map(() => false) };
  }
  switch (node.kernel) {
    case 'Scan':
      return batchScan(node, operands, types, batch);
    case 'Cond':
      return batchCond(node, operands, types, batch);
    default:
      return batchWhile(node, operands, types, batch);
  }
}
