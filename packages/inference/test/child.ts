/** Starts `run-in-child.ts` and tells when it samples and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { McmcOptions } from '../src';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface Child {
  readonly process: ChildProcess;
  readonly sampling: Promise<void>;
  /** What the run printed at its end. */
  readonly result: Promise<string>;
  readonly ended: Promise<Ended>;
}

/** @param lingers the process lives on after the run */
export function startChild(options: McmcOptions, { lingers = false } = {}): Child {
  const script = join(__dirname, 'run-in-child.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify({ options, lingers })], {
    env: { ...process.env, TSX_TSCONFIG_PATH: join(__dirname, '../../tsconfig.test.json') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const printed = (text: string): Promise<string> =>
    new Promise((resolve) => {
      child.stdout.on('data', () => {
        if (output.includes(text)) resolve(output);
      });
    });
  child.stdout.on('data', (data) => (output += String(data)));
  const sampling = printed('sampling').then(() => undefined);
  const result = printed('}');
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) =>
      resolve({ code, signal, output: output.replace('sampling\n', '') }),
    );
  });
  return { process: child, sampling, result, ended };
}
