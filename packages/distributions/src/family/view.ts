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
  class FamilyView {
    private readonly memo = new Map<string, unknown>();
    readonly given = (name: string): boolean => this.held[name] !== undefined;

    constructor(
      private readonly held: Readonly<Record<string, unknown>>,
      private readonly unchecked: ReadonlySet<string>,
    ) {}

    lookUp(spec: Param): unknown {
      const { name } = spec;
      if (!this.memo.has(name)) this.memo.set(name, this.resolve(spec));
      return this.memo.get(name);
    }

    private resolve({ name, kind, guard, constraint }: Param): unknown {
      const held = this.held[name];
      if (held === undefined) return derive[name]?.(this as never);
      if (kind !== 'tensor') return held;
      const x = liftHeld(held as Held);
      if (!guard || constraint === undefined || !this.unchecked.has(name)) return x;
      return guarded(x, typeof constraint === 'function' ? constraint(this as never) : constraint);
    }
  }
  for (const spec of specs) {
    const get = function (this: FamilyView): unknown {
      return this.lookUp(spec);
    };
    Object.defineProperty(FamilyView.prototype, spec.name, { get });
  }
  return (held, unchecked) => new FamilyView(held, unchecked) as unknown as View;
}
