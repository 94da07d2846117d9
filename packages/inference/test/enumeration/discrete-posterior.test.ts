import { handlers } from '@pyro-ts/core';
import { scoped, toNdArray, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as fc from 'fast-check';
import { computeMarginals, inferDiscrete } from '../../src/enumeration';
import { assignmentsOf, buildModel, eachAssignment, modelSpec, type ModelSpec } from './random-models';

type Assignment = Readonly<Record<string, NdArray>>;

/** Every assignment of the discrete sites with its log density, continuous sites at fixed values. */
function table(spec: ModelSpec): { model: () => void; all: { values: Assignment; logProb: number }[] } {
  const { model: free, discrete } = buildModel(spec);
  return scoped(() => {
    const found = handlers.trace(handlers.seed(free, { seed: 5 })).getTrace();
    const others = found.latentSites.filter(({ name }) => !discrete.some((site) => site.name === name));
    const data = Object.fromEntries(others.map(({ name, value }) => [name, toNdArray(value)]));
    const model = handlers.substitute(free, { data });
    const all = [...eachAssignment(discrete)].map((choice) => {
      const run = handlers.trace(handlers.substitute(model, { data: choice })).getTrace();
      const values = Object.fromEntries(discrete.map(({ name }) => [name, toNdArray(choice[name])]));
      return { values, logProb: run.logProbSum().dataSync()[0] };
    });
    return { model, all };
  });
}

const chosenBy = (model: () => void, temperature: 0 | 1, seed: number): Assignment => {
  const run = handlers.seed(inferDiscrete(model, { temperature }), { seed });
  const { latentSites } = handlers.trace(run).getTrace();
  return Object.fromEntries(latentSites.map(({ name, value }) => [name, toNdArray(value)]));
};

const isSame = (a: Assignment, b: Assignment): boolean =>
  Object.keys(a).every((name) => a[name].data.every((x, i) => x === b[name].data[i]));

/** Small enough to go through assignment by assignment, with values that are possible. */
const small = modelSpec.filter((spec) => {
  const { discrete } = buildModel(spec);
  return discrete.length > 0 && assignmentsOf(discrete) <= 128;
});

describe('discrete sites given all others, for random models with plates, nested plates and chains', () => {
  it('at temperature 0 have the values of largest joint density, as int32 of their true shapes', () => {
    fc.assert(
      fc.property(small, (spec) => {
        const { model, all } = table(spec);
        const best = all.reduce((a, b) => (b.logProb > a.logProb ? b : a));
        const chosen = chosenBy(model, 0, 0);
        for (const [name, { shape }] of Object.entries(best.values))
          expect(chosen[name]).toMatchObject({ shape, dtype: 'int32' });
        const own = all.find(({ values }) => isSame(values, chosen));
        expectClose(own?.logProb ?? NaN, best.logProb, { rel: 1e-12 });
      }),
      { numRuns: 30, seed: 8 },
    );
  });

  it('have marginal probabilities equal to sums over all assignments (1e-10)', () => {
    fc.assert(
      fc.property(small, (spec) => {
        const { model, all } = table(spec);
        const top = Math.max(...all.map(({ logProb }) => logProb));
        const weights = all.map(({ logProb }) => Math.exp(logProb - top));
        const total = weights.reduce((a, b) => a + b, 0);
        for (const [name, { data, shape }] of Object.entries(computeMarginals(model)())) {
          const size = shape[shape.length - 1];
          expect(shape.slice(0, -1)).toEqual(all[0].values[name].shape);
          const expected = Array.from(data, (_, i) =>
            all.reduce((s, { values }, k) => {
              const isHere = values[name].data[Math.floor(i / size)] === i % size;
              return isHere ? s + weights[k] / total : s;
            }, 0),
          );
          expectClose(data, expected, { rel: 1e-10, abs: 1e-10 });
        }
      }),
      { numRuns: 30, seed: 9 },
    );
  });

  it('at temperature 1 are draws of the joint posterior (chi-squared; false alarms: 1e-6 a model, 6 models)', () => {
    const few = small.filter((spec) => assignmentsOf(buildModel(spec).discrete) <= 24);
    fc.assert(
      fc.property(few, (spec) => {
        const { model, all } = table(spec);
        const top = Math.max(...all.map(({ logProb }) => logProb));
        const weights = all.map(({ logProb }) => Math.exp(logProb - top));
        const total = weights.reduce((a, b) => a + b, 0);
        const draws = 300;
        const counts = all.map(() => 0);
        for (let seed = 0; seed < draws; seed++) {
          const chosen = chosenBy(model, 1, seed);
          counts[all.findIndex(({ values }) => isSame(values, chosen))]++;
        }
        // Cells of fewer than 5 expected draws are counted as one; impossible ones must be empty.
        const cells = new Map<string, { expected: number; count: number }>();
        weights.forEach((weight, k) => {
          const expected = (draws * weight) / total;
          if (expected === 0) expect(counts[k]).toBe(0);
          const key = expected < 5 ? 'rare' : String(k);
          const cell = cells.get(key) ?? { expected: 0, count: 0 };
          cells.set(key, { expected: cell.expected + expected, count: cell.count + counts[k] });
        });
        const used = [...cells.values()].filter(({ expected }) => expected >= 5);
        const statistic = used.reduce((s, { expected, count }) => s + (count - expected) ** 2 / expected, 0);
        expect(statistic).toBeLessThan(chiSquaredQuantile(used.length));
      }),
      { numRuns: 6, seed: 10 },
    );
  });
});

/** Bound that chi-squared with k degrees of freedom exceeds with probability below 1e-6: Laurent & Massart (2000), lemma 1. */
function chiSquaredQuantile(k: number): number {
  const x = Math.log(1e6);
  return k + 2 * Math.sqrt(k * x) + 2 * x;
}
