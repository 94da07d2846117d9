/**
 * `npm run conformance:tfjs`: the op tests that tfjs is published with, run eagerly on the kernels of `ref64` and with
 * every kernel call compiled to WebAssembly, in both precisions.
 *
 *     npm run conformance:tfjs -- --only ops/add --backend jit-float64
 *
 * Exit status 1 if a test fails that is not listed in `differences.ts`, or passes though it is listed.
 */
import { parseArgs } from 'node:util';
import { installGlobals } from '../jasmine/suite';
import { backendNames, registerBackends, type BackendName } from './backends';
import { fileTable, report, verdict } from './report';
import { Runner, testFiles, type FileResult } from './run';
import { Touched } from './touched';

const { values: options } = parseArgs({
  options: { only: { type: 'string', default: '' }, backend: { type: 'string' } },
});

async function main(): Promise<void> {
  const touched = new Touched();
  installGlobals();
  registerBackends(touched);
  const runner = new Runner(touched);
  const files = testFiles().filter((file) => file.includes(options.only));
  const wanted = backendNames.filter((name) => options.backend === undefined || name === options.backend);
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  const run = async (backend: BackendName): Promise<void> => {
    const results: FileResult[] = [];
    for (const file of files) results.push(await runner.runFile(file, backend));
    const outcome = report(backend, results);
    print(`\n${backend}\n${fileTable(outcome.files)}\n\n${verdict(outcome)}`);
    if (outcome.failures.length > 0 || outcome.stale.length > 0) process.exitCode = 1;
  };
  for (const backend of wanted) await run(backend);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
