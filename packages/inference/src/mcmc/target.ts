/** What the driver knows of a target: a model with its arguments, or a user's log density. */
import {
  handlers,
  withoutValidation,
  type DensityTerm,
  type Model,
  type UnconstrainedModel,
} from '@pyro-ts/core';
import { scoped, type NdArray, type RandomKey, type TensorLike } from '@pyro-ts/ops';
import { unconstrainEnumerated, type DiscreteSite } from '../enumeration';
import { McmcError } from '../errors';
import { initialized, type InitStrategy } from '../initialization';
import { makeLogDensity, type DensityCompiler, type HeldLogDensity } from '../log-density/model-log-density';
import type { LogDensity } from '../log-density/log-density';
import { sitesOfDraws } from './sites-of-draws';

export interface Target {
  /** Disposed of by `MCMC` at the end of a run, where it is one that `MCMC` made. */
  readonly density: HeldLogDensity;
  /** Undefined for a user's log density. */
  readonly model: UnconstrainedModel | undefined;
  /** Discrete sites of the model that are summed out. */
  readonly discrete: readonly DiscreteSite[];
  /** Coordinates of a site by name. */
  coordinates(site: string): number[];
  /** A point proposed by a strategy. */
  propose(strategy: InitStrategy, key: RandomKey): Float64Array;
  /** Values (constrained) put over a point. */
  override(q: Float64Array, values: Readonly<Record<string, TensorLike>>): Float64Array;
  /** Terms of the density at a point; checks arguments if asked. */
  terms(q: Float64Array, validate: boolean): readonly DensityTerm[];
  /** Sites by name, [count, ...shape], from points [count, dim]. */
  postprocess(points: Float64Array, count: number): Readonly<Record<string, NdArray>>;
}

/** The site under which draws from a user's log density are kept. */
export const flatSite = 'q';

export function isLogDensity(target: unknown): target is LogDensity {
  return typeof target === 'object' && target !== null && 'valueAndGrad' in target && 'dim' in target;
}

export function makeTarget<Args extends unknown[]>(
  target: Model<Args> | LogDensity,
  args: Args,
  compile?: DensityCompiler,
): Target {
  return isLogDensity(target) ? densityTarget(target) : modelTarget(target, args, compile);
}

function modelTarget<Args extends unknown[]>(
  target: Model<Args>,
  args: Args,
  compile: DensityCompiler | undefined,
): Target {
  const { model, discrete } = unconstrainEnumerated(target, args);
  return {
    density: makeLogDensity(model, { compile }),
    model,
    discrete,
    coordinates(name) {
      const site = model.sites.find((s) => s.name === name);
      if (site === undefined) {
        throw new McmcError(
          `denseMass: the model has no latent site '${name}'; it has ${model.sites.map((s) => s.name).join(', ')}.\n` +
            '  Fix: use one of those names.',
        );
      }
      return Array.from({ length: site.size }, (_, i) => site.offset + i);
    },
    propose: (strategy, key) =>
      scoped(() => {
        const run = handlers.trace(initialized(target, strategy, key));
        const sites = withoutValidation(() => run.getTrace(...args)).latentSites;
        return model.unconstrain(Object.fromEntries(sites.map((site) => [site.name, site.value])));
      }),
    override(q, values) {
      const unknown = Object.keys(values).find((name) => !model.sites.some((site) => site.name === name));
      if (unknown !== undefined) {
        throw new McmcError(
          `initParams: the model has no latent site '${unknown}'; it has ${model.sites.map((s) => s.name).join(', ')}.\n` +
            '  Fix: use one of those names.',
        );
      }
      const point = model.unconstrain({ ...model.constrain(q), ...values });
      checkFinite(point, model);
      return point;
    },
    terms: (q, validate) => model.terms(q, { validate }),
    postprocess: (points) => sitesOfDraws(model, points),
  };
}

function checkFinite(q: Float64Array, model: UnconstrainedModel): void {
  const bad = model.sites.find(({ offset, size }) =>
    q.subarray(offset, offset + size).some((x) => !Number.isFinite(x)),
  );
  if (bad === undefined) return;
  throw new McmcError(
    `initParams at site '${bad.name}': the value is not inside the support \`${bad.support}\`, or on its edge.\n` +
      '  Fix: start strictly inside.',
  );
}

function densityTarget(density: LogDensity): Target {
  return {
    density,
    model: undefined,
    discrete: [],
    coordinates(name) {
      throw new McmcError(
        `denseMass: a log density has no site '${name}'.\n  Fix: give groups of coordinates (numbers), or true.`,
      );
    },
    propose() {
      throw new McmcError(
        `initStrategy: a log density has no sites.\n  Fix: give a start: initParams: { ${flatSite}: [...] }.`,
      );
    },
    override(_q, values) {
      const given = values[flatSite] as ArrayLike<number> | undefined;
      if (given?.length !== density.dim) {
        throw new McmcError(
          `initParams: a log density starts at one vector.\n  Fix: pass { ${flatSite}: [${density.dim} numbers] }.`,
        );
      }
      return Float64Array.from(given);
    },
    terms: (q) => [
      { site: flatSite, logProb: density.valueAndGrad(q, new Float64Array(density.dim)), logJacobian: 0 },
    ],
    postprocess: (points, count) => ({
      [flatSite]: { data: points.slice(), shape: [count, density.dim], dtype: 'float32' },
    }),
  };
}
