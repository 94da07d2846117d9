/** Tensors that live as long as an object does. Needed only for arguments of transforms, which close over them. */
import { tf } from '@pyro-ts/ops';

/** Tensors whose owners are gone. They are disposed of on the next call, not in the midst of something else. */
let abandoned: tf.Tensor[] = [];

const registry = new FinalizationRegistry<readonly tf.Tensor[]>((tensors) => void abandoned.push(...tensors));

/** Takes the tensors that the running scopes made out of them, and disposes of them when `owner` has been collected. */
export function holdWhileAlive<T extends object>(owner: T, tensors: readonly tf.Tensor[]): T {
  const gone = abandoned;
  abandoned = [];
  gone.forEach((tensor) => tensor.dispose());
  const scopes = new Set(tf.engine().state.scopeStack.map((scope) => scope.id));
  const own = [...new Set(tensors)].filter((tensor) => !tensor.kept && scopes.has(tensor.scopeId));
  if (own.length > 0) registry.register(owner, own.map(tf.keep));
  return owner;
}
