/** Which earlier sites a site may depend on, where a model declares that it forgets. */
import type { MarkovFrame, MarkovStep } from '../messages/markov';
import { produce } from '../messages/produce';
import type { Handler } from '../stack/handler';

/**
 * Steps that see each other only within `history`. Frames are compared by identity: with `keep` those of a step remain
 * when it is left, so that a later visit at the same depth continues them.
 */
export class MarkovContext {
  readonly handler: Handler;
  private readonly frames: MarkovFrame[] = [];
  private position = -1;

  constructor(
    private readonly history: number,
    private readonly keep: boolean,
  ) {
    this.handler = {
      process: (message) =>
        produce(message, (draft) => {
          draft.markov = [this.step(), ...(message.markov ?? [])];
        }),
    };
  }

  get isEntered(): boolean {
    return this.position >= 0;
  }

  enter(): void {
    this.position++;
    if (this.frames.length === this.position) this.frames.push({ context: this, keep: this.keep });
  }

  leave(): void {
    if (!this.keep) this.frames.pop();
    this.position--;
  }

  leaveAll(): void {
    while (this.isEntered) this.leave();
  }

  private step(): MarkovStep {
    const { history, position } = this;
    const window = (back: number, ahead: number): MarkovFrame[] =>
      this.frames.slice(Math.max(0, position - back), position + ahead + 1);
    return { visible: window(history, 0), near: window(history + 1, history), history };
  }
}
