/** The executors by name. */
import type { Executor } from '../executor';
import { referenceExecutor } from '../reference/executor';
import { replayExecutor } from '../replay/executor';
import { wasmExecutor } from '../wasm/executor';

export const executors = {
  wasm: wasmExecutor,
  reference: referenceExecutor,
  replay: replayExecutor,
} as const satisfies Readonly<Record<string, Executor>>;

export type ExecutorName = keyof typeof executors;

/** @throws TypeError listing the names if there is none */
export function executorNamed(executor: ExecutorName | Executor = 'wasm'): Executor {
  if (typeof executor !== 'string') return executor;
  const found = (executors as Readonly<Record<string, Executor | undefined>>)[executor];
  if (found === undefined)
    throw new TypeError(
      `unknown executor '${executor}'. Fix: use one of ${Object.keys(executors).join(', ')}.`,
    );
  return found;
}
