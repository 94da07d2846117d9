/** KL(p‖q) by a table of closed forms that is open to users, keyed by the two families. */
import { formatShape, tf } from '@pyro-ts/ops';
import type { Distribution } from '../distribution';
import { ShapeError, UnsupportedError } from '../errors';
import { sameShape, tryBroadcast } from '../family/shapes';

/** A closed form; its result broadcasts to the joint batch shape. */
export type KlFormula<P extends Distribution = Distribution, Q extends Distribution = Distribution> = (
  p: P,
  q: Q,
) => tf.Tensor;

/** A factory such as `Normal`, or the name of a family; '*' is any. */
export type FamilyKey<D extends Distribution> =
  string | { readonly familyName: string; (...args: never[]): D };

const key = Symbol.for('pyro-ts.kl');
const shared = globalThis as unknown as Record<symbol, Map<string, KlFormula> | undefined>;
const table = (shared[key] ??= new Map<string, KlFormula>());

const nameOf = (family: FamilyKey<Distribution>): string =>
  typeof family === 'string' ? family : family.familyName;

const rowName = (p: string, q: string): string => `${p} ‖ ${q}`;

/**
 * Adds a closed form, in place of an earlier one for the same pair. The last one registered wins.
 * @example registerKl(Normal, Laplace, (p, q) => …p.loc, q.scale…)
 */
export function registerKl<P extends Distribution, Q extends Distribution>(
  p: FamilyKey<P>,
  q: FamilyKey<Q>,
  formula: KlFormula<P, Q>,
): void {
  table.set(rowName(nameOf(p), nameOf(q)), formula as KlFormula);
}

/** Exact pair first, then any q for this p, then any p for this q. */
function findFormula(p: Distribution, q: Distribution): KlFormula | undefined {
  const names = [rowName(p.family, q.family), rowName(p.family, '*'), rowName('*', q.family)];
  return names.map((name) => table.get(name)).find((formula) => formula !== undefined);
}

/**
 * Kullback–Leibler divergence E_p[log p − log q] in nats, exact.
 * @returns shape: the broadcast of the batch shapes; +∞ where p is not absolutely continuous with respect to q
 * @throws {UnsupportedError} if no closed form is registered for the pair
 * @throws {ShapeError} if event shapes differ or batch shapes do not broadcast
 */
export function klDivergence(p: Distribution, q: Distribution): tf.Tensor {
  const formula = findFormula(p, q);
  if (formula === undefined) {
    throw new UnsupportedError(
      `no closed form of KL(${p.family} ‖ ${q.family}) is known`,
      'estimate it as the mean of p.logProb(x) − q.logProb(x) over draws x of p, or add one with registerKl(p, q, formula).',
    );
  }
  const shape = tryBroadcast(p.batchShape, q.batchShape);
  if (shape === undefined || !sameShape(p.eventShape, q.eventShape)) {
    const of = (d: Distribution): string =>
      `batch ${formatShape(d.batchShape)}, event ${formatShape(d.eventShape)}`;
    throw new ShapeError(
      `KL divergence between ${p.toString()} (${of(p)}) and ${q.toString()} (${of(q)})`,
      'give both the same event shape and batch shapes that broadcast.',
    );
  }
  return tf.tidy(() => tf.broadcastTo(formula(p, q), [...shape]));
}
