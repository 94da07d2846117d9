/** What a family's formulas see: each parameter lifted once per call, missing members of a group derived. */
import { tf } from '@pyro-ts/ops';
import type { Constraint } from '../constraints/constraint';
import { liftHeld, type Held } from './held';
import type { Param } from './params';

export type Derivations = Readonly<Record<string, (view: never) => unknown>>;

/** Where the constraint does not hold the parameter becomes NaN; a select at the parameter's own (small) shape. */
function guarded(x: tf.Tensor, constraint: Constraint): tf.Tensor {
  const ok = constraint.check(x);
  const shape = [...ok.shape, ...Array.from({ length: constraint.eventDim }, () => 1)];
  return tf.where(tf.reshape(ok, shape), x, tf.fill(x.shape, NaN));
}

export interface View {
  readonly given: (name: string) => boolean;
  readonly [name: string]: unknown;
}

export type ViewMaker = (held: Readonly<Record<string, unknown>>, unchecked: ReadonlySet<string>) => View;

/** Compiles a declaration's parameters into a maker of views. Views live for one call: they hold tensors. */
export function viewMaker(specs: readonly Param[], derive: Derivations): ViewMaker {
  const resolve = (spec: Param, view: View, held: unknown, unchecked: boolean): unknown => {
    if (held === undefined) return derive[spec.name]?.(view as never);
    if (spec.kind !== 'tensor') return held;
    const x = liftHeld(held as Held);
    const { constraint } = spec;
    if (!spec.guard || !unchecked || constraint === undefined) return x;
    return guarded(x, typeof constraint === 'function' ? constraint(view as never) : constraint);
  };
  return (held, unchecked) => {
    const memo = new Map<string, unknown>();
    const view = { given: (name: string) => held[name] !== undefined };
    for (const spec of specs) {
      const get = (): unknown => {
        if (!memo.has(spec.name)) {
          memo.set(spec.name, resolve(spec, view, held[spec.name], unchecked.has(spec.name)));
        }
        return memo.get(spec.name);
      };
      Object.defineProperty(view, spec.name, { get, enumerable: true });
    }
    return view;
  };
}
