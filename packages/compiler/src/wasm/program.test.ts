import { expectClose } from '@pyro-ts/testing';
import { GraphBuilder } from '../graph/builder';
import type { Graph } from '../graph/graph';
import { interpret } from '../reference/executor';
import { wasmExecutor } from './executor';
import { WasmProgram } from './program';

function dotAndShift(): Graph {
  const g = new GraphBuilder();
  const x = g.input('x', [40]);
  const shift = g.input('shift', [], 'int');
  const product = g.node('Sum', [g.node('Exp', [x])], { axis: [0] });
  const moved = g.node('Add', [x, g.node('Cast', [shift], { dtype: 'float32' })]);
  return g.finish([product, moved, g.node('Greater', [x, product])]);
}

const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i));

describe('a program', () => {
  it('runs on arrays and returns fresh ones of the reference’s classes', () => {
    const program = wasmExecutor.compile(dotAndShift());
    const expected = interpret(dotAndShift(), [x, Int32Array.of(3)]);
    const first = program.run([x, Int32Array.of(3)]);
    first.forEach((a, i) => {
      expect(a.constructor).toBe(expected[i].constructor);
      expectClose(a, expected[i]);
    });
    expect(program.run([x, Int32Array.of(3)])[1]).not.toBe(first[1]);
  });

  it('runs on views of its memory without copies', () => {
    const program = wasmExecutor.compile(dotAndShift());
    program.inputView(0).set(x);
    program.inputView(1)[0] = 2;
    program.call();
    expectClose(program.outputView(1)[7], x[7] + 2);
    program.inputView(0)[7] = 5;
    program.call();
    expect(program.outputView(1)[7]).toBe(7);
  });

  it('says which input has the wrong length, and how many inputs there are', () => {
    const program = wasmExecutor.compile(dotAndShift());
    expect(() => program.run([x])).toThrow('the program has 2 inputs, not 1');
    expect(() => program.run([x.slice(1), Int32Array.of(0)])).toThrow('input 0 has 39 elements, not 40');
  });

  it('refuses to run after dispose', () => {
    const program = wasmExecutor.compile(dotAndShift());
    program.dispose();
    expect(() => program.run([x, Int32Array.of(0)])).toThrow('disposed of');
    expect(() => program.call()).toThrow('Fix: compile it again');
  });

  it('is made of plain data: a copy of it by structured clone runs', () => {
    const g = new GraphBuilder();
    const input = g.input('x', [5, 9], 'int');
    const graph = g.finish([g.node('Einsum', [input, input], { equation: 'ij,kj->ik' })]);
    const copy = new WasmProgram(structuredClone(wasmExecutor.compile(graph).compiled));
    const values = Int32Array.from({ length: 45 }, (_, i) => (i * i) % 7);
    // Of integers it runs in JavaScript.
    expect(copy.fallbackKernels).toEqual(['Einsum']);
    copy.run([values]).forEach((a, i) => expectClose(a, interpret(graph, [values])[i]));
  });

  it('accepts the wish for relaxed SIMD on any engine', () => {
    const program = wasmExecutor.compile(dotAndShift(), { relaxed: true });
    const expected = interpret(dotAndShift(), [x, Int32Array.of(3)]);
    program.run([x, Int32Array.of(3)]).forEach((a, i) => expectClose(a, expected[i], { rel: 1e-14 }));
  });
});
