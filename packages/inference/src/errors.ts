/** Errors of inference. Messages say what was wrong, with names and values, and end in a line `Fix: …`. */
import { PyroError } from '@pyro-ts/ops';

abstract class InferenceError extends PyroError {
  constructor(kind: string, problem: string, fix: string, site?: string) {
    super(kind, `${problem}\n  Fix: ${fix}`, site);
  }
}

/** A Markov chain that cannot be set up or run as asked. */
export class McmcError extends PyroError {
  /** @param text what is wrong, and the line `Fix: …` */
  constructor(text: string, site?: string) {
    super('McmcError', text, site);
  }
}

/** A checkpoint that cannot be gone on from: damaged, foreign, or of another run. */
export class CheckpointError extends InferenceError {
  constructor(problem: string, fix: string) {
    super('CheckpointError', `${problem}.`, fix);
  }
}

/** No starting point with a finite density was found, or an initialisation strategy cannot give one. */
export class InitializationError extends InferenceError {
  constructor(problem: string, fix: string, site?: string) {
    super('InitializationError', problem, fix, site);
  }
}

/** A guide that does not fit its model, or a method that this guide cannot offer. */
export class GuideError extends InferenceError {
  constructor(problem: string, fix: string, site?: string) {
    super('GuideError', problem, fix, site);
  }
}

/** Stochastic variational inference that cannot be set up or go on as asked. */
export class SviError extends InferenceError {
  constructor(problem: string, fix: string) {
    super('SviError', problem, fix);
  }
}

/** A predictive distribution that cannot be set up as asked. */
export class PredictiveError extends InferenceError {
  constructor(problem: string, fix: string) {
    super('PredictiveError', problem, fix);
  }
}

/** A loss, or a parameter after a step, that is NaN or infinite. Carries what had been reached. */
export class NonFiniteLossError<State = unknown> extends InferenceError {
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
      'NonFiniteLossError',
      `the loss of step ${step} is ${loss}: ${explanation}.`,
      'look for NaN in the data, for observations outside the support, and for guide sites whose distribution reaches ' +
        'outside the support that the model gives them; lower the learning rate or the initial scale; or pass ' +
        "nonFinite: 'skip' to leave such steps out. `error.state` is the last finite state.",
    );
  }
}

/** Discrete sites that cannot be summed out as asked. */
export class EnumerationError extends InferenceError {
  constructor(problem: string, fix: string, site?: string) {
    super('EnumerationError', problem, fix, site);
  }
}
