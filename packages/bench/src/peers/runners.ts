/** Who takes part, and how each is started. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { peersFolder, peersPython } from './environment';

export const peerNames = ['numpyro', 'stan', 'nutpie', 'pyro'] as const;
export type PeerName = (typeof peerNames)[number];

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export function ourCommand(model: string, folder: string, seed: number): Command {
  return {
    program: process.execPath,
    args: [join(__dirname, 'ours.js'), model, folder, String(seed)],
    env: process.env,
  };
}

/** Nothing compiled in an earlier run is found again: the caches are in the folder of this run. */
export function peerCommand(peer: PeerName, task: string, folder: string, seed: number): Command {
  const python = peersPython();
  const caches = join(folder, 'caches');
  mkdirSync(caches, { recursive: true });
  return {
    program: python,
    args: [join(peersFolder, `${peer}_peer.py`), task, folder, String(seed)],
    env: {
      ...process.env,
      XDG_CACHE_HOME: caches,
      NUMBA_CACHE_DIR: join(caches, 'numba'),
      PYTENSOR_FLAGS: `base_compiledir=${join(caches, 'pytensor')}`,
      // Fonts that matplotlib lists once for all.
      MPLCONFIGDIR: join(python, '..', '..', 'matplotlib'),
      PYTHONWARNINGS: 'ignore',
    },
  };
}
