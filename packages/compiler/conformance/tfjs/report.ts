/** From the outcomes of tests to a table and a verdict. */
import type { BackendName } from './backends';
import { categoryOf } from './categories';
import { differences, type Difference } from './differences';
import type { FileResult, TestOutcome } from './run';

interface Failure {
  readonly file: string;
  readonly title: string;
  readonly message: string;
}

export interface FileCounts {
  readonly file: string;
  readonly passed: number;
  readonly different: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: ReadonlyMap<string, number>;
}

export interface Report {
  readonly backend: BackendName;
  readonly files: readonly FileCounts[];
  /** Passed without a single kernel call: checks of arguments and shapes. */
  readonly withoutKernels: number;
  readonly kernelCalls: number;
  readonly explained: ReadonlyMap<string, number>;
  readonly failures: readonly Failure[];
  /** Listed differences that did not occur. */
  readonly stale: readonly Difference[];
}

function countInto(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function skipReason({ omitted, outside }: TestOutcome): string | undefined {
  return omitted ?? (outside.length > 0 ? categoryOf(outside) : undefined);
}

export function report(backend: BackendName, results: readonly FileResult[]): Report {
  const due = differences.filter(({ backends }) => backends?.includes(backend) ?? true);
  const met = new Set<Difference>();
  const explained = new Map<string, number>();
  const failures: Failure[] = [];
  let withoutKernels = 0;
  let kernelCalls = 0;
  const files = results.map(({ file, tests }): FileCounts => {
    const counts = { passed: 0, different: 0, failed: 0, skipped: 0 };
    const reasons = new Map<string, number>();
    for (const test of tests) {
      const skipped = skipReason(test);
      if (skipped !== undefined) {
        counts.skipped++;
        countInto(reasons, skipped);
        continue;
      }
      kernelCalls += test.kernelCalls;
      if (test.error === undefined) {
        counts.passed++;
        if (test.kernelCalls === 0) withoutKernels++;
        continue;
      }
      const difference = due.find((d) => d.file === file && d.title.test(test.title));
      if (difference === undefined) {
        counts.failed++;
        failures.push({ file, title: test.title, message: test.error.message });
      } else {
        counts.different++;
        met.add(difference);
        countInto(explained, difference.reason);
      }
    }
    return { file, ...counts, reasons };
  });
  const ran = new Set(results.map(({ file }) => file));
  const stale = due.filter((difference) => ran.has(difference.file) && !met.has(difference));
  return { backend, files, withoutKernels, kernelCalls, explained, failures, stale };
}

export function total(
  files: readonly FileCounts[],
  what: 'passed' | 'different' | 'failed' | 'skipped',
): number {
  return files.reduce((sum, counts) => sum + counts[what], 0);
}

const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([reason, n]) => `${reason} ${n}`).join(', ');

export function fileTable(files: readonly FileCounts[]): string {
  const width = Math.max(4, ...files.map(({ file }) => file.length));
  const line = (file: string, ...cells: readonly string[]): string =>
    `${file.padEnd(width)} ${cells.map((cell) => cell.padStart(7)).join('')}`;
  const rows = files.map(({ file, passed, different, failed, skipped, reasons }) =>
    `${line(file, ...[passed, different, failed, skipped].map(String))}  ${list(reasons)}`.trimEnd(),
  );
  return [line('file', 'passed', 'differ', 'failed', 'skipped'), ...rows].join('\n');
}

function summary(r: Report): string {
  const [passed, different, failed, skipped] = (['passed', 'different', 'failed', 'skipped'] as const).map(
    (what) => total(r.files, what),
  );
  return `${r.backend}: ${passed} of ${passed + different + failed} passed, ${skipped} skipped`;
}

export function verdict(r: Report): string {
  const reasons = new Map<string, number>();
  for (const file of r.files)
    for (const [reason, n] of file.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + n);
  const sorted = (counts: ReadonlyMap<string, number>): [string, number][] =>
    [...counts].sort(([, a], [, b]) => b - a);
  return [
    ...r.failures.map(({ file, title, message }) => `FAILED ${file}: ${title}\n  ${message.slice(0, 400)}`),
    ...r.stale.map(
      ({ file, title }) => `PASSES NOW (remove it from the differences): ${file} ${String(title)}`,
    ),
    `${total(r.files, 'different')} differ by design, for a stated reason:`,
    ...sorted(r.explained).map(([reason, n]) => `  ${String(n).padStart(4)} ${reason}`),
    `${total(r.files, 'skipped')} skipped:`,
    ...sorted(reasons).map(([reason, n]) => `  ${String(n).padStart(4)} ${reason}`),
    `${r.kernelCalls} kernel calls; ${r.withoutKernels} tests passed without any`,
    summary(r),
  ].join('\n');
}
