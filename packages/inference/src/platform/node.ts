/**
 * What Node offers beyond browsers. Its modules are asked for at run time (`process.getBuiltinModule` exists for that),
 * so that browsers and bundlers meet no import of them. The only file of the package that does so.
 */
export interface NodeWorker {
  on(event: 'message', listener: (message: unknown) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'exit', listener: (code: number) => void): void;
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  /** Whether it keeps the process alive. */
  ref(): void;
  unref(): void;
}

interface FileHandle {
  writeFile(data: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What is used of each module. */
interface NodeModules {
  'node:worker_threads': {
    readonly Worker: new (source: string, options: { eval: boolean; execArgv: string[] }) => NodeWorker;
  };
  'node:os': { availableParallelism(): number };
  'node:fs/promises': {
    readFile(path: string): Promise<Uint8Array>;
    open(path: string, flags: string): Promise<FileHandle>;
    rename(from: string, to: string): Promise<void>;
    rm(path: string, options: { force: boolean }): Promise<void>;
  };
  'node:module': { createRequire(path: string): (specifier: string) => unknown };
}

export interface TextTerminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
}

interface NodeProcess {
  readonly pid: number;
  readonly stderr: TextTerminal;
  getBuiltinModule?<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined;
  listenerCount(event: string): number;
  on(event: 'SIGINT', listener: () => void): void;
  off(event: 'SIGINT', listener: () => void): void;
}

/** Undefined outside Node (bundlers' stand-ins for `process` have no built-in modules). */
export function nodeProcess(): NodeProcess | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  return process?.getBuiltinModule === undefined ? undefined : process;
}

export function nodeModule<K extends keyof NodeModules>(name: K): NodeModules[K] | undefined {
  return nodeProcess()?.getBuiltinModule?.(name);
}

/** Threads that run at the same time; 1 where that is not known. */
export function numCores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return nodeModule('node:os')?.availableParallelism() ?? navigator?.hardwareConcurrency ?? 1;
}
