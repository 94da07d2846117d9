/**
 * The forward algorithm over the steps of a scan: its discrete sites are summed out on the way.
 * Source: Rabiner (1989), "A tutorial on hidden Markov models", section III.A, in log space.
 */
import { logsumexp, tf, treeLeaves, type Shape, type Tree } from '@pyro-ts/ops';
import { blank } from '../messages/blank';
import type { FactorMessage, SampleMessage } from '../messages/message';
import { broadcastShapes, sameShape } from '../shapes/batch';
import { runAssigned, type Assign, type Assignments } from './assignment';
import { carryDepends, drawDepends, outputDepends, refuseDraws } from './chain-errors';
import { layOut, type ChainLayout } from './chain-layout';
import { foldedTerms, type Folded } from './folded';
import { step, stepShape, type FirstLook, type Loop } from './loop';
import { checkNames, isToBeSummed, outputsOf, type Outcome, type Stacked } from './run';

export interface ChainOutcome extends Outcome {
  /** log Σ over the discrete sites, shape [...batch], instead of the sites that were summed. */
  readonly term: FactorMessage | undefined;
}

/** Whether a site of the scan, or one around it that the scan depends on, is summed out. */
export function isSummed(sent: readonly SampleMessage[]): boolean {
  return sent.some(
    (message) =>
      isToBeSummed(message) || (message.enumeration !== undefined && message.enumeration.dims.size > 0),
  );
}

export function runChain(
  loop: Loop,
  found: FirstLook,
  assignments: Assignments,
  sent: readonly SampleMessage[],
): ChainOutcome {
  const summed = sent.filter(isToBeSummed);
  summed.forEach(refuseDraws);
  const layout = layOut(found, summed, sent);
  const names = new Set(summed.map(({ name }) => name));
  const others = new Map([...assignments].filter(([name]) => !names.has(name)));
  const shapes = found.messages.map((message) => stepShape(message, loop));
  let folded: Folded | undefined;

  const run = (carry: readonly tf.Tensor[], alpha: tf.Tensor, xs: readonly tf.Tensor[], assign: Assign) => {
    const now = step(loop, carry, xs, (message) =>
      names.has(message.name) ? layout.allValues(message) : assign(message),
    );
    checkNames(found.messages, now.messages);
    checkOutputs(found, now.y, layout);
    folded = foldedTerms(now.messages, layout);
    const joint = folded.terms.reduce((a, b) => tf.add(a, b), alpha);
    const apart = folded;
    const sites = now.messages.map((message, i): Record<string, tf.Tensor> => {
      if (names.has(message.name)) return {};
      if (message.kind === 'deterministic')
        return sameShape(message.value.shape, (found.messages[i].value as tf.Tensor).shape)
          ? { value: message.value }
          : {};
      if (!apart.names.has(message.name)) return { ...outputsOf(message, shapes[i]) };
      if (message.kind === 'factor') return {};
      const value = message.value as tf.Tensor;
      if (value.rank > shapes[i].length) throw drawDepends(message, shapes[i]);
      return { value: tf.broadcastTo(value, [...shapes[i]]) };
    });
    return {
      carry: nextCarry(loop, now.carry, carry, found, layout),
      alpha: advance(joint, layout),
      y: now.y,
      sites,
    };
  };

  const start = layout.firstCarry(loop.carry);
  const first = loop.xs.map((x) => tf.reshape(tf.slice(x, [0], [1]), x.shape.slice(1)));
  const look = run(start, tf.zeros([]), first, ({ name, value }) =>
    value === undefined ? { value: found.messages.find((m) => m.name === name)?.value } : {},
  );
  // Values before the first step are all the same: whatever weights they get, as long as these sum to 1.
  const shape = broadcastShapes(look.alpha.shape, layout.alphaShape) as Shape;
  const alpha = tf.fill([...shape], -Math.log(layout.alphaShape.reduce((a, b) => a * b, 1)));
  const { carry: last, ys } = runAssigned(loop, others, [...start, alpha], (carry, xs, assign) => {
    const now = run(carry.slice(0, -1), carry[carry.length - 1], xs, assign);
    return [[...now.carry, now.alpha], { y: now.y, sites: now.sites as unknown as Tree }];
  });
  const { y, sites } = ys as { readonly y: unknown; readonly sites: readonly Partial<Stacked>[] };
  const stacked = found.messages.flatMap(({ name }, i): [string, Stacked][] => {
    const { value, logProb } = sites[i];
    return value === undefined ? [] : [[name, { value, logProb }]];
  });
  return {
    carry: last.slice(0, -1),
    ys: y,
    sites: new Map(stacked),
    term: termOf(folded, layout, last[last.length - 1], summed),
  };
}

/** Sums over the values before and over those that the carry does not hold; the others become the values before. */
function advance(joint: tf.Tensor, { previous, current, carried }: ChainLayout): tf.Tensor {
  const gone = [
    ...previous.values(),
    ...[...current].flatMap(([name, dim]) => (carried.has(name) ? [] : [dim])),
  ];
  const axes = gone.map((dim) => joint.rank + dim).filter((axis) => axis >= 0);
  const rest = axes.length === 0 ? joint : logsumexp(joint, axes, true);
  const rank = Math.max(0, ...[...previous.values(), ...current.values()].map((dim) => -dim), rest.rank);
  const shape = [...Array.from({ length: rank - rest.rank }, () => 1), ...rest.shape];
  // Both lie in the same order, with nothing larger than 1 in between.
  for (const [name, to] of previous) {
    const from = current.get(name) as number;
    shape[rank + to] = shape[rank + from];
    shape[rank + from] = 1;
  }
  return tf.reshape(rest, shape);
}

function nextCarry(
  loop: Loop,
  next: readonly tf.Tensor[],
  before: readonly tf.Tensor[],
  { carried }: FirstLook,
  layout: ChainLayout,
): tf.Tensor[] {
  return next.map((leaf, i) => {
    const site = carried.get(i);
    if (site !== undefined && layout.previous.has(site)) return layout.asPrevious(site, before[i].shape);
    if (sameShape(leaf.shape, loop.carry[i].shape)) return leaf;
    throw carryDepends(i, leaf, loop.carry[i], layout);
  });
}

function checkOutputs(found: FirstLook, y: Tree, layout: ChainLayout): void {
  const expected = treeLeaves(found.y);
  treeLeaves(y).forEach((leaf, i) => {
    if (!sameShape(leaf.shape, expected[i].shape)) throw outputDepends(i, leaf, expected[i], layout);
  });
}

function termOf(
  folded: Folded | undefined,
  { previous, current }: ChainLayout,
  alpha: tf.Tensor,
  summed: readonly SampleMessage[],
): FactorMessage | undefined {
  if (folded === undefined || folded.names.size === 0) return undefined;
  const axes = [...previous.values()].map((dim) => alpha.rank + dim);
  const total = axes.length === 0 ? alpha : logsumexp(alpha, axes, true);
  const leading = total.shape.findIndex((size) => size > 1);
  const value = tf.reshape(total, leading < 0 ? [] : total.shape.slice(leading));
  const [first] = folded.names;
  const name = current.size > 0 ? summed[0].name : `${first}_enumerated`;
  return {
    ...blank,
    kind: 'factor',
    name,
    value,
    scale: folded.scale,
    mask: true,
    condIndepStack: folded.plates,
  };
}
