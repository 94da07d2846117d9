/** `bijectTo` and `transformTo`: from unconstrained space to a constraint. Open tables, keyed by the constraint's name. */
import type { TensorLike } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';
import { UnsupportedError } from '../errors';
import { IndependentTransform } from './independent';
import { CatTransform, StackTransform } from './pieces';
import type { Transform } from './transform';

export type TransformFactory = (constraint: Constraint) => Transform;

export interface TransformRegistry {
  /**
   * The transform from ℝⁿ to a constraint.
   * @throws UnsupportedError if no row of the table fits
   */
  (constraint: Constraint): Transform;
  /** Adds or replaces the row of a constraint's name. */
  register(constraint: Constraint | string, factory: TransformFactory): void;
}

const advice: Readonly<Record<string, string>> = {
  sphere:
    'use a ProjectedNormal prior with its reparameterisation, or transformTo(sphere) where no density is needed.',
  dependent:
    "ask an instance of the distribution for its support; the family's declaration has only a placeholder.",
};

function refuse(kind: string, constraint: Constraint): never {
  const discrete = 'a discrete variable has no unconstrained form; sum it out, or enumerate it.';
  const register = `register one: ${kind}.register('${constraint.name}', (constraint) => transform).`;
  throw new UnsupportedError(
    `${kind} has no transform to the constraint ${String(constraint)}`,
    advice[constraint.name] ?? (constraint.isDiscrete ? discrete : register),
  );
}

/** Rows that both tables share: constraints made of constraints go through the table again, part by part. */
function structural(registry: TransformRegistry): ReadonlyMap<string, TransformFactory> {
  interface Parts {
    readonly base: Constraint;
    readonly reinterpretedBatchNdims: number;
    readonly parts: readonly Constraint[];
    readonly dim: number;
    readonly lengths: readonly number[];
  }
  const argsOf = (constraint: Constraint): Parts => constraint.args as unknown as Parts;
  return new Map<string, TransformFactory>([
    ['independent', (c) => IndependentTransform(registry(argsOf(c).base), argsOf(c).reinterpretedBatchNdims)],
    ['cat', (c) => CatTransform(argsOf(c).parts.map(registry), argsOf(c).dim, argsOf(c).lengths)],
    ['stack', (c) => StackTransform(argsOf(c).parts.map(registry), argsOf(c).dim)],
  ]);
}

/** Two copies of the package share their tables, under this symbol on the global object. */
function sharedRows(kind: string): Map<string, TransformFactory> {
  const key = Symbol.for(`pyro-ts.distributions.${kind}`);
  const home = globalThis as { [key: symbol]: Map<string, TransformFactory> | undefined };
  return (home[key] ??= new Map<string, TransformFactory>());
}

/** The table of a kind, with rows for composite constraints and the given defaults; rows already there are kept. */
export function makeRegistry(
  kind: 'bijectTo' | 'transformTo',
  defaults: Readonly<Record<string, TransformFactory>>,
): TransformRegistry {
  const rows = sharedRows(kind);
  const find = (constraint: Constraint): Transform =>
    (rows.get(constraint.name) ?? refuse.bind(undefined, kind))(constraint);
  const registry: TransformRegistry = Object.assign(find, {
    register(constraint: Constraint | string, factory: TransformFactory): void {
      rows.set(typeof constraint === 'string' ? constraint : constraint.name, factory);
    },
  });
  for (const [name, factory] of [...structural(registry), ...Object.entries(defaults)]) {
    if (!rows.has(name)) rows.set(name, factory);
  }
  return registry;
}

/** Bounds of an interval constraint. */
export const boundsOf = (constraint: Constraint): { lowerBound: TensorLike; upperBound: TensorLike } =>
  constraint.args as { lowerBound: TensorLike; upperBound: TensorLike };
