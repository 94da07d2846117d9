/** Where a guide starts. */
import { createHandler, handlers, type Model } from '@pyro-ts/core';
import { bijectTo } from '@pyro-ts/distributions';
import { defaultGenerator, scoped, toNdArray, type NdArray, type RandomKey } from '@pyro-ts/ops';
import { findInitialValues, isolated, type InitialValues, type InitStrategy } from '../initialization';

export interface InitialPoint {
  readonly constrained: InitialValues;
  readonly unconstrained: InitialValues;
}

/** Values of the strategy with a finite density, in both spaces. */
export function initialPoint<Args extends unknown[]>(
  model: Model<Args>,
  args: Args,
  strategy: InitStrategy,
  key: RandomKey | undefined,
): InitialPoint {
  const seed = key ?? defaultGenerator.next();
  const constrained = findInitialValues(model, args, { strategy, seed });
  const unconstrained: Record<string, NdArray> = {};
  const invert = createHandler(() => ({
    process(message) {
      if (message.kind !== 'sample' || message.isObserved || !Object.hasOwn(constrained, message.name))
        return;
      unconstrained[message.name] = toNdArray(
        bijectTo(message.fn.support).inverse(constrained[message.name]),
      );
    },
  }));
  const run = invert(handlers.substitute(handlers.seed(model, { seed }), { data: constrained }));
  scoped(() => {
    isolated(() => run(...args));
  });
  return { constrained, unconstrained };
}

/** Computes something at the first call only; for the several parameters of one run. */
export function once<A, R>(f: (a: A) => R): (a: A) => R {
  let result: { readonly value: R } | undefined;
  return (a) => (result ??= { value: f(a) }).value;
}
