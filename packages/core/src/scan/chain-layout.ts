/** Which dims the discrete sites of a scan have within a step: those of this step and those of the one before. */
import { tf, type Shape } from '@pyro-ts/ops';
import type { EnumeratedVariable, Enumeration } from '../messages/enumeration';
import type { SampleMessage } from '../messages/message';
import { broadcastShapes } from '../shapes/batch';
import { cannotHold } from './chain-errors';
import type { FirstLook } from './loop';

export interface ChainLayout {
  readonly firstAvailableDim: number;
  /** Enumerated sites around the scan. */
  readonly outside: ReadonlyMap<number, EnumeratedVariable>;
  /** Site → dim of its values in the current step. */
  readonly current: ReadonlyMap<string, number>;
  /** Site → dim of its values in the step before, for those that the carry holds; left of all others. */
  readonly previous: ReadonlyMap<string, number>;
  readonly carried: ReadonlySet<string>;
  /** Sizes along the dims of the step before, ones elsewhere. */
  readonly alphaShape: Shape;
  /** A site of the current step at all its values. */
  allValues(message: SampleMessage): Partial<SampleMessage>;
  /** All values of a site as the next step finds them in its carry. */
  asPrevious(site: string, shape: Shape): tf.Tensor;
  /** The first carry in the shape that later ones have. */
  firstCarry(carry: readonly tf.Tensor[]): tf.Tensor[];
}

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

export function layOut(
  found: FirstLook,
  summed: readonly SampleMessage[],
  sent: readonly SampleMessage[],
): ChainLayout {
  const { firstAvailableDim, dims: outside } = sent.find((m) => m.enumeration !== undefined)
    ?.enumeration as Enumeration;
  summed.forEach(({ fn }) => void fn.support);
  let next = Math.min(firstAvailableDim, ...[...outside.keys()].map((dim) => dim - 1));
  const held = new Set(found.carried.values());
  const current = new Map(summed.map(({ name }) => [name, next--]));
  const previous = new Map(
    [...current.keys()].filter((name) => held.has(name)).map((name) => [name, next--]),
  );
  const stepSites = new Map(found.messages.map((message) => [message.name, message]));
  const supports = new Map(
    summed.map(({ name }) => {
      const { fn } = stepSites.get(name) as SampleMessage;
      const values = fn.enumerateSupport({ expand: false });
      const size = values.shape[0];
      return [name, { fn, values: tf.reshape(values, [size, ...fn.eventShape]), size }];
    }),
  );
  const at = (site: string, dim: number): tf.Tensor => {
    const { values, fn, size } = supports.get(site) as NonNullable<ReturnType<typeof supports.get>>;
    return tf.reshape(values, [size, ...ones(-dim - 1), ...fn.eventShape]);
  };
  const variables = new Map<string, EnumeratedVariable>(
    summed.map(({ name, condIndepStack }) => [
      name,
      { site: name, size: supports.get(name)?.size ?? 1, condIndepStack, kind: 'support' },
    ]),
  );
  const alphaShape: number[] = previous.size === 0 ? [] : ones(-Math.min(...previous.values()));
  for (const [site, dim] of previous) alphaShape[alphaShape.length + dim] = supports.get(site)?.size ?? 1;
  return {
    firstAvailableDim,
    outside,
    current,
    previous,
    carried: new Set(previous.keys()),
    alphaShape,
    allValues({ name, condIndepStack }) {
      const dim = current.get(name) as number;
      const variable = { ...(variables.get(name) as EnumeratedVariable), condIndepStack };
      const dims = new Map([...outside, [dim, variable]]);
      return { value: at(name, dim), enumeration: { firstAvailableDim, dims, own: { dim, variable } } };
    },
    asPrevious: (site, shape) => tf.broadcastTo(at(site, previous.get(site) as number), [...shape]),
    firstCarry: (carry) =>
      carry.map((leaf, i) => {
        const site = found.carried.get(i);
        const dim = site === undefined ? undefined : previous.get(site);
        if (site === undefined || dim === undefined) return leaf;
        const values = at(site, dim);
        const shape = broadcastShapes(values.shape, leaf.shape);
        if (shape === undefined || leaf.rank >= values.rank) throw cannotHold(site, leaf, found.carry[i]);
        return tf.broadcastTo(tf.cast(leaf, values.dtype), [...shape]);
      }),
  };
}
