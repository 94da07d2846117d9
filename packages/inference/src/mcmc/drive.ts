/** Runs a chain in slices of time, in whatever thread it is called. */
import type { Chain } from './chain';
import type { ProgressEvent } from './events';
import type { Progress } from './progress';
import type { ChainRecord } from './record';

/** @param turn is called at the end of each slice; the chain goes on if it says so */
export async function drive(
  chain: Chain,
  record: ChainRecord,
  progress: Progress,
  turn: (event: ProgressEvent) => Promise<boolean>,
): Promise<void> {
  while (!chain.isDone) {
    const step = chain.next();
    if (step.phase === 'sample') record.add(step);
    const event = progress.add(step);
    if (event !== undefined && !(await turn(event))) return;
  }
}
