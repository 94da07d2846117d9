/** What a site knows of one `markov` context around it. */

/** One step of a context, told apart by identity. */
export interface MarkovFrame {
  readonly context: object;
  /** Whether the step can be visited again. */
  readonly keep: boolean;
}

export interface MarkovStep {
  /** The steps whose sites can be depended on; the last is the current one. */
  readonly visible: readonly MarkovFrame[];
  /**
   * The steps whose sites can be in scope together with those of the current one, later steps included that `keep` holds;
   * and one step further back, which a mistaken dependency most likely goes back to.
   */
  readonly near: readonly MarkovFrame[];
  readonly history: number;
}
