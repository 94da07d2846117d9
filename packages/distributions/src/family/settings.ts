/** Whether arguments and values are checked: process-wide switches, shared by all copies of the package. */
import type { tf } from '@pyro-ts/ops';

interface ValidationState {
  enabled: boolean;
  /** A value known to be inside the support of whatever it is given to. */
  inside?: tf.Tensor | undefined;
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

/**
 * Runs `body`, in which the density of a family at this very tensor takes it as it is: no comparison with the support, no
 * feasible value in its place. For latent values, which a bijection onto the support has just made. Densities of
 * anything computed from it (a mixture's components, the base of a transformed distribution) check as always.
 *
 * Where the bijection rounds to the edge of the support (exp(−800) is 0) the formula itself must give −∞ or NaN;
 * families for which it might not (`infinityIsOutside`) go on checking.
 */
export function withinSupport<R>(value: tf.Tensor, body: () => R): R {
  const before = state.inside;
  state.inside = value;
  try {
    return body();
  } finally {
    state.inside = before;
  }
}

/** Whether this tensor is the one that `withinSupport` vouches for. */
export function isKnownInside(value: tf.Tensor): boolean {
  return state.inside === value;
}
