/** A strategy: reparameterises every latent site for which it knows how. */
import { families, type Distribution } from '@pyro-ts/distributions';
import type { SampleMessage } from '../messages/message';
import { LocScaleReparam, type LocScaleOptions } from './loc-scale';
import { reparamOf, type Reparam } from './reparam';
import { TransformReparam } from './transform';
import { unfold } from './unfold';
import { unwrap } from './unwrap';

/**
 * `handlers.reparam(model, {config: AutoReparam()})`: transformed distributions are drawn as their bases, location-scale
 * families on the real line are non-centred (by a learnt weight, unless `centered` is given).
 */
export function AutoReparam(options: LocScaleOptions = {}): (message: SampleMessage) => Reparam | undefined {
  const transform = TransformReparam();
  const locScale = LocScaleReparam(options);
  return (message) => {
    if (reparamOf(message) === 'decentered') return undefined;
    const fn = unwrap(message.fn);
    if (unfold(fn) !== undefined) return transform;
    return isLocScale(fn) ? locScale : undefined;
  };
}

/** A family in which loc and scale move and stretch, and nothing else does. */
function isLocScale(fn: Distribution): boolean {
  const names = families.get(fn.family)?.parameters.flatMap((p) => ('name' in p ? [p.name] : [])) ?? [];
  return fn.support.name === 'real' && fn.hasRsample && names.includes('loc') && names.includes('scale');
}
