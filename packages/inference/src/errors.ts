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
