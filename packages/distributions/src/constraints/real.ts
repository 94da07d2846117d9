/** Unbounded values. ±∞ is let in, as in Pyro: a limit of the set, where densities have limits too. */
import { defineConstraint, type Constraint } from './constraint';
import { allLast, isNumber, like } from './parts';

const everything = (name: string, eventDim: number): Constraint =>
  defineConstraint({
    name,
    eventDim,
    check: (x) => allLast(isNumber(x), eventDim),
    feasibleLike: (prototype) => like(prototype, 0),
  });

/** Any number but NaN. */
export const real = everything('real', 0);

/** Vectors of `real`, one event dim. */
export const realVector = everything('realVector', 1);

/** Matrices of `real`, two event dims. */
export const realMatrix = everything('realMatrix', 2);
