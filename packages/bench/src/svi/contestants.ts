/** Who takes the steps: ours in this process, a peer in one of its own that waits between its turns. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { infer, optim } from 'pyro-ts';
import { peersFolder } from '../peers/environment';
import { learningRate, type Learning, type Precision, type Problem } from './problem';

export interface Slice {
  readonly seconds: number;
  /** Of all threads of its process. */
  readonly cpuSeconds: number;
  /** Of the last step, nats. */
  readonly loss: number;
}

export interface Contestant {
  readonly name: string;
  /** Goes on by so many steps. */
  run(steps: number): Promise<Slice>;
  end(): Promise<void>;
}

export function ours({ model, guide, args }: Learning, precision: Precision): Contestant {
  const svi = infer.SVI({
    model,
    guide,
    optim: optim.Adam({ learningRate }),
    loss: infer.TraceELBO(),
    precision,
    fallback: 'error',
  });
  let state = svi.init(0, ...args);
  return {
    name: `ours ${precision}`,
    async run(steps) {
      const start = performance.now();
      const cpuStart = process.cpuUsage();
      const result = await svi.run({ steps, state }, ...args);
      ({ state } = result);
      const { user, system } = process.cpuUsage(cpuStart);
      return {
        seconds: (performance.now() - start) / 1000,
        cpuSeconds: (user + system) / 1e6,
        loss: result.losses[steps - 1],
      };
    },
    end: () => Promise.resolve(),
  };
}

/** @param folder where the problem's arrays are, see `writeArrays` */
export function peer(
  name: 'numpyro' | 'pyro',
  { kind, sizes }: Problem,
  folder: string,
  python: string,
): Contestant {
  const spec = JSON.stringify({ kind, sizes, learningRate, folder });
  const child = spawn(python, [join(peersFolder, `${name}_svi.py`), spec], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, JAX_PLATFORMS: 'cpu', CUDA_VISIBLE_DEVICES: '' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    name,
    async run(steps) {
      child.stdin.write(`${steps}\n`);
      const answer: IteratorResult<string, unknown> = await lines.next();
      if (answer.done === true) throw new Error(`${name} ended before its answer; see its messages above`);
      return JSON.parse(answer.value) as Slice;
    },
    async end() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** Raw float64, one file an array. */
export function writeArrays({ arrays }: Learning, folder: string): void {
  for (const [name, { data }] of Object.entries(arrays)) {
    writeFileSync(join(folder, `${name}.f64`), new Uint8Array(Float64Array.from(data).buffer));
  }
}
