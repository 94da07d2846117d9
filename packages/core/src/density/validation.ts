/** Argument checks during sampling. */
import { enableValidation, validationEnabled } from '@pyro-ts/distributions';

/**
 * Runs `body` without the checks of parameters and values. Far out in unconstrained space exp(u) is 0 or ∞ and a scale
 * leaves its constraint by rounding: there the density is to be −∞ or NaN, which samplers reject, not an error.
 */
export function withoutValidation<R>(body: () => R): R {
  return withValidation(false, body);
}

/** Runs `body` with the checks on or off. */
export function withValidation<R>(enabled: boolean, body: () => R): R {
  const before = validationEnabled();
  enableValidation(enabled);
  try {
    return body();
  } finally {
    enableValidation(before);
  }
}
