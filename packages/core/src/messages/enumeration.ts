/** What a site knows of the enumerated sites it may depend on. */
import type { PlateFrame } from './frame';

/** One enumerated site: a discrete variable whose values lie along a dim of their own. Told apart by identity. */
export interface EnumeratedVariable {
  readonly site: string;
  /** How many values lie along its dim. */
  readonly size: number;
  /** Plates around the site, outermost first. */
  readonly condIndepStack: readonly PlateFrame[];
  /** `support`: all its values. `samples`: draws (`infer.numSamples`). */
  readonly kind: 'support' | 'samples';
}

export interface Enumeration {
  /** Dims left of this one (it included) are enumeration dims. */
  readonly firstAvailableDim: number;
  /** Dim of the batch shape → the variable along it, for the enumerated sites in scope, this one included. */
  readonly dims: ReadonlyMap<number, EnumeratedVariable>;
  /** Where the site's own values lie, if it is enumerated. */
  readonly own?: { readonly dim: number; readonly variable: EnumeratedVariable } | undefined;
}
