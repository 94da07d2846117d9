/**
 * Parameter checks that wait. `sample('y', Normal(mu, -1))` makes the distribution before the statement is reached, so an
 * error thrown there could not name the site. While a model runs, the statement reports it.
 */
import { ConstraintError } from '../errors';
import type { Distribution } from '../distribution';

interface Postponed {
  isOn: boolean;
  /** Of the first distribution with an invalid parameter that no statement has met yet. */
  error: ConstraintError | undefined;
}

const key = Symbol.for('pyro-ts.distributions.postponed');
const shared = globalThis as unknown as Record<symbol, Postponed | undefined>;
const state: Postponed = (shared[key] ??= { isOn: false, error: undefined });

/** Runs `check`; a parameter outside its constraint is an error here, or later if checks are postponed. */
export function orPostpone<T>(check: () => T, otherwise: T): T {
  try {
    return check();
  } catch (error) {
    if (!state.isOn || !(error instanceof ConstraintError)) throw error;
    state.error ??= error;
    return otherwise;
  }
}

/**
 * Runs `body` (a model). A distribution with an invalid parameter is refused where `checkPostponed` meets it; the latest
 * at the end, if nothing was sampled from it.
 * @throws {ConstraintError}
 */
export function postponeChecks<R>(body: () => R): R {
  if (state.isOn) return body();
  state.isOn = true;
  try {
    const result = body();
    if (state.error !== undefined) throw state.error;
    return result;
  } catch (error) {
    // What fails after a postponed error fails because of it.
    throw state.error ?? error;
  } finally {
    state.isOn = false;
    state.error = undefined;
  }
}

/**
 * Reports a postponed check on behalf of the current label.
 * @throws {ConstraintError} if a parameter of the distribution, or of one that it is made of, is outside its constraint
 */
export function checkPostponed(distribution: Distribution): void {
  if (state.error === undefined) return;
  try {
    distribution.validate();
  } catch (error) {
    state.error = undefined;
    throw error;
  }
}
