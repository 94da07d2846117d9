/** Runs every test file of tfjs's ops on one backend. */
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as core from '@tensorflow/tfjs';
import { runTests, type TestResult } from '../jasmine/suite';
import type { BackendName } from './backends';
import { jasmineUtil } from './jasmine-util';
import { sources, TestModules } from './modules';
import type { Touched } from './touched';

export interface FileResult {
  readonly file: string;
  readonly tests: readonly TestOutcome[];
}

export interface TestOutcome extends TestResult {
  /** What it used that the backend does not have. */
  readonly outside: readonly string[];
  readonly kernelCalls: number;
}

/** Folders of tests about operations on tensors; the rest of tfjs-core tests its runtime, files and platforms. */
const folders = /^(ops\/|optimizers\/|(gradients|tensor|variable|buffer|globals)_test\.js$)/;

export function testFiles(): string[] {
  const all = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('_test.js'))
    .map((entry) => relative(sources, join(entry.parentPath, entry.name)));
  return all.filter((path) => folders.test(path)).sort();
}

export class Runner {
  private backend: BackendName = 'eager';
  private readonly modules: TestModules;

  constructor(private readonly touched: Touched) {
    const tfjs = core as unknown as Record<string, unknown>;
    this.modules = new TestModules({
      index: tfjs,
      'ops/ops': tfjs,
      jasmine_util: jasmineUtil(() => this.backend),
    });
  }

  async runFile(file: string, backend: BackendName): Promise<FileResult> {
    this.backend = backend;
    const tests: TestOutcome[] = [];
    this.touched.reset();
    for await (const result of runTests(() => this.modules.runFile(file))) {
      tests.push({ ...result, outside: [...this.touched.outside].sort(), kernelCalls: this.touched.calls });
      this.touched.reset();
    }
    return { file, tests };
  }
}
