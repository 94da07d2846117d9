/** Where checkpoints are kept: a file, or anything that holds bytes. */
import { CheckpointError } from '../../errors';
import { nodeModule, nodeProcess } from '../../platform/node';

/** A place for one checkpoint. A `write` that fails, or is cut off, must leave what was there before. */
export interface CheckpointStore {
  /** What was last written; undefined if nothing was. */
  read(): Promise<Uint8Array | undefined>;
  write(bytes: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

export interface CheckpointOptions {
  /** A file (Node). A run that ends whole removes it; any other leaves it, and the same run goes on from it. */
  readonly path?: string;
  /** A place of one's own instead: IndexedDB in a browser, an object store, … */
  readonly store?: CheckpointStore;
  /** Seconds between two writes. Default 30. */
  readonly every?: number;
}

/** @throws {CheckpointError} if a file is asked for where there are none */
export function storeOf({ path, store }: CheckpointOptions): CheckpointStore & { readonly name: string } {
  if (store !== undefined) {
    return {
      name: 'the checkpoint',
      read: () => store.read(),
      write: (bytes) => store.write(bytes),
      remove: () => store.remove(),
    };
  }
  const files = nodeModule('node:fs/promises');
  if (files === undefined || path === undefined)
    throw new CheckpointError('checkpoint: there are no files here', 'pass a store instead of a path.');
  const temporary = `${path}.${nodeProcess()?.pid ?? 0}.tmp`;
  return {
    name: `'${path}'`,
    async read() {
      try {
        return await files.readFile(path);
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    /** A file appears under its name only when it is whole and on the disk. */
    async write(bytes) {
      try {
        const file = await files.open(temporary, 'w');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await files.rename(temporary, path);
      } catch (error) {
        await files.rm(temporary, { force: true }).catch(() => undefined);
        throw error;
      }
    },
    remove: () => files.rm(path, { force: true }),
  };
}
