/** What became of a row, and how far a result is from its expected value. */
import type { tf } from '@pyro-ts/ops';

export type Numbers = number | boolean | readonly Numbers[];

export type Status = 'passed' | 'failed' | 'notImplemented';

export interface Outcome {
  readonly table: string;
  readonly family: string;
  readonly id: string;
  readonly status: Status;
  /** Largest |a − b| / (1 + |b|) over everything compared; gradients are not in it. */
  readonly error: number;
  /** What was wrong, one line each. */
  readonly failures: readonly string[];
  /** Why the row was judged otherwise than by its stated value. */
  readonly note?: string;
}

export function flatten(x: unknown, into: number[] = []): number[] {
  if (Array.isArray(x)) for (const item of x) flatten(item, into);
  else into.push(Number(x));
  return into;
}

/** Shape of nested arrays; an empty one cannot say how wide its rows would be. */
export function nestedShape(x: unknown): number[] {
  return Array.isArray(x) ? [x.length, ...nestedShape(x[0])] : [];
}

/** |a − b| / (1 + |b|); 0 for equal infinities and for two NaNs, else Infinity where one of them is not finite. */
export function deviation(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return Number.isFinite(difference) ? difference / (1 + Math.abs(expected)) : Infinity;
}

/** Collects comparisons of one row. */
export class Comparison {
  error = 0;
  readonly failures: string[] = [];
  note: string | undefined;

  fail(message: string): void {
    this.failures.push(message);
  }

  shape(what: string, actual: readonly number[], expected: readonly number[]): boolean {
    if (actual.length === expected.length && actual.every((n, i) => n === expected[i])) return true;
    this.fail(`${what} is [${actual.join(', ')}], expected [${expected.join(', ')}]`);
    return false;
  }

  /** Within |a − b| ≤ bound · (1 + |b|). */
  numbers(what: string, actual: ArrayLike<number>, expected: readonly number[], bound: number): void {
    if (actual.length !== expected.length) {
      this.fail(`${what} has ${actual.length} elements, expected ${expected.length}`);
      return;
    }
    let worst = 0;
    let at = -1;
    expected.forEach((b, i) => {
      const d = deviation(actual[i], b);
      if (d > worst) [worst, at] = [d, i];
    });
    if (bound <= 1e-12) this.error = Math.max(this.error, worst);
    if (worst <= bound) return;
    this.fail(
      `${what}[${at}] is ${actual[at]}, expected ${expected[at]} (off by ${worst.toExponential(1)}, limit ${bound})`,
    );
  }

  tensor(what: string, actual: tf.Tensor, expected: unknown, bound: number): void {
    this.numbers(what, actual.dataSync(), flatten(expected), bound);
  }
}

/** Runs a comparison; an error thrown by the library is a failure that shows its message. */
export function judge(
  row: { readonly table: string; readonly family: string; readonly id: string },
  compare: (c: Comparison) => void,
): Outcome {
  const comparison = new Comparison();
  try {
    compare(comparison);
  } catch (error) {
    if (error instanceof NotImplemented)
      return { ...row, status: 'notImplemented', error: 0, failures: [error.message] };
    comparison.fail(
      error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : String(error),
    );
  }
  const { error, failures, note } = comparison;
  const status = failures.length === 0 ? 'passed' : 'failed';
  return { ...row, status, error, failures, ...(note !== undefined && { note }) };
}

/** Thrown where a row speaks of something that the project does not have. */
export class NotImplemented extends Error {}
