/**
 * The script of a worker, in Node or in a browser. It loads no tensor library and no compiler: programs come compiled.
 * Bundlers may be pointed at it: `new Worker(new URL('@pyro-ts/inference/worker', import.meta.url), {type: 'module'})`.
 */
import { answering } from './answer';
import type { FromWorker, ToWorker } from './messages';

interface ParentPort {
  on(event: 'message', listener: (message: ToWorker) => void): void;
  postMessage(message: FromWorker): void;
  close(): void;
}
interface NodeThread {
  getBuiltinModule?(name: 'node:worker_threads'): { readonly parentPort: ParentPort | null } | undefined;
}
interface BrowserThread {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker): void;
  close(): void;
}

const { process } = globalThis as { process?: NodeThread };
const port = process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
if (port != null) {
  port.on(
    'message',
    answering(
      (message) => port.postMessage(message),
      () => port.close(),
    ),
  );
} else {
  const scope = globalThis as unknown as BrowserThread;
  const answer = answering(
    (message) => scope.postMessage(message),
    () => scope.close(),
  );
  scope.onmessage = ({ data }) => answer(data);
}
