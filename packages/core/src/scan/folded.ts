/** The log densities of a step that depend on summed-out sites, ready to be added up. */
import { tf, type Shape } from '@pyro-ts/ops';
import type { PlateFrame } from '../messages/frame';
import type { Scale } from '../messages/message';
import { differentPlates, differentScales, undeclaredDim } from './chain-errors';
import type { ChainLayout } from './chain-layout';
import { logProbOfStep } from './run';
import type { StepMessage } from './step';

export interface Folded {
  readonly names: ReadonlySet<string>;
  /** Shape [...enumeration dims, ...batch of the plates of the summed-out sites]. */
  readonly terms: readonly tf.Tensor[];
  readonly scale: Scale;
  /** The plates of the summed-out sites. */
  readonly plates: readonly PlateFrame[];
}

const vectorised = (frames: readonly PlateFrame[]): PlateFrame[] =>
  frames.filter(({ dim }) => dim !== undefined);

export function foldedTerms(messages: readonly StepMessage[], layout: ChainLayout): Folded {
  const { firstAvailableDim, outside, current } = layout;
  const reaches = (shape: Shape): number[] =>
    shape.flatMap((size, i) => (size > 1 && i - shape.length <= firstAvailableDim ? [i - shape.length] : []));
  const found = messages.flatMap((message) => {
    if (message.kind === 'deterministic') return [];
    const logProb = logProbOfStep(message);
    return current.has(message.name) || reaches(logProb.shape).length > 0 ? [{ message, logProb }] : [];
  });
  const summed = found.filter(({ message }) => current.has(message.name));
  const used = new Set(found.flatMap(({ logProb }) => reaches(logProb.shape)));
  const stacks = [
    ...summed.map(({ message }) => message.condIndepStack),
    ...[...outside].flatMap(([dim, { condIndepStack }]) => (used.has(dim) ? [condIndepStack] : [])),
  ].map(vectorised);
  const plates = stacks.reduce((a, b) => (b.length > a.length ? b : a), []);
  const dims = new Set(plates.map(({ dim }) => dim));
  const first = found.at(0);
  const terms = found.map(({ message, logProb }) => {
    const own = new Set(vectorised(message.condIndepStack).map(({ dim }) => dim));
    if (plates.some(({ dim }) => !own.has(dim)) || (current.has(message.name) && own.size > dims.size))
      throw differentPlates(message, plates, layout);
    if (typeof message.scale === 'number' && message.scale !== found[0].message.scale)
      throw differentScales(found[0].message, message);
    const within: number[] = [];
    logProb.shape.forEach((size, i) => {
      const dim = i - logProb.rank;
      if (size === 1 || dim <= firstAvailableDim || dims.has(dim)) return;
      if (!own.has(dim)) throw undeclaredDim(message, logProb, dim);
      within.push(i);
    });
    return within.length === 0 ? logProb : tf.sum(logProb, within, true);
  });
  const scale = typeof first?.message.scale === 'number' ? first.message.scale : 1;
  return { names: new Set(found.map(({ message }) => message.name)), terms, scale, plates };
}
