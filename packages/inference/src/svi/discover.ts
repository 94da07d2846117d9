/** Finds the parameters of model and guide, and their initial values. */
import type { Model, ParamSite } from '@pyro-ts/core';
import { constraints, transformTo, type Constraint } from '@pyro-ts/distributions';
import { scoped, toNdArray, withLabel, type NdArray, type RandomKey } from '@pyro-ts/ops';
import { forEachChoice } from '../enumeration/sequential';
import { SviError } from '../errors';
import { isFiniteData } from '../initialization';
import type { ParamValues } from './params';
import { tracePair } from './trace-pair';

export interface Discovery {
  /** Unconstrained initial values. */
  readonly params: ParamValues;
  readonly constraints: Readonly<Record<string, Constraint>>;
}

/**
 * One run of guide and model, as at any step but with initial parameters; so every mistake in them surfaces here.
 * @throws {SviError} if there is no parameter, or one starts on the boundary of its constraint
 */
export function discoverParams<Args extends unknown[]>(
  model: Model<Args>,
  guide: Model<Args>,
  key: RandomKey,
  args: Args,
): Discovery {
  return scoped(() => {
    // A site that is enumerated sequentially may lead to parameters of its own for each of its values.
    const pairs = forEachChoice(guide, (chosen) => tracePair(key, model, chosen, args));
    const found = pairs.flatMap((pair) => [...pair.guide.paramSites, ...pair.model.paramSites]);
    const sites = new Map(found.map((site) => [site.name, site]));
    if (sites.size === 0) {
      throw new SviError(
        'neither the model nor the guide has a parameter, so there is nothing to learn',
        "declare parameters with param('name', initialValue), or use a guide such as AutoNormal(model).",
      );
    }
    const entries = [...sites.values()];
    return {
      params: Object.fromEntries(entries.map((site) => [site.name, unconstrain(site)])),
      constraints: Object.fromEntries(
        entries.map((site) => [site.name, constraints.detachConstraint(site.constraint)]),
      ),
    };
  });
}

function unconstrain({ name, value, constraint }: ParamSite): NdArray {
  const data = withLabel(name, () => toNdArray(transformTo(constraint).inverse(value)));
  if (isFiniteData(data)) return data;
  throw new SviError(
    `the parameter '${name}' starts on the boundary of its constraint ${String(constraint)} (or at NaN): it has no finite ` +
      'unconstrained value',
    'start inside, for instance at 1e-3 instead of 0.',
  );
}

/** Parameters as the model sees them. */
export function constrain(params: ParamValues, known: Discovery['constraints']): ParamValues {
  return scoped(() =>
    Object.fromEntries(
      Object.entries(params).map(([name, value]) => [name, toNdArray(transformTo(known[name]).call(value))]),
    ),
  );
}
