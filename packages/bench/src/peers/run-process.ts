/** Runs a program until it ends, and watches it until it says that its summary is printed. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Watched {
  /** From the start of the process to the line `@summary`. */
  readonly coldSeconds: number;
  /** The largest memory of the process and its children until then, shared pages counted once; 0 without /proc. */
  readonly peakMegabytes: number;
}

/** Asking for shares of pages is not free for the process that is asked about. */
const pollMs = 500;

/**
 * @param folder where it runs, and may leave what it builds
 * @param limitSeconds the process and its children are killed after that
 * @throws Error if it is killed, fails, or never says so; the message ends with what it last wrote to stderr
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { env, folder, limitSeconds }: { env: NodeJS.ProcessEnv; folder: string; limitSeconds: number },
): Promise<Watched> {
  const start = performance.now();
  // A group of its own, so that its children can be killed with it.
  const child = spawn(command, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const pid = child.pid ?? 0;
  let watched: Watched | undefined;
  let peak = 0;
  let complaints = '';
  let isLate = false;
  const poll = setInterval(() => {
    if (watched === undefined) peak = Math.max(peak, memoryOf(pid));
  }, pollMs);
  const limit = setTimeout(() => {
    isLate = true;
    process.kill(-pid, 'SIGKILL');
  }, limitSeconds * 1000);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line !== '@summary') return;
    const coldSeconds = (performance.now() - start) / 1000;
    watched = { coldSeconds, peakMegabytes: Math.max(peak, memoryOf(pid), highWaterMark(pid)) };
  });
  try {
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    if (isLate) throw new Error(`not done after ${limitSeconds} s`);
    if (status !== 0 || watched === undefined) throw new Error(`ended with status ${status}: ${complaints}`);
    return watched;
  } finally {
    clearInterval(poll);
    clearTimeout(limit);
  }
}

/** Proportional set size of a process and all below it, in megabytes; processes that have just ended count nothing. */
function memoryOf(pid: number): number {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    const own = megabytes(`/proc/${pid}/smaps_rollup`, 'Pss');
    return children.reduce((sum, child) => sum + memoryOf(child), own);
  } catch {
    return 0;
  }
}

/** The largest resident set that the process itself has had: catches what comes and goes between two polls. */
function highWaterMark(pid: number): number {
  try {
    return megabytes(`/proc/${pid}/status`, 'VmHWM');
  } catch {
    return 0;
  }
}

function megabytes(file: string, entry: string): number {
  const line = new RegExp(`^${entry}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
