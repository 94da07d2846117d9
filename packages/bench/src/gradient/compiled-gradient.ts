/** A benchmark model's log density and gradient as a program, and what it took to get there. */
import { executors, traceFunction, type Graph } from '@pyro-ts/compiler';
import { unconstrainModel, type Model } from '@pyro-ts/core';
import { tf } from '@pyro-ts/ops';

type Program = ReturnType<typeof executors.wasm.compile>;

export interface CompiledGradient {
  readonly dim: number;
  readonly graph: Graph;
  readonly program: Program;
  readonly traceMs: number;
  readonly compileMs: number;
  readonly firstCallMs: number;
}

type Density = (q: tf.Tensor) => tf.Tensor;

/** The optimised graph of a function's value and gradient. */
function traceDensity(density: Density, dim: number): Graph {
  const valueAndGradient = tf.valueAndGrad((q: tf.Tensor) => density(q) as tf.Scalar);
  const traced = traceFunction(
    ([q]) => {
      const { value, grad } = valueAndGradient(q);
      return [value, grad];
    },
    [{ name: 'q', shape: [dim], dtype: 'float32' }],
  );
  return traced.graph;
}

/** Strict SIMD, float64. The first call is at the origin. */
export function compileDensity(density: Density, dim: number): CompiledGradient {
  const start = performance.now();
  const graph = traceDensity(density, dim);
  const traced = performance.now();
  const program = executors.wasm.compile(graph);
  const compiled = performance.now();
  program.call();
  const called = performance.now();
  return {
    dim,
    graph,
    program,
    traceMs: traced - start,
    compileMs: compiled - traced,
    firstCallMs: called - compiled,
  };
}

/** A model's log density on unconstrained space. */
export function compileGradient(model: Model<[], unknown>): CompiledGradient {
  const { dim, logDensity } = unconstrainModel(model, []);
  return compileDensity(logDensity, dim);
}
