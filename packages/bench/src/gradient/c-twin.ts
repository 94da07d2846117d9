/** A hand-written C program of the same log density and gradient, kept running and driven over its standard streams. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { BenchmarkModel } from '../models';

const sources = join(__dirname, '..', '..', 'c');
const flags = ['-O3', '-march=native', '-std=gnu11'];

export class CTwin {
  private readonly waiting: ((line: string) => void)[] = [];
  private readonly lines: Interface;

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly folder: string,
  ) {
    this.lines = createInterface({ input: process.stdout });
    this.lines.on('line', (line) => this.waiting.shift()?.(line));
  }

  /** @throws Error if gcc is missing or refuses the source */
  static start(model: BenchmarkModel, dim: number): CTwin {
    const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-c-'));
    const program = join(folder, 'model');
    const data = join(folder, 'data.bin');
    execFileSync('gcc', [
      ...flags,
      '-o',
      program,
      join(sources, `${model.c}.c`),
      join(sources, 'main.c'),
      '-lm',
    ]);
    writeFileSync(data, new Uint8Array(Float64Array.from(model.block).buffer));
    return new CTwin(spawn(program, [data, String(dim)]), folder);
  }

  private ask(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.process.stdin.write(`${line}\n`);
    });
  }

  /** The value and the gradient at q, which also becomes the point that `time` evaluates. */
  async evaluate(q: Float64Array): Promise<{ value: number; grad: number[] }> {
    const [value, ...grad] = (await this.ask(`e ${q.join(' ')}`)).split(' ').map(Number);
    return { value, grad };
  }

  /** Nanoseconds for `repetitions` evaluations together. */
  async time(repetitions: number): Promise<number> {
    return Number(await this.ask(`t ${repetitions}`));
  }

  stop(): void {
    this.process.kill();
    this.lines.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
