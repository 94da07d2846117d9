/** tfjs's record of what a gradient in progress has run. */
import { tf } from '@pyro-ts/ops';

interface TapeState {
  readonly state: { gradientDepth: number; kernelDepth: number; activeTape: unknown[] | null | undefined };
}

const stateOf = (): TapeState['state'] => (tf.engine() as unknown as TapeState).state;

/** Whether a gradient is being taken of what runs now. */
export function isDifferentiating(): boolean {
  return stateOf().gradientDepth > 0;
}

/** Runs `f` outside of any gradient in progress; gradients may be taken inside. */
export function withoutTape<R>(f: () => R): R {
  const state = stateOf();
  const { gradientDepth, kernelDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: null });
  try {
    return f();
  } finally {
    Object.assign(state, { gradientDepth, kernelDepth, activeTape });
  }
}

interface Differentiator {
  gradients(
    f: () => tf.Tensor,
    xs: readonly tf.Tensor[],
    dy: null,
    allowNoGradients: true,
  ): { readonly grads: readonly (tf.Tensor | undefined)[] };
}

/** Gradients of a scalar by tensors; undefined where it does not depend on one. */
export function gradientsOf(
  f: () => tf.Tensor,
  xs: readonly tf.Tensor[],
): readonly (tf.Tensor | undefined)[] {
  return (tf.engine() as unknown as Differentiator).gradients(f, xs, null, true).grads;
}
