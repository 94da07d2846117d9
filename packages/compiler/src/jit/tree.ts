/** Nested arguments and results: tensors are leaves that vary, everything else is structure. */
import { isTensor, type DType, type TensorSpec, type tf } from '@pyro-ts/ops';
import { SignatureError } from '../errors';

/** A tensor, or arrays, plain objects and Maps of them. */
export type TensorTree = tf.Tensor | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** Structure with the tensors taken out; `rebuild` puts others in their places, in the same order. */
export interface Flattened<T = unknown> {
  readonly tensors: readonly tf.Tensor[];
  /** Names of the leaves: `0.weights`, … */
  readonly paths: readonly string[];
  /** Equal for equal structure, shapes, dtypes and static content. */
  readonly key: string;
  rebuild(tensors: readonly tf.Tensor[]): T;
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;

/** A number that stands for an object or function as long as it lives. */
export function identityOf(object: object): number {
  let id = identities.get(object);
  if (id === undefined) identities.set(object, (id = nextIdentity++));
  return id;
}

export function specOfTensor(tensor: tf.Tensor): TensorSpec {
  return { shape: tensor.shape, dtype: tensor.dtype as DType };
}

export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Static content by value: numbers print exactly in base 10; −0 and NaN are told apart. */
function primitiveKey(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  return `${typeof value}:${String(value)}`;
}

/** Takes a value apart into tensors and structure. Functions and class instances are compared by identity. */
export function flatten<T>(value: T): Flattened<T> {
  const tensors: tf.Tensor[] = [];
  const paths: string[] = [];
  const keys: string[] = [];

  function visit(node: unknown, path: string): (values: readonly tf.Tensor[]) => unknown {
    if (isTensor(node)) {
      const index = tensors.push(node) - 1;
      paths.push(path);
      keys.push(`${node.dtype}[${node.shape.join()}]`);
      return (values) => values[index];
    }
    if (Array.isArray(node)) {
      keys.push(`(${node.length}`);
      const parts = node.map((item, i) => visit(item, path === '' ? String(i) : `${path}.${i}`));
      keys.push(')');
      return (values) => parts.map((part) => part(values));
    }
    if (ArrayBuffer.isView(node)) {
      keys.push(
        `${node.constructor.name}:${Array.from(node as unknown as ArrayLike<number>, primitiveKey).join()}`,
      );
      return () => node;
    }
    if (typeof node === 'object' && node !== null && isPlainObject(node)) {
      keys.push('{');
      const parts = Object.keys(node).map((name) => {
        keys.push(`${JSON.stringify(name)}:`);
        return [name, visit(node[name], path === '' ? name : `${path}.${name}`)] as const;
      });
      keys.push('}');
      return (values) => Object.fromEntries(parts.map(([name, part]) => [name, part(values)]));
    }
    keys.push(
      (typeof node === 'object' && node !== null) || typeof node === 'function'
        ? `#${identityOf(node)}`
        : primitiveKey(node),
    );
    return () => node;
  }

  const rebuild = visit(value, '');
  return { tensors, paths, key: keys.join(' '), rebuild: (given) => rebuild(given) as T };
}

/**
 * The same for what a function returned: only tensors and containers of them can leave a program.
 * @throws SignatureError for anything else, naming its path
 */
export function flattenResult(value: unknown): Flattened {
  const check = (node: unknown, path: string): void => {
    if (isTensor(node)) return;
    if (node instanceof Promise)
      throw new SignatureError(
        'the function returned a Promise.\n  Fix: compile synchronous functions only; await data before the call and pass it as an argument.',
      );
    if (Array.isArray(node)) node.forEach((item, i) => check(item, `${path}[${i}]`));
    else if (typeof node === 'object' && node !== null && isPlainObject(node))
      Object.entries(node).forEach(([name, item]) => check(item, `${path}.${name}`));
    else
      throw new SignatureError(
        `result${path} is ${node === null ? 'null' : typeof node}, not a tensor.\n` +
          '  Fix: return tensors, or arrays and plain objects of tensors; wrap numbers with tf.scalar.',
      );
  };
  check(value, '');
  return flatten(value);
}
