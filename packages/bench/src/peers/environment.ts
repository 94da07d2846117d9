/** The Python environment that peers run in: made on first use, in the user's cache, from pinned versions. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Python scripts of the peers and their requirements. */
export const peersFolder = join(__dirname, '..', '..', 'peers');

/** Where the environment goes; a change of the requirements makes another one. Safe to delete. */
function environmentFolder(requirements: string): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const version = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  return join(cache, 'pyro-ts', `peers-${version}`);
}

/**
 * The path of a Python that has all peers. The first call installs them, which takes minutes and several gigabytes;
 * its output goes to stderr. Set PYTHON to choose the interpreter to start from (3.11 or later).
 * @throws Error if Python or an installation fails, with the command that failed
 */
export function peersPython(): string {
  const requirementsFile = join(peersFolder, 'requirements.txt');
  const folder = environmentFolder(readFileSync(requirementsFile, 'utf8'));
  const python = join(folder, 'bin', 'python');
  // Written last: a folder without it is half an installation.
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.stderr.write(`installing the peers into ${folder} (once; several minutes)\n`);
  runOrThrow(process.env['PYTHON'] ?? 'python3', ['-m', 'venv', folder]);
  runOrThrow(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirementsFile]);
  writeFileSync(complete, '');
  return python;
}

function runOrThrow(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 'inherit'] });
  if (error === undefined && status === 0) return;
  throw new Error(
    `'${[command, ...args].join(' ')}' failed${error === undefined ? ` with status ${status}` : `: ${error.message}`}.\n` +
      '  Fix: the peers need Python 3.11 or later with venv, and a reachable package index; PYTHON names another interpreter.',
  );
}
