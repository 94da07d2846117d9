import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, ValueId } from '../../graph/graph';
import { interpret } from '../../reference/executor';
import { WasmProgram } from '../program';
import { generator, randomArray } from './cases';
import { compileGraph, compileToText, type WasmOptions } from './compile-graph';

const options: WasmOptions = { precision: 'float64', relaxed: false };

function runAll(graph: Graph, data: Parameters<WasmProgram['run']>[0]) {
  return {
    expected: interpret(graph, data),
    fused: new WasmProgram(compileGraph(graph, options)).run(data),
    apart: new WasmProgram(compileGraph(graph, { ...options, fuse: false })).run(data),
  };
}

const unary = ['Exp', 'Tanh', 'Sigmoid', 'Softplus', 'Square', 'Neg', 'Abs', 'Relu', 'Sin', 'Atan'];
const binary = ['Add', 'Sub', 'Multiply', 'Maximum', 'SquaredDifference'];

/** A random program over a few shapes: elementwise, broadcasting, reductions, views, products, joins. */
function randomProgram(seed: number): { graph: Graph; data: Float64Array[] } {
  const random = generator(seed * 2654435761);
  const pick = <T>(xs: readonly T[]): T => xs[Math.floor(random() * xs.length)];
  const [n, d] = [pick([1, 3, 8, 19, 40]), pick([1, 2, 5, 17])];
  const g = new GraphBuilder();
  const shapes = [[n, d], [d], [n, 1], []];
  const data: Float64Array[] = [];
  const matrices: ValueId[] = [];
  for (const [i, shape] of shapes.entries()) {
    const values = randomArray(random, shape, 'float', 'small') as Float64Array;
    if (random() < 0.3) matrices.push(g.constant(values, shape));
    else {
      data.push(values);
      matrices.push(g.input(`x${i}`, shape));
    }
  }
  const pool: ValueId[] = [...matrices];
  const same = (a: ValueId): ValueId[] =>
    pool.filter((b) => `${g.typeOf(b).shape.join()}` === `${g.typeOf(a).shape.join()}`);
  const squash = (x: ValueId): ValueId => g.node('Tanh', [x]);
  const rules: (() => ValueId | null)[] = [
    () => g.node(pick(unary), [squash(pick(pool))]),
    () => {
      const a = pick(pool);
      return g.node(pick(binary), [a, pick([...same(a), matrices[3]])]);
    },
    () => g.node(pick(binary), [matrices[0], pick([matrices[1], matrices[2], matrices[3]])]),
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length === 2));
      const axis = pick([[0], [1], [0, 1]]);
      return squash(g.node(pick(['Sum', 'Max', 'Mean']), [x], { axis, keepDims: random() < 0.5 }));
    },
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length === 2));
      return g.node('Transpose', [x], { perm: [1, 0] });
    },
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length === 2));
      return squash(g.node('BatchMatMul', [x, x], { transposeA: true, transposeB: false }));
    },
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length > 0 && g.typeOf(p).shape[0] > 1));
      if (x === undefined) return null;
      const { shape } = g.typeOf(x);
      const begin = shape.map((_, i) => (i === 0 ? 1 : 0));
      return g.node('Slice', [x], { begin, size: shape.map((m, i) => m - begin[i]) });
    },
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length > 0));
      return g.node(
        'Concat',
        pick([
          [x, pick(same(x))],
          [x, x],
        ]),
        { axis: 0 },
      );
    },
    () => {
      const x = pick(pool);
      return g.node('Select', [g.node('Greater', [x, matrices[3]]), x, g.node('Neg', [x])]);
    },
    () => {
      const x = pick(pool.filter((p) => g.typeOf(p).shape.length === 2));
      return g.node('Reshape', [x], { shape: [g.typeOf(x).shape[0] * g.typeOf(x).shape[1]] });
    },
  ];
  for (let i = 0; i < 24; i++) {
    const made = pick(rules)();
    if (made !== null && g.typeOf(made).shape.reduce((a, b) => a * b, 1) < 4000) pool.push(made);
  }
  const outputs = pool.slice(-6).concat(pick(pool));
  return { graph: g.finish(outputs), data };
}

describe('random programs', () => {
  it('give the reference’s values, with and without fusion', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { graph, data } = randomProgram(seed);
      const { expected, fused, apart } = runAll(graph, data);
      expected.forEach((e, i) => {
        expectClose(fused[i], e, { rel: 1e-9, abs: 1e-10 }, `seed ${seed} fused output ${i}`);
        expectClose(apart[i], e, { rel: 1e-9, abs: 1e-10 }, `seed ${seed} unfused output ${i}`);
      });
    }
  });

  it('agree in float32 within its precision', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const { graph, data } = randomProgram(seed);
      const expected = interpret(graph, data);
      const actual = new WasmProgram(compileGraph(graph, { ...options, precision: 'float32' })).run(data);
      expected.forEach((e, i) =>
        expectClose(actual[i], e, { rel: 1e-3, abs: 1e-3 }, `seed ${seed} output ${i}`),
      );
    }
  });

  it('run twice with the same result: nothing is left over in memory', () => {
    for (let seed = 200; seed < 230; seed++) {
      const { graph, data } = randomProgram(seed);
      const program = new WasmProgram(compileGraph(graph, options));
      const first = program.run(data);
      program.run(data.map((d) => d.map((x) => x + 1)));
      expect(program.run(data)).toEqual(first);
    }
  });
});

describe('fusion', () => {
  it('computes a chain that ends in a sum in one loop without storing it', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [1000]);
    const y = g.node('Sum', [g.node('Exp', [g.node('Neg', [g.node('Square', [x])])])], { axis: [0] });
    const main = compileToText(g.finish([y]), options).split('\n\n')[0];
    expect(main.match(/\bloop\b/g)?.length).toBe(1);
    expect(main.match(/v128\.store/g)?.length).toBe(1);
  });

  it('keeps a graph of small values in one function without loops', () => {
    const g = new GraphBuilder();
    const q = g.input('q', [10]);
    const a = g.node('Slice', [q], { begin: [2], size: [8] });
    const s = g.node('Sum', [g.node('Square', [a])], { axis: [0] });
    const b = g.node('Multiply', [a, s]);
    const one = g.node('Reshape', [s], { shape: [1] });
    const graph = g.finish([g.node('Concat', [one, b], { axis: 0 })]);
    const compiled = compileGraph(graph, options);
    expect(compileToText(graph, options)).not.toContain('loop');
    const q0 = Float64Array.from({ length: 10 }, (_, i) => i - 3);
    expectClose(new WasmProgram(compiled).run([q0])[0], interpret(graph, [q0])[0]);
  });

  it('splits very long programs into functions and carries values across', () => {
    const g = new GraphBuilder();
    const x = g.input('x', [3]);
    let y: ValueId = x;
    // Never the same twice, or it would be a loop.
    for (let i = 0; i < 2000; i++)
      y = g.node((i * i) % 7 < 3 ? 'Add' : 'Maximum', [
        g.node('Multiply', [y, g.constant(0.5)]),
        Math.sin(i * i) > 0 ? x : y,
      ]);
    const graph = g.finish([y]);
    const compiled = compileGraph(graph, options);
    expect(compileToText(graph, options).match(/^func/gm)?.length).toBeGreaterThan(2);
    const data = [Float64Array.of(1e-100, -2e-100, 3e-100)];
    expectClose(new WasmProgram(compiled).run(data)[0], interpret(graph, data)[0]);
  });
});
