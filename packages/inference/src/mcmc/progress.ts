/** Tells how far a chain is, and lets others run. */
import type { ChainStep } from './chain';
import type { McmcListener } from './events';
import type { Phase } from './kernel';

/** Milliseconds between two progress events; the event loop gets a turn at each. */
const interval = 50;

export class Progress {
  private phase: Phase | undefined;
  private acceptSum = 0;
  private divergences = 0;
  private last = Date.now();

  constructor(
    private readonly chain: number,
    private readonly totals: Readonly<Record<Phase, number>>,
    private readonly emit: McmcListener,
  ) {}

  /** Counts a step; now and then sends an event and returns a turn of the event loop to wait for. */
  add(step: ChainStep): Promise<void> | undefined {
    if (step.phase !== this.phase) {
      this.phase = step.phase;
      this.acceptSum = 0;
      this.divergences = 0;
    }
    this.acceptSum += step.info.acceptProb;
    this.divergences += Number(step.info.diverging);
    const done = step.iteration + 1;
    const total = this.totals[step.phase];
    if (done < total && Date.now() - this.last < interval) return undefined;
    this.last = Date.now();
    this.emit({
      type: 'progress',
      chain: this.chain,
      phase: step.phase,
      done,
      total,
      stepSize: step.parameters.stepSize,
      acceptProb: this.acceptSum / done,
      numSteps: step.info.numSteps,
      divergences: this.divergences,
    });
    return new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
}
