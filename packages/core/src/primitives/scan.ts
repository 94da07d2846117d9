/** `scan`: a loop with sites in its body that is one node of a compiled program, however long. */
import {
  checkOptions,
  scan as plainScan,
  treeLeaves,
  treeRebuild,
  type ScanBody,
  type ScanOptions,
  type Tensors,
  type tf,
  type Tree,
} from '@pyro-ts/ops';
import { inspect } from './inspect';
import { firstLook, widened, type Loop } from '../scan/loop';
import { runSites } from '../scan/sites';
import { surroundings } from '../scan/step';
import { runUnrolled } from '../scan/unrolled';

/**
 * `for x of xs: [carry, y] = body(carry, x)`, with sites in the body. Each is one site of the model, under the name it has
 * in the body, its values stacked over the steps: [T, ...batch, ...event]. Handlers and inference see that one site.
 * Parameters in the body are the same in all steps.
 *
 * Discrete latent sites are summed out by the forward algorithm where `enumerate` asks for it (under NUTS and HMC always):
 * the carry may hold the value of such a site, for the next step to depend on. The outputs must not depend on it.
 *
 * The body also runs once beside the steps, for the shapes of its sites.
 * @param body maps carry and one element of `xs` (leading axis removed) to the next carry and an output
 * @param init the first carry: tensors in arrays and records; its dtypes must not change, nor its shapes, except that it is
 *   repeated along plates where later ones have their dims
 * @param xs tensors with a common leading axis T, or null with `length`
 * @returns the last carry, and the outputs stacked along a new leading axis
 * @throws {ShapeError} when leading axes differ, the carry changes its shape, or the values of a site do not fit it
 * @throws {HandlerError} when sites come and go, or something depends on a summed-out site that must not
 */
export function scan<C extends Tree, X extends Tree, Y extends Tree>(
  body: ScanBody<C, X, Y>,
  init: C,
  xs: X | null,
  options: ScanOptions = {},
): { carry: Tensors<C>; ys: Tensors<Y> } {
  checkOptions('scan', options, { length: 'optional', reverse: 'optional' });
  const items: Tree = xs ?? [];
  const leaves = treeLeaves(items);
  const length = options.length ?? leaves.at(0)?.shape.at(0) ?? 0;
  if (length === 0 || leaves.some(({ shape }) => shape[0] !== length))
    return plainScan(body, init, xs, options);
  const { enumeration, unrolling } = inspect();
  const given: Loop = {
    body: body as unknown as Loop['body'],
    init,
    carry: treeLeaves(init),
    items,
    xs: leaves,
    length,
    reverse: options.reverse ?? false,
    around: surroundings(),
    enumeration,
  };
  if (unrolling !== undefined) return runUnrolled(given, unrolling) as { carry: Tensors<C>; ys: Tensors<Y> };
  const look = firstLook(given);
  const loop = widened(given, look);
  const isSame = loop.carry.every((leaf, i) => leaf === given.carry[i]);
  const { carry, ys } = runSites(loop, isSame ? look : firstLook(loop));
  const rebuild = treeRebuild as (tree: unknown, leaves: readonly tf.Tensor[]) => unknown;
  const result: unknown = { carry: rebuild(init, carry), ys };
  return result as { carry: Tensors<C>; ys: Tensors<Y> };
}
