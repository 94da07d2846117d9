import { expectClose } from '@pyro-ts/testing';
import { check } from '../../../../test/fuzz/check';
import { generateLoop } from '../../../../test/fuzz/loops';
import { GraphBuilder } from '../../../graph/builder';
import type { Graph, ValueId } from '../../../graph/graph';
import { interpret } from '../../../reference/executor';
import { WasmProgram } from '../../program';
import { compileGraph } from '../compile-graph';
import { planMemory } from '../memory-plan';
import { prepare } from '../prepare';
import { schedule } from '../schedule';
import { rollLoops } from './roll';
import type { RolledLoop } from './rolled-loop';

const options = { precision: 'float64', relaxed: false } as const;

function plan(graph: Graph) {
  const prepared = prepare(graph, () => {
    throw new Error('no bodies here');
  });
  return rollLoops(prepared, schedule(prepared, 16));
}

const loopsOf = (graph: Graph): RolledLoop[] => plan(graph).units.flatMap(({ rolled }) => rolled ?? []);

/** Turns × units of a body, of each loop. */
const sizesOf = (graph: Graph): number[][] =>
  loopsOf(graph).map(({ turns, body }) => [turns.length, body.length]);

function expectSame(graph: Graph): void {
  const data = graph.inputs.map(({ value }, i) => {
    const size = graph.values[value].shape.reduce((n, k) => n * k, 1);
    return Float64Array.from({ length: size }, (_, k) => Math.sin(1 + i + 2 * k));
  });
  const program = new WasmProgram(compileGraph(graph, options));
  const expected = interpret(graph, data);
  // Twice: nothing of one call is left for the next.
  for (let call = 0; call < 2; call++)
    program.run(data).forEach((output, i) => expectClose(output, expected[i], { rel: 1e-12 }));
  program.dispose();
}

type Step = (g: GraphBuilder, carry: ValueId, t: number, x: ValueId) => ValueId;

function written(length: number, step: Step, shape: number[] = [2]): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', shape);
  let carry = g.input('start', shape);
  for (let t = 0; t < length; t++) carry = step(g, carry, t, x);
  return g.finish([carry]);
}

const logistic: Step = (g, carry, t, x) => {
  const inner = g.node('Multiply', [g.node('Sub', [g.constant(1), carry]), g.node('Sigmoid', [x])]);
  return g.node('Tanh', [g.node('Add', [g.node('Multiply', [carry, inner]), g.constant(Math.sin(t))])]);
};

