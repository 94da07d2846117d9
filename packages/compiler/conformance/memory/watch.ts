/** What a process holds, read from the system and from the engine. */
import { existsSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

export interface Reading {
  /** Resident megabytes as they were, and after a collection. */
  readonly resident: number;
  readonly residentAfter: number;
  /** JavaScript objects alive, in megabytes. */
  readonly heapAfter: number;
  /** Addresses reserved, in gigabytes; not everywhere known. */
  readonly addresses: number | undefined;
}

const megabyte = 2 ** 20;

function reservedGigabytes(): number | undefined {
  const status = '/proc/self/status';
  if (!existsSync(status)) return undefined;
  const found = /^VmSize:\s+(\d+) kB/m.exec(readFileSync(status, 'utf8'));
  return found === null ? undefined : Number(found[1]) / megabyte;
}

/** A memory that a module held is given back in a turn after the one that collected it. */
async function collect(): Promise<void> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run with --expose-gc');
  for (let i = 0; i < 3; i++) {
    gc();
    await setImmediate();
  }
}

export async function read(): Promise<Reading> {
  const resident = process.memoryUsage.rss() / megabyte;
  const addresses = reservedGigabytes();
  await collect();
  const after = process.memoryUsage();
  return {
    resident,
    residentAfter: after.rss / megabyte,
    heapAfter: after.heapUsed / megabyte,
    addresses,
  };
}

/** Growth of megabytes between the third tenth, when all is warm, and the highest of the last three. */
export function growth(values: readonly number[]): number {
  return Math.max(...values.slice(-3)) - values[2];
}
