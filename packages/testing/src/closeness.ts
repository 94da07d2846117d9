/** Numeric comparison that fails honestly: NaN equals only NaN, infinities must match, and both values are printed. */

export interface Closeness {
  /** Largest |a − b| / |b|. Default 1e-12 unless `ulp` is given. */
  readonly rel?: number;
  /** Largest |a − b|, for named intervals around roots. Default 0. */
  readonly abs?: number;
  /** Largest distance in units in the last place of a double. */
  readonly ulp?: number;
}

type Numbers = number | ArrayLike<number> | readonly Numbers[];

function flatten(x: Numbers, into: number[] = []): number[] {
  if (typeof x === 'number' || typeof x === 'boolean') into.push(Number(x));
  else for (let i = 0; i < x.length; i++) flatten(x[i], into);
  return into;
}

/** Position of a double on the line of all doubles, so that neighbours differ by one. */
function ordinal(x: number): bigint {
  const bits = new BigInt64Array(Float64Array.of(x).buffer)[0];
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

/** How many doubles lie between a and b; 0 for equal values (±0 too); Infinity if exactly one is NaN. */
export function ulpDistance(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  const d = ordinal(a) - ordinal(b);
  return Number(d < 0n ? -d : d);
}

/** Whether `actual` is within any one of the given bounds of `expected`. */
export function isClose(actual: number, expected: number, bound: Closeness = {}): boolean {
  if (Object.is(actual, expected) || actual === expected) return true;
  if (!Number.isFinite(actual) || !Number.isFinite(expected)) return false;
  const rel = bound.rel ?? (bound.ulp === undefined && bound.abs === undefined ? 1e-12 : 0);
  const error = Math.abs(actual - expected);
  if (error <= rel * Math.abs(expected)) return true;
  if (error <= (bound.abs ?? 0)) return true;
  return bound.ulp !== undefined && ulpDistance(actual, expected) <= bound.ulp;
}

/**
 * Fails with index, both values and the errors of the worst element unless all are close.
 * @throws Error on a length mismatch or any element beyond every bound
 */
export function expectClose(actual: Numbers, expected: Numbers, bound: Closeness = {}, context = ''): void {
  const a = flatten(actual);
  const b = flatten(expected);
  const where = context === '' ? '' : `${context}: `;
  if (a.length !== b.length) throw new Error(`${where}length ${a.length}, expected ${b.length}`);
  const failures: string[] = [];
  for (let i = 0; i < a.length; i++) {
    if (isClose(a[i], b[i], bound)) continue;
    const error = Math.abs(a[i] - b[i]);
    failures.push(
      `  [${i}] got ${a[i]}, expected ${b[i]} (abs ${error.toExponential(2)}, ` +
        `rel ${(error / Math.abs(b[i])).toExponential(2)}, ${ulpDistance(a[i], b[i])} ulp)`,
    );
  }
  if (failures.length > 0) {
    throw new Error(
      `${where}${failures.length} of ${a.length} values differ beyond ${JSON.stringify(bound)}\n` +
        failures.slice(0, 10).join('\n'),
    );
  }
}
