/**
 * `npm run fuzz:compiler -- --programs N --seed S [--executor wasm]`: random programs against the reference; with `--loops`
 * programs of written-out loops.
 */
import { parseArgs } from 'node:util';
import { toText } from '../../src/graph/print';
import { executorNamed, type ExecutorName } from '../../src/jit/executors';
import { check, gradientOf, minimise, type Subject } from './check';
import { generate, type FuzzProgram } from './generate';
import { generateLoop } from './loops';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    executor: { type: 'string', default: 'wasm' },
    loops: { type: 'boolean', default: false },
    findings: { type: 'string', default: '5' },
  },
});

const executor = executorNamed(values.executor as ExecutorName);
const subject: Subject = {
  run: (graph, inputs) => {
    const program = executor.compile(graph);
    try {
      return program.run(inputs);
    } finally {
      program.dispose();
    }
  },
};
const asRecorded: Subject = { ...subject, rewrite: (graph) => graph };

function report(kind: string, seed: number, program: FuzzProgram, tested: Subject, what: string): void {
  const small = minimise(program, tested, seed);
  const data = small.data.map(
    (array, i) => `  ${small.graph.inputs[i].name} = ${Array.from(array).join(', ')}`,
  );
  console.log(
    `${kind}, seed ${seed}: ${check(small, tested, seed) ?? what}\n${toText(small.graph)}\n${data.join('\n')}\n`,
  );
}

const first = Number(values.seed);
const count = Number(values.programs);
const tests: readonly (readonly [string, Subject])[] = [
  ['passes', {}],
  [`${executor.name}`, asRecorded],
  [`passes and ${executor.name}`, subject],
];
let findings = 0;
let gradients = 0;
let nodes = 0;
/** A long run says on the error stream how far it is. */
const progress = 2000;
for (let seed = first; seed < first + count && findings < Number(values.findings); seed++) {
  if (seed > first && (seed - first) % progress === 0)
    console.error(`${seed - first} programs, ${findings} findings`);
  const forward = values.loops ? generateLoop(seed) : generate(seed);
  const backward = gradientOf(forward);
  if (backward !== undefined) gradients++;
  for (const program of backward === undefined ? [forward] : [forward, backward]) {
    nodes += program.graph.nodes.length;
    for (const [name, tested] of tests) {
      const what = check(program, tested, seed);
      if (what === undefined) continue;
      findings++;
      report(program === forward ? name : `gradient, ${name}`, seed, program, tested, what);
      break;
    }
  }
}
console.log(
  `${count} programs from seed ${first} on ${executor.name}, ${gradients} with gradients, ${nodes} nodes: ${findings} findings`,
);
process.exitCode = findings > 0 ? 1 : 0;
