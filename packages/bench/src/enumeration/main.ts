/**
 * `npm run bench:enumeration`: what a hidden Markov model costs by its length, as a loop and as a scan — milliseconds to
 * trace (optimisation included) and to compile, nodes of the program, microseconds a gradient, and these for a step.
 *
 * The process is warm: the engine has run the compiler for some seconds before anything is measured (the first program of
 * a process takes several times as long to make), and trace and compile times are medians of several programs of each
 * length, made in turn. `--lengths 50,500` picks lengths, `--json` prints the figures alone.
 */
import { parseArgs } from 'node:util';
import type { Model } from 'pyro-ts';
import type { Graph } from '@pyro-ts/compiler';
import { unconstrainEnumerated } from '@pyro-ts/inference';
import { compileDensity } from '../gradient/compiled-gradient';
import { formatNumber, formatTable } from '../table';
import { loopModel, scanModel } from './models';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, lengths: { type: 'string', default: '50,500,5000' } },
});

const lengths = options.lengths.split(',').map(Number);

interface Row {
  readonly form: 'loop' | 'scan';
  readonly steps: number;
  readonly nodes: number;
  readonly trace_ms: number;
  readonly compile_ms: number;
  readonly gradient_us: number;
}

/** The engine replaces its baseline code of a large program by optimised code only after some calls. */
const settlingMs = 2000;

/** How long the compiler is run before its time is taken. */
const warmUpMs = 15000;

/** Programs of each length: as many as make this many steps, but at least three. */
const steps = 4000;

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

/** The fastest of many rounds of about a millisecond: what else runs on the machine only adds. */
function microseconds(call: () => void): number {
  const round = (count: number): number => {
    const start = performance.now();
    for (let i = 0; i < count; i++) call();
    return (performance.now() - start) / count;
  };
  round(20);
  const count = Math.max(1, Math.round(1 / round(20)));
  let fastest = Infinity;
  const start = performance.now();
  for (let i = 0; i < 300 || performance.now() - start < settlingMs; i++)
    fastest = Math.min(fastest, round(count));
  return 1000 * fastest;
}

/** Those of loop bodies included. */
const nodesOf = ({ nodes }: Graph): number =>
  nodes.reduce(
    (sum, { subgraphs = {} }) => sum + Object.values(subgraphs).reduce((a, body) => a + nodesOf(body), 1),
    0,
  );

function make(form: Row['form'], length: number) {
  const model: Model<[]> = form === 'loop' ? loopModel(length) : scanModel(length);
  const start = performance.now();
  const { dim, logDensity } = unconstrainEnumerated(model, []).model;
  const surveyed = performance.now() - start;
  const { graph, program, traceMs, compileMs } = compileDensity(logDensity, dim);
  return { graph, program, trace_ms: surveyed + traceMs, compile_ms: compileMs };
}

function measure(form: Row['form'], length: number): Row {
  const count = Math.max(3, Math.round(steps / length));
  const times = Array.from({ length: count }, () => {
    const { program, trace_ms, compile_ms } = make(form, length);
    program.dispose();
    return { trace_ms, compile_ms };
  });
  const { graph, program } = make(form, length);
  const gradient_us = microseconds(() => {
    program.call();
  });
  program.dispose();
  return {
    form,
    steps: length,
    nodes: nodesOf(graph),
    trace_ms: median(times.map(({ trace_ms }) => trace_ms)),
    compile_ms: median(times.map(({ compile_ms }) => compile_ms)),
    gradient_us,
  };
}

for (const start = performance.now(); performance.now() - start < warmUpMs;)
  for (const form of ['loop', 'scan'] as const)
    for (const length of [50, 300]) make(form, length).program.dispose();
const rows = (['scan', 'loop'] as const).flatMap((form) => lengths.map((length) => measure(form, length)));

if (options.json) {
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} else {
  const cells = rows.map((row) => [
    row.form,
    String(row.steps),
    String(row.nodes),
    ...[
      row.trace_ms,
      row.compile_ms,
      row.gradient_us,
      (1000 * row.trace_ms) / row.steps,
      (1000 * row.compile_ms) / row.steps,
      (1000 * row.gradient_us) / row.steps,
    ].map(formatNumber),
  ]);
  const titles = ['form', 'steps', 'nodes', 'trace ms', 'compile ms', 'gradient µs', 'trace µs/step', 'compile µs/step', 'gradient ns/step']; // prettier-ignore
  process.stdout.write(`${formatTable(titles, cells)}\n`);
}
