/** `module`: a function with named parameters, such as a neural network. */
import type { tf } from '@pyro-ts/ops';
import type { ParamInit } from '../messages/message';
import { param } from './param';

/** Parameters by name; records nest. */
export interface ParamTree<Leaf> {
  readonly [name: string]: Leaf | ParamTree<Leaf>;
}

type Tensors<P> = { readonly [K in keyof P]: P[K] extends ParamInit ? tf.Tensor : Tensors<P[K]> };

export interface ModuleDefinition<P, Args extends unknown[], R> {
  /** Initial values, or how to make each of them. */
  readonly init: P;
  /** What the module computes, given its parameters as tensors. */
  readonly apply: (params: Tensors<P>, ...args: Args) => R;
}

/**
 * Declares each leaf of `init` as the parameter `${name}.${path}` and returns `apply` with them filled in.
 * `lift` turns them into random variables: a Bayesian neural network.
 */
export function module<P extends ParamTree<ParamInit>, Args extends unknown[], R>(
  name: string,
  { init, apply }: ModuleDefinition<P, Args, R>,
): (...args: Args) => R {
  const params = declare(name, init) as Tensors<P>;
  return (...args) => apply(params, ...args);
}

function declare(path: string, node: ParamTree<ParamInit>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(node).map(([name, child]) => {
    const at = `${path}.${name}`;
    return [name, isTree(child) ? declare(at, child) : param(at, child)] as const;
  });
  return Object.fromEntries(entries);
}

function isTree(node: unknown): node is ParamTree<ParamInit> {
  return (
    typeof node === 'object' &&
    node !== null &&
    Object.getPrototypeOf(node) === Object.prototype &&
    !('shape' in node)
  );
}
