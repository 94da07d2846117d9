/**
 * `npm run bench:svi`: steps of SVI per second beside NumPyro's and Pyro's, on the same data. `--json` prints the figures
 * alone, `--no-peers` leaves the peers out, `--rounds <n>` and `--seconds <s>` say how many slices of which length each
 * gets, `--only <text>` picks problems by name.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { peersPython } from '../peers/environment';
import { formatNumber, formatTable } from '../table';
import { ours, peer, writeArrays } from './contestants';
import { measure, pairedRatio, type Timing } from './measure';
import { problems, type Problem } from './problem';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    'no-peers': { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});

const peers = options['no-peers'] ? [] : (['numpyro', 'pyro'] as const);

async function timingsOf(problem: Problem): Promise<Timing[]> {
  const learning = problem.make();
  const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-svi-'));
  writeArrays(learning, folder);
  const contestants = [
    ...problem.precisions.map((precision) => ours(learning, precision)),
    ...peers.map((name) => peer(name, problem, folder, peersPython())),
  ];
  try {
    return await measure(contestants, Number(options.rounds), Number(options.seconds));
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.end()));
    rmSync(folder, { recursive: true });
  }
}

function printRows(problem: Problem, timings: readonly Timing[]): void {
  const [own] = timings;
  const rows = timings.map((timing) => {
    const bar = problem.bars[timing.name as keyof Problem['bars']] as number | undefined;
    const ratio = pairedRatio(own, timing);
    return [
      timing.name,
      formatNumber(timing.stepsPerSecond),
      formatNumber(timing.cpuMicroseconds),
      formatNumber(ratio),
      bar === undefined ? '' : `${bar}${ratio < bar ? ' !' : '  '}`,
      formatNumber(timing.loss),
    ];
  });
  const titles = [problem.name, 'steps/s', 'CPU µs/step', `${own.name} over it`, 'bar', 'last loss'];
  process.stdout.write(`${formatTable(titles, rows)}\n\n`);
}

async function main(): Promise<void> {
  const results = [];
  for (const problem of problems.filter(({ name }) => name.includes(options.only))) {
    const timings = await timingsOf(problem);
    if (!options.json) printRows(problem, timings);
    results.push({
      problem: problem.name,
      steps_per_s: Object.fromEntries(timings.map(({ name, stepsPerSecond }) => [name, stepsPerSecond])),
      cpu_us_per_step: Object.fromEntries(
        timings.map(({ name, cpuMicroseconds }) => [name, cpuMicroseconds]),
      ),
      ours_over: Object.fromEntries(timings.slice(1).map((t) => [t.name, pairedRatio(timings[0], t)])),
    });
  }
  if (options.json) process.stdout.write(`${JSON.stringify(results)}\n`);
}

void main();
