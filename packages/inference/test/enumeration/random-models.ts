/** Random small models with discrete sites, for tests: plates, nested plates, chains, several parents. */
import { deterministic, indexing, markov, plate, range, sample } from '@pyro-ts/core';
import { Bernoulli, Categorical, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import * as fc from 'fast-check';

/** Where sites can be: plates by name and size, from the outermost. `a ⊃ b`, and `c` beside them. */
export const contexts = [
  [],
  [['a', 2]],
  [
    ['a', 2],
    ['b', 2],
  ],
  [['c', 2]],
] as const satisfies readonly (readonly (readonly [string, number])[])[];

export interface SiteSpec {
  readonly kind: 'discrete' | 'observed' | 'latent';
  readonly context: number;
  readonly choices: 2 | 3;
  readonly isBernoulli: boolean;
  readonly expand: boolean;
  /** Picks among the sites it can depend on. */
  readonly parents: readonly number[];
  /** Stream of the numbers in its table. */
  readonly seed: number;
  /** Some choices are impossible. */
  readonly hasZeros: boolean;
}

export interface ModelSpec {
  readonly sites: readonly SiteSpec[];
  readonly chain: { readonly length: number; readonly history: number; readonly context: number } | undefined;
}

const site = fc.record<SiteSpec>({
  kind: fc.constantFrom('discrete', 'discrete', 'discrete', 'observed', 'observed', 'latent'),
  context: fc.nat({ max: contexts.length - 1 }),
  choices: fc.constantFrom(2, 3),
  isBernoulli: fc.boolean(),
  expand: fc.boolean(),
  parents: fc.array(fc.nat(), { maxLength: 2 }),
  seed: fc.nat({ max: 1000 }),
  hasZeros: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});

export const modelSpec = fc.record<ModelSpec>({
  sites: fc.array(site, { minLength: 1, maxLength: 6 }),
  chain: fc.option(
    fc.record({
      length: fc.integer({ min: 1, max: 4 }),
      history: fc.constantFrom(1, 2),
      context: fc.constantFrom(0, 1, 3),
    }),
    { nil: undefined },
  ),
});

/** A discrete site as brute force needs it. */
export interface DiscreteSpec {
  readonly name: string;
  readonly choices: number;
  readonly shape: readonly number[];
}

const isWithin = (outer: number, inner: number): boolean =>
  contexts[outer].every(([name], i) => contexts[inner].at(i)?.[0] === name);

const sizes = (context: number): number[] => contexts[context].map(([, size]) => size).reverse();

/** A repeatable table in (−1.5, 1.5). */
function table(seed: number, shape: readonly number[]): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float64Array.from(
    { length: size },
    (_, i) => 1.5 * Math.sin(12.9898 * (seed + 1) + 78.233 * i),
  );
  return lift({ data, shape, dtype: 'float32' });
}

function inPlates<R>(context: number, body: () => R): R {
  const open = (depth: number): R => {
    const frame = contexts[context].at(depth);
    if (frame === undefined) return body();
    return plate(frame[0], { size: frame[1], dim: -1 - depth }, () => open(depth + 1));
  };
  return open(0);
}

interface Known {
  readonly value: tf.Tensor;
  readonly choices: number;
  readonly context: number;
}

/** The model of a specification, and its discrete sites. Its first site is `theta` [3], which all tables depend on. */
export function buildModel({ sites, chain }: ModelSpec): {
  readonly model: () => void;
  readonly discrete: readonly DiscreteSpec[];
} {
  const choicesOf = (spec: SiteSpec): number => (spec.isBernoulli ? 2 : spec.choices);
  const discrete = sites.flatMap((spec, i) =>
    spec.kind === 'discrete' ? [{ name: `s${i}`, choices: choicesOf(spec), shape: sizes(spec.context) }] : [],
  );
  const states = range(chain?.length ?? 0).map((t) => ({
    name: `h${t}`,
    choices: 2,
    shape: sizes(chain?.context ?? 0),
  }));
  const model = (): void => {
    const theta = sample('theta', Normal(0, 1).expand([3]).toEvent(1));
    const weight = (seed: number, shape: readonly number[]): tf.Tensor =>
      tf.add(tf.mul(tf.gather(theta, seed % 3), table(seed, shape)), table(seed + 7, shape));
    const known: Known[] = [];
    const lookUp = (weights: (shape: number[]) => tf.Tensor, parents: readonly Known[], own: number[]) =>
      indexing.vindex(
        weights([...parents.map(({ choices }) => choices), ...own]),
        parents.map(({ value }) => value),
      );
    sites.forEach((spec, i) => {
      const candidates = known.filter(({ context }) => isWithin(context, spec.context));
      const parents =
        candidates.length === 0 ? [] : spec.parents.map((n) => candidates[n % candidates.length]);
      inPlates(spec.context, () => {
        const { seed, expand, hasZeros } = spec;
        if (spec.kind === 'discrete') {
          const choices = choicesOf(spec);
          const infer = { enumerate: 'parallel' as const, expand };
          const logits = lookUp((shape) => weight(seed, shape), parents, spec.isBernoulli ? [] : [choices]);
          const zeros = lift([0, -Infinity, 0].slice(0, choices));
          const masked = hasZeros && !spec.isBernoulli ? tf.add(logits, zeros) : logits;
          const fn = spec.isBernoulli ? Bernoulli({ logits }) : Categorical({ logits: masked });
          known.push({ value: sample(`s${i}`, fn, { infer }), choices, context: spec.context });
          return;
        }
        const loc = lookUp((shape) => weight(seed, shape), parents, []);
        const obs = spec.kind === 'observed' ? table(seed + 3, sizes(spec.context)) : undefined;
        sample(`s${i}`, Normal(loc, 0.8), obs === undefined ? {} : { obs });
      });
    });
    if (chain === undefined) return;
    const globals = known.filter(({ context }) => isWithin(context, chain.context)).slice(0, 1);
    const path: Known[] = [];
    for (const t of markov(range(chain.length), { history: chain.history })) {
      inPlates(chain.context, () => {
        const parents = [...globals, ...path.slice(-chain.history)];
        const logits = lookUp((shape) => weight(t % 2, shape), parents, [2]);
        const value = sample(`h${t}`, Categorical({ logits }), { infer: { enumerate: 'parallel' } });
        path.push({ value, choices: 2, context: chain.context });
        const loc = lookUp((shape) => weight(2, shape), [path[path.length - 1]], []);
        sample(`o${t}`, Normal(loc, 0.7), { obs: table(40 + t, sizes(chain.context)) });
      });
    }
    deterministic('norm', tf.sum(theta));
  };
  return { model, discrete: [...discrete, ...states] };
}

/** How many joint assignments the discrete sites have. */
export const assignmentsOf = (discrete: readonly DiscreteSpec[]): number =>
  discrete.reduce((count, { choices, shape }) => count * choices ** shape.reduce((a, b) => a * b, 1), 1);

/** Every joint assignment, one after the other. */
export function* eachAssignment(
  discrete: readonly DiscreteSpec[],
): Generator<Record<string, tf.Tensor>, void, undefined> {
  const count = assignmentsOf(discrete);
  for (let index = 0; index < count; index++) {
    let rest = index;
    const values = discrete.map(({ name, choices, shape }) => {
      const data = Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
        const digit = rest % choices;
        rest = Math.floor(rest / choices);
        return digit;
      });
      return [name, lift({ data, shape, dtype: 'int32' })] as const;
    });
    yield Object.fromEntries(values);
  }
}
