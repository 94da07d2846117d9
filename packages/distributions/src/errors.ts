/** Every error that a user of distributions can cause. Messages name the site, the values or shapes, and a fix. */
import { currentLabel, PyroError } from '@pyro-ts/ops';

abstract class DistributionError extends PyroError {
  constructor(kind: string, problem: string, fix: string) {
    super(kind, `${problem}\n  Fix: ${fix}`, currentLabel());
  }
}

/** A parameter outside its constraint, or a value outside the support. */
export class ConstraintError extends DistributionError {
  constructor(problem: string, fix: string) {
    super('ConstraintError', problem, fix);
  }
}

/** Shapes that do not broadcast, or a rank too small for the event. */
export class ShapeError extends DistributionError {
  constructor(problem: string, fix: string) {
    super('ShapeError', problem, fix);
  }
}

/** A parameter missing, unknown, given twice, or of a type that is not a parameter. */
export class ArgumentError extends DistributionError {
  constructor(problem: string, fix: string) {
    super('ArgumentError', problem, fix);
  }
}

/** Something that this distribution does not have: a pathwise sampler, a cdf, a finite support, … */
export class UnsupportedError extends DistributionError {
  constructor(problem: string, fix: string) {
    super('UnsupportedError', problem, fix);
  }
}
