/** What test files import from tfjs's `jasmine_util`, for one backend in this process. */
import { tf } from '@pyro-ts/ops';
import { describe } from '../jasmine/suite';

interface TestEnvironment {
  readonly name: string;
  readonly backendName: string;
  readonly isDataSync: boolean;
  readonly flags: Record<string, never>;
}

interface Constraint {
  readonly needs?: string;
}

const anywhere: Constraint = {};
const browser: Constraint = { needs: 'needs a browser' };

export function jasmineUtil(backend: () => string): Record<string, unknown> {
  const describeWithFlags = (
    title: string,
    constraint: Constraint,
    tests: (environment: TestEnvironment) => void,
  ): void => {
    const body = (): void => {
      beforeAll(() => {
        tf.engine().reset();
        return tf.setBackend(backend());
      });
      beforeEach(() => tf.engine().startScope());
      afterEach(() => {
        tf.engine().endScope();
        tf.disposeVariables();
      });
      tests({ name: backend(), backendName: backend(), isDataSync: true, flags: {} });
    };
    describe(title, body, constraint.needs);
  };
  return {
    describeWithFlags,
    ALL_ENVS: anywhere,
    SYNC_BACKEND_ENVS: anywhere,
    NODE_ENVS: anywhere,
    BROWSER_ENVS: browser,
    CHROME_ENVS: browser,
    HAS_WORKER: browser,
    HAS_NODE_WORKER: anywhere,
    TEST_ENVS: [],
    envSatisfiesConstraints: () => true,
    runWithLock: (body: unknown) => body,
  };
}
