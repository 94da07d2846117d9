/**
 * `npm run bench:memory`: resident memory over many calls of one program and many compilations, at every tenth of
 * the way. Exit status 1 where what is alive, or what is resident after a collection, still grows after warm-up.
 */
import { setImmediate } from 'node:timers/promises';
import { tf } from '@pyro-ts/ops';
import { growth, read, type Reading } from './watch';
import { workloads, type Workload } from './workloads';

/** Megabytes that a flat process may wander: pages that the allocator keeps, code that is compiled late. */
const slack = { heap: 1, resident: 12 };

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const cells = (values: readonly string[]): string => values.map((value) => value.padStart(15)).join('');

async function watch({ name, times, start }: Workload): Promise<boolean> {
  print(`\n${name}`);
  print(cells(['done', 'resident MB', 'after gc MB', 'heap MB', 'addresses GB', 'tensors']));
  const step = start();
  const readings: Reading[] = [];
  const tenth = times / 10;
  for (let part = 0; part < 10; part++) {
    for (let i = part * tenth; i < (part + 1) * tenth; i++) {
      step(i);
      if (i % 100 === 99) await setImmediate();
    }
    const now = await read();
    readings.push(now);
    const { resident, residentAfter, heapAfter, addresses } = now;
    const megabytes = [resident.toFixed(0), residentAfter.toFixed(0), heapAfter.toFixed(1)];
    const rest = [addresses?.toFixed(0) ?? '', String(tf.memory().numTensors)];
    print(cells([String((part + 1) * tenth), ...megabytes, ...rest]));
  }
  const heap = growth(readings.map(({ heapAfter }) => heapAfter));
  const resident = growth(readings.map(({ residentAfter }) => residentAfter));
  const flat = heap <= slack.heap && resident <= slack.resident;
  const figures = `heap ${heap.toFixed(1)} MB, resident ${resident.toFixed(0)} MB`;
  print(`${flat ? 'flat' : 'GROWS'} after warm-up: ${figures}`);
  return flat;
}

async function main(): Promise<void> {
  for (const workload of workloads) if (!(await watch(workload))) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
