/**
 * `npm run bench:compile`: what a compilation costs — nodes of the optimised graph, milliseconds to trace (optimisation
 * included), to compile to WebAssembly, and of the first call — for the benchmark models and for graphs of growing size.
 * `--json` prints the figures alone.
 */
import { parseArgs } from 'node:util';
import { unconstrainModel } from '@pyro-ts/core';
import { compileDensity, type CompiledGradient } from '../gradient/compiled-gradient';
import { benchmarkModels } from '../models';
import { formatNumber, formatTable } from '../table';
import { syntheticDensity } from './synthetic';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

interface Row {
  readonly graph: string;
  readonly nodes: number;
  readonly trace_ms: number;
  readonly compile_ms: number;
  readonly first_call_ms: number;
}

const row = (graph: string, gradient: CompiledGradient): Row => ({
  graph,
  nodes: gradient.graph.nodes.length,
  trace_ms: gradient.traceMs,
  compile_ms: gradient.compileMs,
  first_call_ms: gradient.firstCallMs,
});

const rows: Row[] = [];
// The first compilation of a process also loads and warms the compiler itself: that model is there twice.
const models = benchmarkModels();
for (const model of [models[0], ...models]) {
  const { dim, logDensity } = unconstrainModel(model.model, []);
  const name = rows.length === 0 ? `${model.name} (first in the process)` : model.name;
  rows.push(row(name, compileDensity(logDensity, dim)));
}
for (const nodes of [1_000, 10_000, 50_000]) {
  const { dim, f } = syntheticDensity(nodes);
  rows.push(row(`${nodes} nodes asked for`, compileDensity(f, dim)));
}

if (options.json) {
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} else {
  const cells = rows.map((r) => [
    r.graph,
    String(r.nodes),
    ...[r.trace_ms, r.compile_ms, r.first_call_ms, r.trace_ms + r.compile_ms + r.first_call_ms].map(
      formatNumber,
    ),
  ]);
  const titles = ['graph', 'nodes', 'trace ms', 'compile ms', 'first call ms', 'all ms'];
  process.stdout.write(`${formatTable(titles, cells)}\n`);
}
