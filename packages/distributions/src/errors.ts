/** Every error that a user of distributions can cause. Messages name the site, the values or shapes, and a fix. */
import { currentLabel } from '@pyro-ts/ops';

/** ` at site 'y'` while a model runs a site, else nothing. */
export function atSite(): string {
  const label = currentLabel();
  return label === undefined ? '' : ` at site '${label}'`;
}

/** Joins what is wrong and what to do about it into the one form that all messages have. */
export function explain(kind: string, problem: string, fix: string): string {
  return `${kind}${atSite()}: ${problem}\n  Fix: ${fix}`;
}

/** A parameter outside its constraint, or a value outside the support. */
export class ConstraintError extends Error {
  override readonly name = 'ConstraintError';
  constructor(problem: string, fix: string) {
    super(explain('ConstraintError', problem, fix));
  }
}

/** Shapes that do not broadcast, or a rank too small for the event. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
  constructor(problem: string, fix: string) {
    super(explain('ShapeError', problem, fix));
  }
}

/** A parameter missing, unknown, given twice, or of a type that is not a parameter. */
export class ArgumentError extends TypeError {
  override readonly name = 'ArgumentError';
  constructor(problem: string, fix: string) {
    super(explain('ArgumentError', problem, fix));
  }
}

/** Something that this distribution does not have: a pathwise sampler, a cdf, a finite support, … */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
  constructor(problem: string, fix: string) {
    super(explain('UnsupportedError', problem, fix));
  }
}
