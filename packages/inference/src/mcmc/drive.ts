/** Runs a chain in slices of time, in whatever thread it is called. */
import type { Chain } from './chain';
import type { ProgressEvent } from './events';
import type { Progress } from './progress';
import type { ChainRecord } from './record';

/** Makes transitions, and keeps the draws, until it is time for others to have their turn or the phase is over. */
export function driveSlice(chain: Chain, record: ChainRecord, progress: Progress): ProgressEvent | undefined {
  let event: ProgressEvent | undefined;
  chain.advance((step) => {
    if (step.phase === 'sample') record.add(step);
    event = progress.add(step);
    return event === undefined;
  });
  return event;
}

/** @param turn is called at the end of each slice; the chain goes on if it says so */
export async function drive(
  chain: Chain,
  record: ChainRecord,
  progress: Progress,
  turn: (event: ProgressEvent) => Promise<boolean>,
): Promise<void> {
  while (!chain.isDone) {
    const event = driveSlice(chain, record, progress);
    if (event !== undefined && !(await turn(event))) return;
  }
}
