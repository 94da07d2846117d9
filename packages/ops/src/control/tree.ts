/** Nested arrays and records with tensors as leaves. */
import type * as tfjs from '@tensorflow/tfjs';
import { isNdArray, isTensor, lift } from '../data/tensor-like';
import type { NdArray } from '../data/nd-array';
import { ValueError } from '../errors';

/** A leaf that is not a tensor yet is lifted. */
export type Leaf = tfjs.Tensor | NdArray | number;

export type Tree = Leaf | readonly Tree[] | { readonly [name: string]: Tree };

/** The same nesting with tensors. */
export type Tensors<X> = X extends Leaf ? tfjs.Tensor : { readonly [K in keyof X]: Tensors<X[K]> };

const isLeaf = (x: Tree): x is Leaf => typeof x === 'number' || isTensor(x) || isNdArray(x);

/** The leaves as tensors, in a fixed order. */
export function treeLeaves(tree: Tree): tfjs.Tensor[] {
  if (isLeaf(tree)) return [lift(tree)];
  if (typeof tree !== 'object' || tree === null) {
    throw new ValueError(`expected tensors in arrays and records, got ${String(tree)}`);
  }
  return Object.values(tree as Readonly<Record<string, Tree>>).flatMap(treeLeaves);
}

/** The nesting of `tree` around other leaves. */
export function treeRebuild<X extends Tree>(tree: X, leaves: readonly tfjs.Tensor[]): Tensors<X> {
  return rebuild(tree, leaves) as Tensors<X>;
}

/** The same without types, for code that is generic in the tree (where TypeScript would recurse without end). */
export function rebuild(tree: Tree, leaves: readonly tfjs.Tensor[]): unknown {
  let next = 0;
  const build = (node: Tree): unknown => {
    if (isLeaf(node)) return leaves[next++];
    if (Array.isArray(node)) return node.map(build);
    return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, build(child)]));
  };
  return build(tree);
}

/** How a tree nests, for comparison: `[*,{a:*}]`. */
export function treeStructure(tree: Tree): string {
  if (isLeaf(tree)) return '*';
  if (Array.isArray(tree)) return `[${tree.map(treeStructure).join(',')}]`;
  const fields = Object.entries(tree).map(([name, child]) => `${name}:${treeStructure(child)}`);
  return `{${fields.join(',')}}`;
}
