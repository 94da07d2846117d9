/** One program, checked: optimised against not optimised, an executor against the reference, forward and gradient. */
import { tf, type DType, type NumericArray } from '@pyro-ts/ops';
import type { Graph, GraphNode, ValueDType, ValueId } from '../../src/graph/graph';
import { verify } from '../../src/graph/verify';
import { deadCode } from '../../src/passes/dead-code';
import { optimize } from '../../src/passes/optimize';
import { interpret } from '../../src/reference/executor';
import { inline } from '../../src/control/inline';
import { gradientsOf } from '../../src/control/tape';
import { trace } from '../../src/trace/trace';
import { deviation, expectation, type Expectation } from './conditioning';
import type { FuzzProgram } from './generate';

/** What is under test: a rewriting of graphs, and a way to run them. */
export interface Subject {
  readonly rewrite?: (graph: Graph) => Graph;
  readonly run?: (graph: Graph, inputs: readonly NumericArray[]) => NumericArray[];
}

/** What is computed of a program once, though it is checked several times. */
function kept<K extends object, V>(compute: (key: K, seed: number) => V): (key: K, seed: number) => V {
  const known = new WeakMap<K, { readonly seed: number; readonly value: V }>();
  return (key, seed) => {
    const found = known.get(key);
    if (found?.seed === seed) return found.value;
    const value = compute(key, seed);
    known.set(key, { seed, value });
    return value;
  };
}

/** None for a program that the reference itself refuses (an index out of range, say). */
const expectationOrNone = kept((program: FuzzProgram, seed): Expectation | undefined => {
  try {
    return expectation(program, seed);
  } catch {
    return undefined;
  }
});

const optimized = kept((graph: Graph) => optimize(graph, { afterPass: (_name, g) => verify(g) }));

/** What is wrong with a program, or undefined. */
export function check(program: FuzzProgram, subject: Subject, seed: number): string | undefined {
  const rewrite = subject.rewrite ?? ((graph: Graph) => optimized(graph, seed));
  const run = subject.run ?? interpret;
  const expected = expectationOrNone(program, seed);
  if (expected === undefined) return undefined;
  try {
    return deviation(expected, run(rewrite(program.graph), program.data));
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

const labels: Readonly<Record<ValueDType, DType>> = { float: 'float32', int: 'int32', bool: 'bool' };

/** The gradients, by every float input, of the sum of all float outputs; undefined where a kernel has none. */
export function gradientOf({ graph, data }: FuzzProgram): FuzzProgram | undefined {
  const specs = graph.inputs.map(({ name, value }) => {
    const { shape, dtype } = graph.values[value];
    return { name, shape, dtype: labels[dtype] };
  });
  try {
    const traced = trace((inputs) => {
      const floats = inputs.filter(({ dtype }) => dtype === 'float32');
      const total = (): tf.Tensor => {
        const outputs = inline(graph, inputs).filter(({ dtype }) => dtype === 'float32');
        return outputs.reduce((sum, y) => sum.add(y.sum()), tf.scalar(0) as tf.Tensor);
      };
      return gradientsOf(total, floats).filter((grad) => grad !== undefined);
    }, specs);
    if (traced.outputs.length === 0) return undefined;
    return { graph: deadCode.run(traced), data };
  } catch {
    return undefined;
  }
}

/** The program cut off behind node k: its results become inputs with the values they have. */
function cut({ graph, data }: FuzzProgram, k: number): FuzzProgram {
  const node: GraphNode = graph.nodes[k];
  const found = interpret({ ...graph, outputs: node.outputs }, data);
  const inputs = node.outputs.map((value: ValueId) => ({ name: `v${value}`, value }));
  const nodes = graph.nodes.filter((_, i) => i !== k);
  const shorter = { ...graph, inputs: [...graph.inputs, ...inputs], nodes };
  return withoutUnused({ graph: deadCode.run(shorter), data: [...data, ...found] });
}

function withoutUnused({ graph, data }: FuzzProgram): FuzzProgram {
  const used = new Set([...graph.nodes.flatMap(({ inputs }) => inputs), ...graph.outputs]);
  const keep = graph.inputs.map(({ value }) => used.has(value));
  return {
    graph: { ...graph, inputs: graph.inputs.filter((_, i) => keep[i]) },
    data: data.filter((_, i) => keep[i]),
  };
}

/** A small program that fails too: fewer outputs, and as few nodes as can be. */
export function minimise(program: FuzzProgram, subject: Subject, seed: number): FuzzProgram {
  const fails = (candidate: FuzzProgram): boolean => {
    try {
      return check(candidate, subject, seed) !== undefined;
    } catch {
      return false;
    }
  };
  let current = program;
  // The first value that comes out wrong when it is asked for alone.
  for (const output of program.graph.nodes.flatMap(({ outputs }) => outputs)) {
    const one = withoutUnused({ ...program, graph: deadCode.run({ ...program.graph, outputs: [output] }) });
    if (fails(one)) {
      current = one;
      break;
    }
  }
  for (let k = current.graph.nodes.length - 1; k >= 0; k--) {
    if (k >= current.graph.nodes.length) continue;
    const candidate = cut(current, k);
    if (candidate.graph.nodes.length < current.graph.nodes.length && fails(candidate)) current = candidate;
  }
  return current;
}
