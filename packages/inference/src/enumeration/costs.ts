/** The terms of an evidence lower bound: log densities of the model, minus those of the guide. */
import {
  isDensitySite,
  siteLogProb,
  type DensitySite,
  type EnumeratedVariable,
  type Trace,
} from '@pyro-ts/core';
import { stopGradient, tf } from '@pyro-ts/ops';
import { isScored } from '../svi/score-function';
import type { Cost } from './expectation';
import { variablesOf } from './factor';
import { commonScale, components } from './joint';
import { pack } from './pack';
import { sumProduct, type PlatedFactor } from './sum-product';

const densitySites = (trace: Trace): DensitySite[] => [...trace.sites.values()].filter(isDensitySite);

const times = <F extends PlatedFactor>(factor: F, scale: DensitySite['scale']): F =>
  scale === 1 ? factor : { ...factor, tensor: tf.mul(factor.tensor, scale) };

/**
 * Terms of the model, its own enumerated sites summed out.
 * @param inGuide variables of the guide, over which the expectation is taken
 */
export function modelCosts(model: Trace, inGuide: ReadonlySet<EnumeratedVariable>, before: number): Cost[] {
  const costs: Cost[] = [];
  const isOwn = (variable: EnumeratedVariable): boolean => !inGuide.has(variable);
  const joint: { readonly site: DensitySite; readonly factor: PlatedFactor }[] = [];
  for (const site of densitySites(model)) {
    const factor = packed({ ...site, scale: 1 });
    if (variablesOf(factor).some(isOwn)) joint.push({ site, factor });
    else costs.push({ factor: times(factor, site.scale), multiplied: new Map(), before });
  }
  for (const component of components(joint, isOwn)) {
    const scale = commonScale(component.map(({ site }) => site));
    const left = sumProduct(
      component.map(({ factor }) => factor),
      inGuide,
    );
    for (const factor of left)
      costs.push({ factor: times(factor, scale), multiplied: factor.multiplied, before });
  }
  return costs;
}

/**
 * Terms of the guide. Choices that are not pathwise enter without the gradient of their log density, whose mean is 0.
 * @param position of a site among the weights
 */
export function guideCosts(guide: Trace, position: (site: string) => number): Cost[] {
  return densitySites(guide).map((site) => {
    const factor = packed(site);
    const isFixed = site.kind === 'sample' && isScored(site);
    const tensor = tf.neg(isFixed ? stopGradient(factor.tensor) : factor.tensor);
    return { factor: { ...factor, tensor }, multiplied: new Map(), before: position(site.name) };
  });
}

const packed = (site: DensitySite): PlatedFactor => pack(site, siteLogProb(site));
