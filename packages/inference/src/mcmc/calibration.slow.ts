/** Simulation-based calibration (Talts et al. 2018) of NUTS in WebAssembly, with its warm-up. */
import { compile, isWasmProgram } from '@pyro-ts/compiler';
import { unconstrainModel } from '@pyro-ts/core';
import { tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { calibratedModels, type CalibratedModel } from '../../test/calibrated-models';
import { rankStatistics } from '../../test/rank-statistics';
import { makeLogDensity, type HeldLogDensity } from '../log-density/model-log-density';
import { programDensity } from '../log-density/program-density';
import { nutsSampler } from '../nuts/nuts';
import { randomSource } from '../random/random-source';
import { isLinkable } from '../wasm/wasm-sampler';
import { runChain } from './chain';
import { makeFamily } from './sampler-spec';

const [replications, draws, numWarmup] = [4000, 31, 200];
const [metric, adaptation] = ['lowRank', 'gradient'] as const;
const statistics = rankStatistics(draws);

/** A program of position and data: compiled once, the data of a replication are written into it. */
interface Compiled {
  readonly density: HeldLogDensity;
  readonly setData: (y: readonly number[]) => void;
}

/** @param widening draws spread so much too wide: all log densities are divided by its square */
function compiled({ dim, observations, logDensity }: CalibratedModel, widening = 1): Compiled {
  const valueAndGradient = (q: tf.Tensor, y: tf.Tensor): tf.Tensor[] => {
    const density = (at: tf.Tensor): tf.Scalar => tf.div(logDensity(at, y), widening ** 2);
    const { value, grad } = tf.valueAndGrad(density)(q);
    return [value, grad];
  };
  const { program } = compile(valueAndGradient, { inputs: [{ shape: [dim] }, { shape: [observations] }] });
  if (!isWasmProgram(program)) throw new Error('not a WebAssembly program');
  return {
    density: programDensity(program, dim),
    setData: (y) => program.inputView(1).set(y),
  };
}

/** Ranks of the true values among the draws: [coordinate][replication], 0 … draws. */
function simulate(model: CalibratedModel, widening?: number): number[][] {
  const { density, setData } = compiled(model, widening);
  const ranks: number[][] = Array.from({ length: model.dim }, () => []);
  for (let r = 0; r < replications; r++) {
    const random = randomSource([2024, 6], 0, 'start', r);
    const { truth, y } = model.draw(random);
    setData(y);
    const below = truth.map(() => 0);
    const steps = runChain({
      target: density,
      sampler: () => nutsSampler(density),
      family: makeFamily({ metric, adaptation, regularize: true }, model.dim),
      options: { adaptation },
      numWarmup,
      numTransitions: draws * model.thinning,
      key: [2024, 611],
      chain: r,
      start: Float64Array.from(truth, () => 2 * random.uniform() - 1),
    });
    for (const { phase, iteration, state } of steps) {
      if (phase === 'warmup' || (iteration + 1) % model.thinning !== 0) continue;
      for (let i = 0; i < truth.length; i++) below[i] += Number(state.position[i] < truth[i]);
    }
    below.forEach((rank, i) => ranks[i].push(rank));
  }
  density.dispose?.();
  return ranks;
}

jest.setTimeout(900_000);

describe.each(calibratedModels.map((model) => [model.name, model] as const))('%s', (_name, model) => {
  it('is sampled in WebAssembly, from the density of the model that a user writes', () => {
    const { density, setData } = compiled(model);
    expect(isLinkable(density)).toBe(true);
    const { y } = model.draw(randomSource([1, 2], 0, 'start', 0));
    setData(y);
    const written = makeLogDensity(unconstrainModel(model.model, [y]));
    expect(written.dim).toBe(model.dim);
    for (let k = 0; k < 5; k++) {
      const q = Float64Array.from({ length: model.dim }, (_, i) => Math.sin(7 * k + i));
      const gradients = [new Float64Array(model.dim), new Float64Array(model.dim)] as const;
      expectClose(density.valueAndGrad(q, gradients[0]), written.valueAndGrad(q, gradients[1]), {
        rel: 1e-12,
      });
      expectClose(gradients[0], gradients[1], { rel: 1e-10, abs: 1e-12 });
    }
  });

  // All models together: 33 statistics at 4 standard errors and 15 at 5 (χ²), a false alarm in about one seed of 400.
  it('ranks of the true values are uniform: mean and spread within 4 standard errors, bins within 5', () => {
    const ranks = simulate(model);
    for (const column of ranks) {
      expect(Math.abs(statistics.shift(column))).toBeLessThan(4);
      expect(Math.abs(statistics.spread(column))).toBeLessThan(4);
      expect(statistics.bins(column)).toBeLessThan(5);
    }
    expect(Math.abs(statistics.pooledSpread(ranks))).toBeLessThan(4);
  });

  it('the same test rejects draws that spread 5 % too wide', () => {
    expect(statistics.pooledSpread(simulate(model, 1.05))).toBeLessThan(-4);
  });
});