describe('written-out loops', () => {
  it('are one body, whose code does not grow with their length', () => {
    const sizes = [200, 400].map((length) => sizesOf(written(length, logistic)));
    expect(sizes.map(([[turns, body]]) => turns * body)).toEqual([200 * 6, 400 * 6]);
    const [short, long] = [200, 400].map(
      (length) => compileGraph(written(length, logistic), options).code.length,
    );
    expect(long).toBeLessThan(1.1 * short);
    expectSame(written(200, logistic));
  });

  it('keep what only the next step reads in registers: a carry needs no memory of its own for each step', () => {
    const { workBytes } = compileGraph(written(400, logistic), options);
    expect(workBytes).toBeLessThan(400);
  });

  it.each([0, 1, 100, 198, 199])('with another step %i are the same function', (odd) => {
    const graph = written(200, (g, carry, t, x) => {
      const next = logistic(g, carry, t, x);
      return t === odd ? g.node('Exp', [g.node('Neg', [next])]) : next;
    });
    expect(loopsOf(graph).length).toBeGreaterThan(0);
    expectSame(graph);
  });

  it('are loops in float32 too', () => {
    const graph = written(200, logistic);
    const program = new WasmProgram(compileGraph(graph, { precision: 'float32', relaxed: false }));
    const data = [Float64Array.of(0.25, 0.5), Float64Array.of(-0.5, 0.75)];
    expectClose(program.run(data)[0], interpret(graph, data)[0], { rel: 2 ** -18 });
    program.dispose();
  });

  it('with a step that starts from a number, or takes another operand once, are the same function', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    let carry = g.constant(0.25);
    for (let t = 0; t < 200; t++) carry = logistic(g, t === 77 ? x : carry, t, x);
    const graph = g.finish([carry]);
    expect(loopsOf(graph).length).toBeGreaterThan(0);
    expectSame(graph);
  });

  it('with a step that takes something else than its own result, of the same shape, are the same function', () => {
    const graph = written(300, (g, carry, t, x) => {
      const [p, q] = [1, 2].map((c) => g.node('Sub', [g.node('Multiply', [g.constant(c), x]), carry]));
      const both = g.node('Multiply', [p, q]);
      return g.node('Tanh', [g.node('Add', [g.node('Sin', [t === 222 ? p : q]), both])]);
    });
    expect(loopsOf(graph).length).toBeGreaterThan(0);
    expectSame(graph);
  });

  it('that read two steps back, and a series that goes the other way, are the same function', () => {
    const g = new GraphBuilder();
    const series = g.input('series', [200]);
    let [a, b] = [g.input('a', []), g.input('b', [])];
    for (let t = 0; t < 200; t++) {
      const y = g.node('Reshape', [g.node('Slice', [series], { begin: [199 - t], size: [1] })], {
        shape: [],
      });
      const c = g.node('Tanh', [g.node('Add', [g.node('Multiply', [a, b]), g.node('Sub', [y, a])])]);
      [a, b] = [b, c];
    }
    const graph = g.finish([b]);
    expect(sizesOf(graph).length).toBe(1);
    expectSame(graph);
  });

  it('of two chains, one beside the other, are the same function', () => {
    const g = new GraphBuilder();
    const [x, y] = [g.input('x', [2]), g.input('y', [2, 2])];
    let [a, b]: ValueId[] = [x, y];
    for (let t = 0; t < 150; t++) {
      a = logistic(g, a, t, x);
      b = g.node('Sin', [g.node('Add', [g.node('Transpose', [b], { perm: [1, 0] }), t % 2 === 0 ? y : a])]);
    }
    const graph = g.finish([a, b]);
    expect(loopsOf(graph).length).toBeGreaterThan(0);
    expectSame(graph);
  });

  it('whose values are read afterwards, forwards, backwards and together, are the same function', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const made: ValueId[] = [];
    let carry = g.input('start', [2]);
    for (let t = 0; t < 200; t++) made.push((carry = logistic(g, carry, t, x)));
    let back: ValueId = g.constant(0);
    for (const value of [...made].reverse())
      back = g.node('Tanh', [g.node('Add', [g.node('Multiply', [back, value]), value])]);
    const all = g.node('Concat', made, { axis: 0 });
    const graph = g.finish([back, all, made[75], carry]);
    const sizes = sizesOf(graph);
    expect(sizes.length).toBeGreaterThan(1);
    expectSame(graph);
  });

  it('put what a step needs, wherever it was written, into the step', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [2]);
    const early = Array.from({ length: 150 }, (_, t) => {
      const far = g.node('Square', [g.node('Sub', [g.constant(Math.sin(t)), x])]);
      return g.node('Multiply', [far, g.constant(-0.5)]);
    });
    let carry: ValueId = x;
    for (const term of early) carry = g.node('Tanh', [g.node('Add', [carry, term])]);
    const graph = g.finish([carry]);
    const { plan: rolledPlan, units } = plan(graph);
    expect(units.filter(({ rolled }) => rolled !== undefined).length).toBe(1);
    const memory = planMemory(rolledPlan, units, () => 8);
    expect(memory.byteLength).toBeLessThan(400);
    expectSame(graph);
  });

  it('are left where they are short, or where no step is like the other', () => {
    expect(loopsOf(written(60, logistic))).toEqual([]);
    const kernels = ['Tanh', 'Sin', 'Sigmoid', 'Neg', 'Square'];
    const irregular = written(900, (g, carry, t, x) => {
      const kernel = kernels[Math.floor(t * t * 0.618) % kernels.length];
      return g.node('Add', [g.node(kernel, [carry]), x]);
    });
    expect(loopsOf(irregular)).toEqual([]);
  });

  it('in random programs compute what the reference does', () => {
    let rolled = 0;
    for (let seed = 1; seed <= 15; seed++) {
      const program = generateLoop(seed);
      rolled += loopsOf(program.graph).length;
      const run = (graph: Graph, data: readonly Float64Array[]) =>
        new WasmProgram(compileGraph(graph, options)).run(data);
      const what = check(program, { rewrite: (graph) => graph, run: run as never }, seed);
      expect([seed, what]).toEqual([seed, undefined]);
    }
    expect(rolled).toBeGreaterThan(15);
  });
});
