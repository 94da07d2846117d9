/** Errors of inference. Messages say what was wrong, with names and values, and end in a line `Fix: …`. */

/** A Markov chain that cannot be set up or run as asked. */
export class McmcError extends Error {
  override readonly name = 'McmcError';
}

/** No starting point with a finite density was found, or an initialisation strategy cannot give one. */
export class InitializationError extends Error {
  override readonly name = 'InitializationError';
}

/** A guide that does not fit its model, or a method that this guide cannot offer. */
export class GuideError extends Error {
  override readonly name = 'GuideError';
  constructor(
    problem: string,
    fix: string,
    /** The site at fault, if there is one. */
    readonly site?: string,
  ) {
    super(`GuideError${site === undefined ? '' : ` at site '${site}'`}: ${problem}\n  Fix: ${fix}`);
  }
}

/** Stochastic variational inference that cannot be set up or go on as asked. */
export class SviError extends Error {
  override readonly name = 'SviError';
  constructor(problem: string, fix: string) {
    super(`SviError: ${problem}\n  Fix: ${fix}`);
  }
}

/** A loss, or a parameter after a step, that is NaN or infinite. Carries what had been reached. */
export class NonFiniteLossError<State = unknown> extends Error {
  override readonly name = 'NonFiniteLossError';
  constructor(
    readonly step: number,
    readonly loss: number,
    explanation: string,
    /** The last state that was finite. */
    readonly state: State,
    /** Losses of the steps before. */
    readonly losses: Float64Array,
  ) {
    super(
      `NonFiniteLossError at step ${step}: the loss is ${loss}: ${explanation}.\n` +
        '  Fix: look for NaN in the data and for observations outside the support; lower the learning rate or the initial ' +
        "scale; or pass nonFinite: 'skip' to leave such steps out. `error.state` is the last finite state.",
    );
  }
}

/** A predictive distribution that cannot be set up as asked. */
export class PredictiveError extends Error {
  override readonly name = 'PredictiveError';
  constructor(problem: string, fix: string) {
    super(`PredictiveError: ${problem}\n  Fix: ${fix}`);
  }
}
