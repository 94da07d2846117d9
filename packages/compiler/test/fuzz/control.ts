/** Random scans, choices and loops, with random bodies of elementwise kernels. */
import { sizeOf, type KernelName } from '@pyro-ts/ops';
import { GraphBuilder } from '../../src/graph/builder';
import type { ControlKernel } from '../../src/graph/control';
import type { Graph, ValueId, ValueType } from '../../src/graph/graph';
import type { Program } from './generate';

const unary: readonly KernelName[] = ['Sin', 'Tanh', 'Neg', 'Sigmoid', 'Square', 'Exp', 'Relu'];
const binary: readonly KernelName[] = ['Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'RealDiv'];

/** A few kernels on floats of one shape; the last results first. */
function mix(p: Program, g: GraphBuilder, given: readonly ValueId[]): ValueId[] {
  const pool = [...given];
  for (let i = 0; i < 1 + p.below(5); i++) {
    const [a, b] = [p.pick(pool), p.pick(pool)];
    pool.push(p.random() < 0.4 ? g.node(p.pick(unary), [a]) : g.node(p.pick(binary), [a, b]));
  }
  return pool.reverse();
}

type Body = (g: GraphBuilder, inputs: readonly ValueId[]) => readonly ValueId[];

function graphOf(types: readonly ValueType[], body: Body): Graph {
  const g = new GraphBuilder();
  const inputs = types.map(({ shape, dtype }, i) => g.input(String(i), shape, dtype));
  return g.finish(body(g, inputs));
}

const stack = (length: number, { shape, dtype }: ValueType): ValueType => ({
  shape: [length, ...shape],
  dtype,
});

function scan(p: Program, type: ValueType, floats: () => ValueId): readonly ValueId[] {
  const length = p.below(5);
  const xs = p.input([length, ...type.shape], 'float');
  const body = graphOf([type, type, type, type], (g, given) => {
    const pool = mix(p, g, given);
    return [pool[0], p.pick(pool), p.pick(pool)];
  });
  const attrs = { length, numCarries: 2, numXs: 1, reverse: p.random() < 0.5 };
  const inputs = [floats(), floats(), xs, floats()];
  return p.g.control('Scan', inputs, attrs, { body }, [type, type, stack(length, type)]);
}

function cond(p: Program, type: ValueType, floats: () => ValueId): readonly ValueId[] {
  const axis = { axis: null, keepDims: false };
  const predicate = p.g.node(p.pick(['Any', 'All']), [p.any('bool')], axis);
  const arm = (): Graph => graphOf([type, type], (g, given) => mix(p, g, given).slice(0, 2));
  const inputs = [predicate, floats(), floats()];
  return p.g.control('Cond', inputs, {}, { then: arm(), else: arm() }, [type, type]);
}

function loop(p: Program, type: ValueType, floats: () => ValueId): readonly ValueId[] {
  const count: ValueType = { shape: [], dtype: 'int' };
  const types = [count, type, type, type];
  const maxIterations = p.below(4);
  const one = (g: GraphBuilder, n: number): ValueId => g.constant(Int32Array.of(n), [], 'int');
  const test = graphOf(types, (g, [i]) => [g.node('Less', [i, one(g, maxIterations)])]);
  const body = graphOf(types, (g, [i, ...given]) => [
    g.node('Add', [i, one(g, 1)]),
    ...mix(p, g, given).slice(0, 2),
  ]);
  const inputs = [one(p.g, 0), floats(), floats(), floats()];
  const attrs = { numCarries: 3, maxIterations };
  return p.g.control('While', inputs, attrs, { test, body }, types.slice(0, 3));
}

const makers: Readonly<Record<ControlKernel, typeof scan>> = { Scan: scan, Cond: cond, While: loop };

/** A node with subgraphs on values of the pool; undefined where there is no fitting one. */
export function addControl(p: Program): readonly ValueId[] | undefined {
  const like = p.any('float');
  const type: ValueType = { shape: p.shapeOf(like), dtype: 'float' };
  if (sizeOf(type.shape) > 100) return undefined;
  const floats = (): ValueId => {
    const other = p.any('float');
    if (p.shapeOf(other).join() === type.shape.join()) return other;
    return p.random() < 0.5 ? like : p.input(type.shape, 'float');
  };
  return makers[p.pick(['Scan', 'Cond', 'While'] as const)](p, type, floats);
}
