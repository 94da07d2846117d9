/** One model: ours and every peer, run after run in turn, so that a busy machine is busy for all. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchmarkModel } from '../models';
import { disagreements, unmixed } from './agreement';
import { measure, type Figures, type Measured } from './figures';
import { runProcess } from './run-process';
import { ourCommand, peerCommand, type Command, type PeerName } from './runners';
import { pointsOf, writeTask } from './task';

export interface Row extends Figures {
  /** What keeps the row from being comparable: another density, other means, chains that did not mix. */
  readonly flags: readonly string[];
}

export interface ModelRow {
  readonly model: string;
  readonly ours: Row;
  /** Null where a peer failed or was stopped at the limit. */
  readonly peers: Readonly<Partial<Record<PeerName, Row | null>>>;
}

export interface CompareOptions {
  readonly peers: readonly PeerName[];
  readonly seeds: number;
  readonly limitSeconds: number;
  /** Receives progress and failures. */
  readonly note: (text: string) => void;
}

export async function compareModel(name: string, options: CompareOptions): Promise<ModelRow> {
  const { peers, seeds, limitSeconds, note } = options;
  const folder = mkdtempSync(join(tmpdir(), 'pyro-ts-peers-'));
  try {
    const model = benchmarkModel(name);
    const points = pointsOf(model);
    const logJoints = points.map(({ logJoint }) => logJoint);
    const task = join(folder, 'task.json');
    writeTask(
      task,
      model,
      points.map(({ values }) => values),
    );

    const run = async (
      who: string,
      seed: number,
      makeCommand: (into: string) => Command,
    ): Promise<Measured> => {
      const into = join(folder, `${who}-${seed}`);
      mkdirSync(into);
      const { program, args, env } = makeCommand(into);
      const measured = measure(
        into,
        await runProcess(program, args, {
          env,
          folder: into,
          // Without ours there is nothing to compare.
          limitSeconds: who === 'ours' ? 86_400 : limitSeconds,
        }),
      );
      rmSync(into, { recursive: true });
      const { cold_s, ess_per_s } = measured.figures;
      note(`${name}: ${who}, seed ${seed}: ${cold_s.toFixed(1)} s cold, ${ess_per_s.toFixed(1)} ESS/s`);
      return measured;
    };

    const ours: Measured[] = [];
    const theirs = new Map<PeerName, { runs: Measured[]; flags: string[]; failed: boolean }>(
      peers.map((peer) => [peer, { runs: [], flags: [], failed: false }]),
    );
    for (let seed = 1; seed <= seeds; seed++) {
      const own = await run('ours', seed, (into) => ourCommand(name, into, seed));
      ours.push(own);
      for (const [peer, entry] of theirs) {
        if (entry.failed) continue;
        try {
          const measured = await run(peer, seed, (into) => peerCommand(peer, task, into, seed));
          const flags = [...disagreements(own, measured, logJoints), ...unmixed(measured)];
          for (const flag of flags) note(`${name}: ${peer}, seed ${seed}: ${flag}`);
          entry.runs.push(measured);
          entry.flags.push(...flags);
        } catch (error) {
          entry.failed = true;
          note(`${name}: ${peer}, seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
    return {
      model: name,
      ours: { ...medians(ours), flags: ours.flatMap(unmixed) },
      peers: Object.fromEntries(
        [...theirs].map(([peer, { runs, flags, failed }]) => [
          peer,
          failed ? null : { ...medians(runs), flags },
        ]),
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Figure by figure. */
function medians(runs: readonly Measured[]): Figures {
  const median = (key: keyof Figures): number | null => {
    const values = runs.map(({ figures }) => figures[key]);
    if (values.includes(null)) return null;
    const sorted = (values as number[]).sort((a, b) => a - b);
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  };
  const keys = Object.keys(runs[0].figures) as (keyof Figures)[];
  return Object.fromEntries(keys.map((key) => [key, median(key)])) as unknown as Figures;
}
