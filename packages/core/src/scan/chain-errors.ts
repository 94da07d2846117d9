/** What a scan with summed-out sites cannot do, and what to write instead. */
import { formatShape, type Shape, type tf } from '@pyro-ts/ops';
import { formatPlate, HandlerError } from '../errors';
import type { PlateFrame } from '../messages/frame';
import type { FactorMessage, SampleMessage } from '../messages/message';
import type { ChainLayout } from './chain-layout';
import type { StepMessage } from './step';

/** The summed-out sites that a tensor depends on, as its shape tells. */
function sitesIn({ shape }: tf.Tensor, { current, previous }: ChainLayout): string[] {
  const has = (dim: number): boolean => (shape.at(dim) ?? 1) > 1 && -dim <= shape.length;
  const names = [...current.keys()].filter(
    (name) => has(current.get(name) as number) || has(previous.get(name) ?? -Infinity),
  );
  return names.length > 0 ? names : [...current.keys()];
}

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

export function carryDepends(i: number, leaf: tf.Tensor, init: tf.Tensor, layout: ChainLayout): HandlerError {
  const names = sitesIn(leaf, layout);
  return new HandlerError({
    site: names[0],
    problem:
      `the carry of the scan (tensor ${i}) depends on ${list(names)}, which is summed out, but is not its value: it has shape ` +
      `${formatShape(leaf.shape)} where the first one has ${formatShape(init.shape)}`,
    fix: `carry the value of ${list(names)} itself and compute from it in the next step; for a dependence two steps back make pairs of states the values of one site.`,
  });
}

export function outputDepends(i: number, leaf: tf.Tensor, one: tf.Tensor, layout: ChainLayout): HandlerError {
  const names = sitesIn(leaf, layout);
  return new HandlerError({
    site: names[0],
    problem:
      `an output of the scan (tensor ${i}) depends on ${list(names)}, which is summed out: it has shape ` +
      `${formatShape(leaf.shape)} instead of ${formatShape(one.shape)}`,
    fix: `leave it out of what the body returns, and use ${list(names)} in the body only.`,
  });
}

export function drawDepends({ name, value, fn }: SampleMessage, shape: Shape): HandlerError {
  return new HandlerError({
    site: name,
    problem: `${fn.toString()} in the body of a scan depends on summed-out sites, and nobody gives it a value: it was drawn for each of theirs, with shape ${formatShape(value?.shape ?? [])} instead of ${formatShape(shape)}`,
    fix: 'give it one: sample it in the guide, or substitute it.',
  });
}

export function cannotHold(site: string, init: tf.Tensor, value: tf.Tensor): HandlerError {
  return new HandlerError({
    site,
    problem: `the carry of the scan holds the values of the site, of shape ${formatShape(value.shape)}, but begins with shape ${formatShape(init.shape)}`,
    fix: 'begin with a value of the shape that the site has in a step.',
  });
}

export function refuseDraws({ name, infer }: SampleMessage): void {
  if (infer.numSamples === undefined) return;
  throw new HandlerError({
    site: name,
    problem: `the site is in a scan and marked with numSamples: ${infer.numSamples}, but scans sum over all values`,
    fix: 'leave numSamples out.',
  });
}

export function differentPlates(
  { name, condIndepStack }: StepMessage,
  plates: readonly PlateFrame[],
  { current }: ChainLayout,
): HandlerError {
  return new HandlerError({
    site: name,
    problem: `the site and the summed-out sites ${list([...current.keys()])} of one scan are in different plates; these are in ${plates.map(formatPlate).join(', ') || 'none'}`,
    plates: condIndepStack,
    fix: 'open the plates around all of them: around the scan, or around all sites of its body.',
  });
}

export function differentScales(
  a: SampleMessage | FactorMessage,
  b: SampleMessage | FactorMessage,
): HandlerError {
  const show = ({ name, scale }: SampleMessage | FactorMessage): string =>
    `'${name}' has ${typeof scale === 'number' ? scale : 'a tensor'}`;
  return new HandlerError({
    site: b.name,
    problem: `summed-out sites of a scan and those that depend on them must share one scale; ${show(a)}, ${show(b)}`,
    fix: 'put handlers.scale, or the subsampled plate, around the whole scan.',
  });
}

export function undeclaredDim(
  { name, condIndepStack }: StepMessage,
  { shape }: tf.Tensor,
  dim: number,
): HandlerError {
  return new HandlerError({
    site: name,
    problem: `the log density of a step has shape ${formatShape(shape)}, with size ${shape.at(dim)} at dim ${dim}, which belongs to no plate, and depends on summed-out sites`,
    plates: condIndepStack,
    fix: `declare it: plate('…', {size: ${shape.at(dim)}, dim: ${dim}}, () => …) around the site, or make it part of the event: .toEvent(${-dim}).`,
  });
}
