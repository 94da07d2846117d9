import '@pyro-ts/ops';
import { registerBackends, backendNames, type BackendName } from './backends';
import { installGlobals } from '../jasmine/suite';
import { Runner, testFiles } from './run';
import { Touched } from './touched';

async function main(): Promise<void> {
  const touched = new Touched();
  installGlobals();
  registerBackends(touched);
  const runner = new Runner(touched);
  const only = process.argv[2] ?? '';
  const which = (process.argv[3] as BackendName | undefined);
  for (const backend of which ? [which] : backendNames) {
    let pass = 0, fail = 0, skip = 0;
    const t0 = Date.now();
    for (const file of testFiles().filter((f) => f.includes(only))) {
      let r;
      try { r = await runner.runFile(file, backend); } catch (e) { process.stdout.write(`LOAD ${file} ${(e as Error).stack}\n`); continue; }
      for (const t of r.tests) {
        if (t.omitted !== undefined || t.outside.length) { skip++; if (t.outside.length) process.stdout.write(`SKIP ${backend} ${file} ${t.title} ${t.outside}\n`); }
        else if (t.error) { fail++; process.stdout.write(`FAIL ${backend} ${file} | ${t.title} | ${t.error.message.slice(0, 300).replaceAll('\n', ' ')}\n`); }
        else pass++;
      }
    }
    process.stdout.write(`${backend} ${pass} passed ${fail} failed ${skip} skipped ${Date.now() - t0} ms\n`);
  }
}
main().catch((e) => { process.stdout.write(String((e as Error).stack)); process.exitCode = 1; });
