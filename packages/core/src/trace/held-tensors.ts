/** Tensors that live as long as an object does. Needed only for arguments of transforms, which close over them. */
import { tf } from '@pyro-ts/ops';

const disposal = new FinalizationRegistry<readonly tf.Tensor[]>((tensors) => {
  tensors.forEach((tensor) => tensor.dispose());
});

/** Takes the tensors that the running scopes made out of them, and disposes of them when `owner` is collected. */
export function holdWhileAlive<T extends object>(owner: T, tensors: readonly tf.Tensor[]): T {
  const scopes = new Set(tf.engine().state.scopeStack.map((scope) => scope.id));
  const own = [...new Set(tensors)].filter((tensor) => !tensor.kept && scopes.has(tensor.scopeId));
  if (own.length > 0) disposal.register(owner, own.map(tf.keep));
  return owner;
}
