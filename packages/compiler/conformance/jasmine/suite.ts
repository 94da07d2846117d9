/** Jasmine's `describe` and `it`: first the tree of tests is collected, then it is run. */
import { inspect } from 'node:util';
import { expectation, expectationAsync } from './expect';
import { ArrayWithExactContents } from './equality';
import { restoreSpies, spyOn } from './spy';

interface Done {
  (): void;
  fail: (reason?: unknown) => void;
}
type Body = (done?: Done) => unknown;

interface Test {
  readonly title: string;
  readonly body: Body;
  readonly omitted?: string;
}

type Hook = 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';

interface Suite {
  readonly title: string;
  readonly omitted?: string | undefined;
  readonly children: (Suite | Test)[];
  readonly hooks: Readonly<Record<Hook, Body[]>>;
}

/** `error` is absent where the test passed; `omitted` says why it did not run. */
export interface TestResult {
  readonly title: string;
  readonly error?: Error;
  readonly omitted?: string;
}

const patience = 20_000;

function suite(title: string, omitted?: string): Suite {
  return {
    title,
    omitted,
    children: [],
    hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] },
  };
}

let current = suite('');

/** @param omitted why its tests are not to run */
export function describe(title: string, body: () => void, omitted?: string): void {
  const outer = current;
  current = suite(title, omitted ?? outer.omitted);
  outer.children.push(current);
  try {
    body();
  } finally {
    current = outer;
  }
}

function it(title: string, body: Body): void {
  current.children.push({ title, body });
}

function xit(title: string, body: Body): void {
  current.children.push({ title, body, omitted: 'switched off in tfjs itself' });
}

/** Defines Jasmine's names globally, where test files look for them. */
export function installGlobals(): void {
  const hooks = Object.fromEntries(
    (['beforeAll', 'beforeEach', 'afterEach', 'afterAll'] as const).map((name) => [
      name,
      (body: Body) => void current.hooks[name].push(body),
    ]),
  );
  const fail = (reason: unknown): never => {
    throw new Error(String(reason));
  };
  const jasmine = {
    DEFAULT_TIMEOUT_INTERVAL: patience,
    arrayWithExactContents: (elements: unknown[]) => new ArrayWithExactContents(elements),
  };
  const expectations = { expect: expectation, expectAsync: expectationAsync };
  Object.assign(globalThis, { describe, it, xit, fail, jasmine, spyOn, ...expectations, ...hooks });
}

async function perform(body: Body): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`did not end within ${patience} ms`)), patience);
  });
  const work = async (): Promise<void> => {
    if (body.length === 0) {
      await body();
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const fail = (reason?: unknown): void => reject(new Error(`done.fail(${inspect(reason)})`));
      void body(Object.assign(() => resolve(), { fail }));
    });
  };
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function runTest(
  test: Test,
  before: readonly Body[],
  after: readonly Body[],
): Promise<Error | undefined> {
  try {
    for (const hook of before) await perform(hook);
    await perform(test.body);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    restoreSpies();
    for (const hook of after) await perform(hook);
  }
}

async function* runSuite(
  { title, omitted, children, hooks }: Suite,
  path: readonly string[],
  outer: { readonly before: readonly Body[]; readonly after: readonly Body[] },
): AsyncGenerator<TestResult> {
  const here = title === '' ? path : [...path, title];
  const before = [...outer.before, ...hooks.beforeEach];
  const after = [...hooks.afterEach, ...outer.after];
  if (omitted === undefined) for (const hook of hooks.beforeAll) await perform(hook);
  for (const child of children) {
    if ('children' in child) {
      yield* runSuite(child, here, { before, after });
      continue;
    }
    const full = [...here, child.title].join(' › ');
    const reason = omitted ?? child.omitted;
    if (reason !== undefined) {
      yield { title: full, omitted: reason };
      continue;
    }
    const error = await runTest(child, before, after);
    yield error === undefined ? { title: full } : { title: full, error };
  }
  if (omitted === undefined) for (const hook of hooks.afterAll) await perform(hook);
}

/** Runs the tests that `load` defines, one after the other. */
export async function* runTests(load: () => void): AsyncGenerator<TestResult> {
  const root = suite('');
  current = root;
  load();
  yield* runSuite(root, [], { before: [], after: [] });
}
