/** A model that must fail, and what it must say. The wording is part of the interface. */
import { tf } from '@pyro-ts/ops';
import { handlers, type Trace } from '../../src';

export interface Failure {
  readonly title: string;
  readonly run: () => unknown;
  /** Line by line. */
  readonly message: readonly string[];
}

export const tracing = (model: () => unknown): Trace =>
  handlers.trace(handlers.seed(model, { seed: 0 })).getTrace();

/** Runs a model and takes its log density. */
export const scoring = (model: () => unknown): number =>
  tf.tidy(() => tracing(model).logProbSum().dataSync()[0]);
