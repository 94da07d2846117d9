/** Run by portable/load.test.ts in a process of its own: loads a program from a file and prints its outputs. */
import { readFileSync } from 'node:fs';
import { load } from '../src/jit/compile';

const program = load(new Uint8Array(readFileSync(process.argv[2])));
const outputs = program.run([Float64Array.of(0.3, -0.2), Float64Array.of(1, 2, -3, 4)]);
process.stdout.write(JSON.stringify(outputs.map((array) => Array.from(array))));
