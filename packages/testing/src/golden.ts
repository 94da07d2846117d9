/** Loads the golden tables; `PYRO_GOLDEN_DIR` selects another folder in the same format. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type GoldenTable = 'distributions' | 'kl' | 'special' | 'transforms';

/** JSON has no infinities: the tables spell them as strings. */
function revive(_key: string, value: unknown): unknown {
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  if (value === 'NaN') return NaN;
  return value;
}

/** The folder of the tables. */
export function goldenDirectory(): string {
  return process.env['PYRO_GOLDEN_DIR'] ?? join(__dirname, '..', 'golden');
}

/** One table, parsed, with infinities and NaN decoded. */
export function loadGolden<T = unknown>(table: GoldenTable): T {
  return JSON.parse(readFileSync(join(goldenDirectory(), `${table}.json`), 'utf8'), revive) as T;
}
