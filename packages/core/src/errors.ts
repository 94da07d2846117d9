/** Every error that a model or a handler can cause. Messages name the site, its plates and shapes, and a fix. */
import { PyroError } from '@pyro-ts/ops';
import type { PlateFrame } from './messages/frame';

/** `plate 'schools' (size 7, dim -1)`, or `sequential plate 'steps' (size 3)`. */
export function formatPlate(frame: Pick<PlateFrame, 'name' | 'dim' | 'size' | 'fullSize'>): string {
  const size =
    frame.size === frame.fullSize ? `size ${frame.size}` : `size ${frame.size} of ${frame.fullSize}`;
  return frame.dim === undefined
    ? `sequential plate '${frame.name}' (${size})`
    : `plate '${frame.name}' (${size}, dim ${frame.dim})`;
}

export interface Complaint {
  /** Name of the site at fault. */
  readonly site?: string | undefined;
  readonly problem: string;
  /** Enclosing plates, outermost first. */
  readonly plates?: readonly PlateFrame[] | undefined;
  readonly fix: string;
}

function compose({ problem, plates, fix }: Complaint): string {
  const inside = plates?.length ? `\n  inside ${plates.map(formatPlate).join(', ')}.` : '';
  return `${problem}${inside}\n  Fix: ${fix}`;
}

abstract class ModelError extends PyroError {
  constructor(kind: string, complaint: Complaint) {
    super(kind, compose(complaint), complaint.site);
  }
}

/** Two sites of one run have the same name. */
export class DuplicateSiteError extends ModelError {
  constructor(complaint: Complaint) {
    super('DuplicateSiteError', complaint);
  }
}

/** A value, an observation or a distribution does not have the shape that its plates or its distribution ask for. */
export class ShapeError extends ModelError {
  constructor(complaint: Complaint) {
    super('ShapeError', complaint);
  }
}

/** A plate's size, dim or subsample makes no sense, or two plates collide. */
export class PlateError extends ModelError {
  constructor(complaint: Complaint) {
    super('PlateError', complaint);
  }
}

/** A handler was given options that make no sense, or met a site it cannot handle. */
export class HandlerError extends ModelError {
  constructor(complaint: Complaint) {
    super('HandlerError', complaint);
  }
}

/** A name that no site of the model has. */
export class UnknownSiteError extends ModelError {
  constructor(complaint: Complaint) {
    super('UnknownSiteError', complaint);
  }
}

/** A parameter without an initial value, or one outside its constraint. */
export class ParamError extends ModelError {
  constructor(complaint: Complaint) {
    super('ParamError', complaint);
  }
}

/** A model that returns a Promise. */
export class AsyncModelError extends ModelError {
  constructor(complaint: Complaint) {
    super('AsyncModelError', complaint);
  }
}

/** A tensor used where JavaScript wants a number or a string. */
export class TensorCoercionError extends ModelError {
  constructor(complaint: Complaint) {
    super('TensorCoercionError', complaint);
  }
}

/** A latent site or plate that a log density on unconstrained space cannot have. */
export class LatentSiteError extends ModelError {
  constructor(complaint: Complaint) {
    super('LatentSiteError', complaint);
  }
}
