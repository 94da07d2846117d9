/** Arguments of a model taken apart: tensors vary, everything else is a constant of the program. */
import { isTensor, type tf } from '@pyro-ts/ops';

export interface DismantledArguments<Args> {
  /** The tensors, however deep in arrays and plain objects, in order. */
  readonly tensors: readonly tf.Tensor[];
  /** Equal for equal structure, tensor shapes and constants. */
  readonly key: string;
  /** The arguments with other tensors in the places of these. */
  rebuild(tensors: readonly tf.Tensor[]): Args;
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

/** Stands for a function or class instance as long as it lives. */
function identityOf(x: object): number {
  let id = identities.get(x);
  if (id === undefined) identities.set(x, (id = nextIdentity++));
  return id;
}

function isPlain(x: object): x is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(x);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

type Rebuild = (tensors: readonly tf.Tensor[]) => unknown;

/** Constants are compared by content, functions and class instances by identity. */
export function dismantle<Args extends unknown[]>(args: readonly [...Args]): DismantledArguments<Args> {
  const tensors: tf.Tensor[] = [];
  const keys: string[] = [];
  const visit = (x: unknown): Rebuild => {
    if (isTensor(x)) {
      const index = tensors.push(x) - 1;
      keys.push(`${x.dtype}[${x.shape.join()}]`);
      return (given) => given[index];
    }
    if (Array.isArray(x)) {
      keys.push(`(${x.length}`);
      const parts = x.map(visit);
      return (given) => parts.map((part) => part(given));
    }
    if (ArrayBuffer.isView(x)) keys.push(`${x.constructor.name} ${(x as Float64Array).join()}`);
    else if (typeof x === 'object' && x !== null && isPlain(x)) {
      keys.push(`{${Object.keys(x).join()}`);
      const parts = Object.entries(x).map(([name, child]) => [name, visit(child)] as const);
      return (given) => Object.fromEntries(parts.map(([name, part]) => [name, part(given)]));
    } else if ((typeof x === 'object' && x !== null) || typeof x === 'function')
      keys.push(`#${identityOf(x)}`);
    else keys.push(Object.is(x, -0) ? '-0' : `${typeof x} ${String(x)}`);
    return () => x;
  };
  const rebuild = visit(args);
  return { tensors, key: keys.join(';'), rebuild: (given) => rebuild(given) as Args };
}
