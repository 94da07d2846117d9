/** Microseconds per value-and-gradient of hand-built graphs on the wasm executor. `npx tsx packages/bench/src/wasm-kernels.ts` */
import { interpret, wasmExecutor, type Graph, type WasmProgram } from '@pyro-ts/compiler';
import { eightSchools, logisticRegression } from './hand-built-graphs';

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
}

interface Timing {
  readonly min: number;
  readonly median: number;
}

function time(call: () => void, perSlice: number, slices = 200): Timing {
  for (let i = 0; i < 5000 && i < perSlice * 20; i++) call();
  const samples: number[] = [];
  for (let s = 0; s < slices; s++) {
    const start = performance.now();
    for (let i = 0; i < perSlice; i++) call();
    samples.push(((performance.now() - start) * 1000) / perSlice);
  }
  samples.sort((a, b) => a - b);
  return { min: samples[0], median: samples[samples.length >> 1] };
}

function report(name: string, graph: Graph, q: Float64Array, perSlice: number, note: string): void {
  const start = performance.now();
  const program: WasmProgram = wasmExecutor.compile(graph);
  const compile = performance.now() - start;
  program.inputView(0).set(q);
  program.call();
  const expected = interpret(graph, [q]);
  const worst = Math.max(
    ...expected.flatMap((e, i) =>
      Array.from(e, (x, j) => Math.abs(x - program.outputView(i)[j]) / (1 + Math.abs(x))),
    ),
  );
  const { min, median } = time(() => program.call(), perSlice);
  process.stdout.write(
    `${name.padEnd(28)} ${min.toFixed(3)} (${median.toFixed(3)}) us  compile ${compile.toFixed(1)} ms  ` +
      `error ${worst.toExponential(1)}  fallbacks ${program.fallbackKernels.length}  ${note}\n`,
  );
}

function logistic(n: number, d: number): Graph {
  const r = random(7);
  const x = Float64Array.from({ length: n * d }, () => r() * 2);
  const y = Float64Array.from({ length: n }, () => (r() > 0 ? 1 : 0));
  return logisticRegression(x, y, n, d);
}

const r = random(3);
report(
  'eight schools',
  eightSchools(),
  Float64Array.from({ length: 10 }, () => r()),
  10000,
  'prototype 0.054',
);
report(
  'logistic 1000x10',
  logistic(1000, 10),
  Float64Array.from({ length: 10 }, () => r()),
  100,
  'prototype 12.9-14.7',
);
report(
  'logistic 10000x100',
  logistic(10000, 100),
  Float64Array.from({ length: 100 }, () => r()),
  2,
  'prototype 751-928',
);
