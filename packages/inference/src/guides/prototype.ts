/** What a guide has to know of its model: the latent sites, as plain data. */
import { handlers, type Model, type PlateFrame, type SampleSite } from '@pyro-ts/core';
import { bijectTo, constraints, type Constraint, type Transform } from '@pyro-ts/distributions';
import { foldIn, keyFromSeed, scoped, type Shape } from '@pyro-ts/ops';
import { GuideError } from '../errors';
import { initialized, initToUniform, isolated } from '../initialization';

/** One latent site as the first run of the model had it. */
export interface LatentSite {
  readonly name: string;
  /** Its bounds are numbers, not tensors. */
  readonly support: Constraint;
  /** [...batch, ...event] in constrained space. */
  readonly shape: Shape;
  readonly eventDim: number;
  /** [...batch, ...unconstrained event] */
  readonly unconstrainedShape: Shape;
  readonly unconstrainedEventDim: number;
  /** Vectorised plates around it, outermost first. */
  readonly plates: readonly PlateFrame[];
}

export interface Prototype {
  readonly sites: readonly LatentSite[];
  /** Whether some support depends on other latent sites, so that only a run of the model can tell it. */
  readonly isDynamic: boolean;
}

/** From unconstrained space to a site's support. */
export const transformOf = ({ support }: LatentSite): Transform => bijectTo(support);

function describe({ name, fn, condIndepStack }: SampleSite): LatentSite {
  const support = constraints.detachConstraint(fn.support);
  const transform = bijectTo(support);
  const shape = fn.shape();
  return {
    name,
    support,
    shape,
    eventDim: fn.eventDim,
    unconstrainedShape: transform.inverseShape(shape),
    unconstrainedEventDim: transform.domain.eventDim,
    plates: condIndepStack.filter((frame) => frame.dim !== undefined),
  };
}

/** The objective sums it out (`TraceEnumELBO`). */
const isSummedOut = ({ fn, infer }: SampleSite): boolean => fn.isDiscrete && infer.enumerate === 'parallel';

function refuseDiscrete(guide: string, sites: readonly SampleSite[]): void {
  const discrete = sites.filter(({ fn }) => fn.isDiscrete).map(({ name, fn }) => `'${name}' (${fn.family})`);
  if (discrete.length === 0) return;
  throw new GuideError(
    `${guide} covers continuous sites only; ${discrete.join(', ')} ${discrete.length === 1 ? 'is' : 'are'} discrete`,
    "mark them with infer: { enumerate: 'parallel' }, or the model with configEnumerate(model), and use TraceEnumELBO, which " +
      'sums them out; or write a guide with a discrete distribution for them.',
    sites.find(({ fn }) => fn.isDiscrete)?.name,
  );
}

/**
 * Runs the model twice, at two different points: a support that differs depends on what is around it.
 * @throws {GuideError} on discrete latent sites, or a model without latent sites
 */
export function findPrototype<Args extends unknown[]>(
  guide: string,
  model: Model<Args>,
  args: Args,
): Prototype {
  const runs = ['a', 'b'].map((which) =>
    scoped(() => {
      const run = initialized(model, initToUniform(), foldIn(keyFromSeed('prototype'), which));
      const { latentSites } = isolated(() => handlers.trace(run).getTrace(...args));
      const latent = latentSites.filter((site) => site.infer.isAuxiliary !== true && !isSummedOut(site));
      refuseDiscrete(guide, latent);
      return latent.map(describe);
    }),
  );
  const [sites, again] = runs;
  if (sites.length === 0) {
    throw new GuideError(
      `the model has no latent site for ${guide} to cover`,
      'leave obs out of the sites to be inferred, or use an empty guide: () => {}.',
    );
  }
  const supports = new Map(again.map((site) => [site.name, site.support]));
  const isDynamic = sites.some((site) => supports.get(site.name)?.equals(site.support) !== true);
  return { sites, isDynamic };
}
