/**
 * `npm run bench:enumeration`: what a hidden Markov model costs by its length, as a loop and as a scan — milliseconds to
 * trace (optimisation included) and to compile, nodes of the program, microseconds a gradient, and these for a step.
 * `--lengths 50,500` picks lengths, `--json` prints the figures alone.
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

/** The engine replaces its baseline code of a large program by optimised code only after some seconds of calls. */
const settlingMs = 8000;

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

function measure(form: Row['form'], steps: number): Row {
  const model: Model<[]> = form === 'loop' ? loopModel(steps) : scanModel(steps);
  const start = performance.now();
  const { dim, logDensity } = unconstrainEnumerated(model, []).model;
  const surveyed = performance.now() - start;
  const { graph, program, traceMs, compileMs } = compileDensity(logDensity, dim);
  return {
    form,
    steps,
    nodes: nodesOf(graph),
    trace_ms: surveyed + traceMs,
    compile_ms: compileMs,
    gradient_us: microseconds(() => {
      program.call();
    }),
  };
}

// The first compilation of a process also loads and warms the compiler itself.
measure('loop', 5);
measure('scan', 5);
const rows = (['scan', 'loop'] as const).flatMap((form) => lengths.map((steps) => measure(form, steps)));

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
