/** The log joint density of a run with its enumerated sites summed out. */
import type { DensitySite, EnumeratedVariable, JointDensity, JointTerm } from '@pyro-ts/core';
import { lift, tf } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import { productOver, variablesOf } from './factor';
import { isEnumerated, pack } from './pack';
import { sumProduct, type PlatedFactor } from './sum-product';

export interface SiteFactor {
  readonly site: DensitySite;
  readonly factor: PlatedFactor;
}

/**
 * Sites that depend on enumerated ones form one term with them, and with all they are connected to; each other site is a
 * term of its own, as without enumeration.
 * @throws {EnumerationError} on dims outside plates, plates not nested as a tree, scales that differ
 */
export const summedOut: JointDensity = (sites, logProb) => {
  const separate: JointTerm[] = [];
  const enumerated: SiteFactor[] = [];
  for (const site of sites) {
    const unscaled = logProb({ ...site, scale: 1 });
    if (isEnumerated(site, unscaled)) enumerated.push({ site, factor: pack(site, unscaled) });
    else separate.push({ sites: [site], logProb: scaled(unscaled, site.scale) });
  }
  return [...separate, ...components(enumerated).map(sumOut)];
};

const scaled = (x: tf.Tensor, scale: DensitySite['scale']): tf.Tensor => (scale === 1 ? x : tf.mul(x, scale));

function sumOut(component: readonly SiteFactor[]): JointTerm {
  const left = sumProduct(component.map(({ factor }) => factor));
  const terms = left.map((factor) => productOver(factor, factor.ordinal).tensor);
  const sum = terms.reduce((a, b) => tf.add(a, b), lift(0));
  const sites = component.map(({ site }) => site);
  return { sites, logProb: scaled(sum, commonScale(sites)) };
}

/**
 * Factors that share variables, directly or through others.
 * @param counts which variables count; each factor has one of them
 */
export function components(
  factors: readonly SiteFactor[],
  counts: (variable: EnumeratedVariable) => boolean = () => true,
): SiteFactor[][] {
  const parents = new Map<EnumeratedVariable, EnumeratedVariable>();
  const find = (v: EnumeratedVariable): EnumeratedVariable => {
    let root = v;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    for (let at = v, up = parents.get(at); up !== undefined; at = up, up = parents.get(at))
      parents.set(at, root);
    return root;
  };
  for (const { factor } of factors) {
    const [first, ...others] = variablesOf(factor).filter(counts);
    for (const other of others) {
      const [a, b] = [find(first), find(other)];
      if (a !== b) parents.set(b, a);
    }
  }
  const groups = new Map<EnumeratedVariable, SiteFactor[]>();
  for (const item of factors) {
    const root = find(variablesOf(item.factor).find(counts) as EnumeratedVariable);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/**
 * A scale (of a minibatch, of `handlers.scale`) multiplies the logarithm of a sum as a whole.
 * @throws {EnumerationError} unless all sites of the sum have the same one, a number
 */
export function commonScale(sites: readonly DensitySite[]): DensitySite['scale'] {
  const [first] = sites;
  for (const site of sites) {
    if (typeof site.scale !== 'number' && site.scale.rank > 0) {
      throw new EnumerationError(
        'the scale of an enumerated site, or of one that depends on it, must be one number for all elements',
        'scale by a number, or leave these sites out of handlers.scale.',
        site.name,
      );
    }
    if (site.scale !== first.scale) throw differentScales(first, site);
  }
  return first.scale;
}

function differentScales(a: DensitySite, b: DensitySite): EnumerationError {
  const show = ({ name, scale }: DensitySite): string =>
    `'${name}' has ${typeof scale === 'number' ? scale : 'a tensor'}`;
  return new EnumerationError(
    `enumerated sites and those that depend on them must share one scale; ${show(a)}, ${show(b)}`,
    'enumerate inside of the subsampled plate only, or take the whole plate; put handlers.scale around all of them.',
    b.name,
  );
}
