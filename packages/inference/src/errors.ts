/** Errors of inference. Messages say what was wrong, with names and values, and end in a line `Fix: …`. */

/** A Markov chain that cannot be set up or run as asked. */
export class McmcError extends Error {
  override readonly name = 'McmcError';
}
