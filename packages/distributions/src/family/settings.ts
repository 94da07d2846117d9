/** Whether arguments are checked: a process-wide switch, shared by all copies of the package. */

interface ValidationState {
  enabled: boolean;
}

const key = Symbol.for('pyro-ts.distributions.validation');
const shared = globalThis as unknown as Record<symbol, ValidationState | undefined>;
const state: ValidationState = (shared[key] ??= { enabled: true });

/** Turns argument and support checks on or off for distributions made from now on without `validateArgs`. */
export function enableValidation(enabled = true): void {
  state.enabled = enabled;
}

/** Whether checks are on. */
export function validationEnabled(): boolean {
  return state.enabled;
}
