import { handlers } from '@pyro-ts/core';
import { scoped, toNdArray, type NdArray } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as fc from 'fast-check';
import { computeMarginals, inferDiscrete } from '../../src/enumeration';
import { Predictive } from '../../src/predictive';
import { assignmentsOf, buildModel, eachAssignment, modelSpec, type ModelSpec } from './random-models';

type Assignment = Readonly<Record<string, NdArray>>;

interface Table {
  /** The model, and values of its continuous sites. */
  readonly free: () => void;
  readonly data: Assignment;
  /** The model with those values. */
  readonly model: () => void;
  readonly all: readonly {
    readonly values: Assignment;
    readonly logProb: number;
    /** Given the continuous sites and the observations. */
    readonly probability: number;
  }[];
}

/** Every assignment of the discrete sites, by itself. */
function table(spec: ModelSpec): Table {
  const { model: free, discrete } = buildModel(spec);
  return scoped(() => {
    const found = handlers.trace(handlers.seed(free, { seed: 5 })).getTrace();
    const others = found.latentSites.filter(({ name }) => !discrete.some((site) => site.name === name));
    const data = Object.fromEntries(others.map(({ name, value }) => [name, toNdArray(value)]));
    const model = handlers.substitute(free, { data });
    const rows = [...eachAssignment(discrete)].map((choice) => {
      const run = handlers.trace(handlers.substitute(model, { data: choice })).getTrace();
      const values = Object.fromEntries(discrete.map(({ name }) => [name, toNdArray(choice[name])]));
      return { values, logProb: run.logProbSum().dataSync()[0] };
    });
    const top = Math.max(...rows.map(({ logProb }) => logProb));
    const total = rows.reduce((sum, { logProb }) => sum + Math.exp(logProb - top), 0);
    const all = rows.map((row) => ({ ...row, probability: Math.exp(row.logProb - top) / total }));
    return { free, data, model, all };
  });
}

const modeOf = (model: () => void): Assignment => {
  const found = handlers.trace(inferDiscrete(model, { temperature: 0 })).getTrace();
  return Object.fromEntries(found.latentSites.map(({ name }) => [name, found.data(name)]));
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
        const chosen = modeOf(model);
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
        for (const [name, { data, shape }] of Object.entries(computeMarginals(model)())) {
          const size = shape[shape.length - 1];
          expect(shape.slice(0, -1)).toEqual(all[0].values[name].shape);
          const expected = Array.from(data, (_, i) =>
            all.reduce((sum, { values, probability }) => {
              const isHere = values[name].data[Math.floor(i / size)] === i % size;
              return isHere ? sum + probability : sum;
            }, 0),
          );
          expectClose(data, expected, { rel: 1e-10, abs: 1e-10 });
        }
      }),
      { numRuns: 30, seed: 9 },
    );
  });

  it('at temperature 1 are draws of the joint posterior (chi-squared; false alarms: 1e-6 a model, 8 models)', () => {
    const few = small.filter((spec) => assignmentsOf(buildModel(spec).discrete) <= 64);
    fc.assert(
      fc.property(few, (spec) => {
        const { free, data, all } = table(spec);
        const draws = 2000;
        const posteriorSamples = repeated(data, draws);
        const drawn = Predictive(free, { posteriorSamples, seed: 12, inferDiscrete: true })();
        const keyOf = (values: Assignment, draw: number, of: number): string =>
          Object.keys(all[0].values)
            .map((name) => {
              const size = values[name].data.length / of;
              return values[name].data.slice(draw * size, (draw + 1) * size).join();
            })
            .join(';');
        const counts = new Map<string, number>();
        for (let i = 0; i < draws; i++) {
          const key = keyOf(drawn, i, draws);
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        // Cells of fewer than 5 expected draws are counted as one; impossible ones must be empty.
        const cells = new Map<string, { expected: number; count: number }>();
        for (const { values, probability } of all) {
          const own = keyOf(values, 0, 1);
          const count = counts.get(own) ?? 0;
          const expected = draws * probability;
          if (expected === 0) expect(count).toBe(0);
          const key = expected < 5 ? 'rare' : own;
          const cell = cells.get(key) ?? { expected: 0, count: 0 };
          cells.set(key, { expected: cell.expected + expected, count: cell.count + count });
        }
        const used = [...cells.values()].filter(({ expected }) => expected >= 5);
        const statistic = used.reduce((s, { expected, count }) => s + (count - expected) ** 2 / expected, 0);
        expect(statistic).toBeLessThan(chiSquaredBound(used.length));
      }),
      { numRuns: 8, seed: 10 },
    );
  });
});

/** The same values for each draw. */
const repeated = (data: Assignment, draws: number): Assignment =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => {
      const all = Float64Array.from(
        { length: draws * value.data.length },
        (_, i) => value.data[i % value.data.length],
      );
      return [name, { data: all, shape: [draws, ...value.shape], dtype: 'float32' }];
    }),
  );

/** Bound that chi-squared with k degrees of freedom exceeds with probability below 1e-6: Laurent & Massart (2000), lemma 1. */
function chiSquaredBound(k: number): number {
  const x = Math.log(1e6);
  return k + 2 * Math.sqrt(k * x) + 2 * x;
}
