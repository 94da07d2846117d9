/** One recorded site: the message as it was at the end of its way, with its value. */
import type { tf } from '@pyro-ts/ops';
import type { Message, MessageKinds } from '../messages/message';

type Recorded<M> = M extends { readonly kind: 'sample' | 'param' } ? M & { readonly value: tf.Tensor } : M;

export type Site = Recorded<Exclude<Message, { readonly kind: 'subsample' | 'inspect' }>>;
export type SampleSite = Recorded<MessageKinds['sample']>;
export type FactorSite = MessageKinds['factor'];
export type ParamSite = Recorded<MessageKinds['param']>;
export type DeterministicSite = MessageKinds['deterministic'];
export type PlateSite = MessageKinds['plate'];

/** A site that contributes to the log density. */
export type DensitySite = SampleSite | FactorSite;

export function isDensitySite(site: Site): site is DensitySite {
  return site.kind === 'sample' || site.kind === 'factor';
}
