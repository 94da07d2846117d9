import { TracedValueError } from '@pyro-ts/compiler';
import { deterministic, factor, plate, sample } from '@pyro-ts/core';
import { constraints, ImproperUniform, Normal } from '@pyro-ts/distributions';
import { setRngSeed, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { correlatedNormal, funnel } from '../../test/targets';
import { initToFeasible, initToValue } from '../initialization';
import { eagerLogDensity, type DensityCompiler } from '../log-density/model-log-density';
import { HMC, MCMC, NUTS, type McmcEvent, type McmcResult } from '.';

/** mu ~ Normal(0, 10), y_i ~ Normal(mu, 1): the posterior is normal. */
function locationModel(y: readonly number[]): tf.Tensor {
  const mu = sample('mu', Normal(0, 10));
  deterministic('twice', tf.mul(mu, 2));
  plate('data', y.length, () => sample('y', Normal(mu, 1), { obs: [...y] }));
  return mu;
}
const y = [1.2, 0.3, 2.5, 1.9];
const precision = y.length + 1 / 100;
const posterior = { mean: y.reduce((a, b) => a + b) / precision, sd: 1 / Math.sqrt(precision) };

const scaleModel = (): void => {
  sample('mu', Normal(1, 2));
  const sigma = sample('sigma', ImproperUniform(constraints.positive, [], []));
  factor('prior', tf.neg(sigma));
};

const short = { numWarmup: 30, numSamples: 20, numChains: 2, seed: 3 };

async function failure(run: Promise<unknown>): Promise<Error> {
  return run.then(
    () => {
      throw new Error('the run did not fail');
    },
    (error: unknown) => error as Error,
  );
}

describe('MCMC', () => {
  it('draws from the posterior of a conjugate model', async () => {
    const mcmc = MCMC(NUTS(locationModel), { numWarmup: 200, numSamples: 400, numChains: 2, seed: 1 });
    await mcmc.run(y);
    const [row, twice] = mcmc.summary().rows;
    expect(row.essBulk).toBeGreaterThan(150);
    expect(row.rhat).toBeLessThan(1.03);
    expect(Math.abs(row.mean - posterior.mean)).toBeLessThan(4 * row.mcseMean);
    expect(Math.abs(row.sd - posterior.sd)).toBeLessThan(4 * row.mcseSd);
    expectClose(twice.mean, 2 * row.mean, { rel: 1e-12 });
  });

  it('gives draws by site, flat or by chain, with deterministic sites', async () => {
    const mcmc = MCMC(NUTS(locationModel), short);
    await mcmc.run(y);
    const flat = mcmc.getSamples();
    const grouped = mcmc.getSamples({ groupByChain: true });
    expect(Object.keys(flat)).toEqual(['mu', 'twice']);
    expect([flat['mu'].shape, grouped['mu'].shape]).toEqual([[40], [2, 20]]);
    expect(flat['mu'].data).toEqual(grouped['mu'].data);
    expectClose(
      flat['twice'].data,
      flat['mu'].data.map((x) => 2 * x),
    );
  });

  it('gives a diagnostic of every draw', async () => {
    const mcmc = MCMC(NUTS(locationModel), { ...short, extraFields: ['unconstrained'] });
    await mcmc.run(y);
    const fields = mcmc.getExtraFields({ groupByChain: true });
    expect(Object.keys(fields).sort()).toEqual(
      ['acceptProb', 'diverging', 'energy', 'numSteps', 'potentialEnergy', 'stepSize', 'treeDepth', 'unconstrained'], // prettier-ignore
    );
    expect(fields.energy.shape).toEqual([2, 20]);
    expect(fields.diverging.dtype).toBe('bool');
    expect(fields.unconstrained?.shape).toEqual([2, 20, 1]);
    expect(mcmc.getExtraFields().energy.shape).toEqual([40]);
    const log2pi = Math.log(2 * Math.PI);
    const potential = (mu: number): number =>
      mu ** 2 / 200 + Math.log(10) + y.reduce((sum, x) => sum + (x - mu) ** 2 / 2, 0) + (5 * log2pi) / 2;
    expectClose(
      fields.potentialEnergy.data,
      mcmc.getSamples()['mu'].data.map((mu) => potential(mu)),
      { rel: 1e-12 },
    );
  });

  it('returns plain data that survives a structured clone, with its seed', async () => {
    const result = await MCMC(NUTS(locationModel), short).run(y);
    expect(structuredClone(result)).toEqual(result);
    expect(result).toMatchObject({
      seed: 3,
      algorithm: 'NUTS',
      numChains: 2,
      numSamples: 20,
      interrupted: false,
    });
    expect(result.chains[0].inverseMassMatrix.shape).toEqual([1]);
  });

  it('same seed, same draws; other seeds and other chains differ', async () => {
    const draws = async (seed: number | string): Promise<McmcResult['samples']> =>
      (await MCMC(NUTS(locationModel), { ...short, seed }).run(y)).samples;
    const [a, b, c, d] = [await draws(3), await draws(3), await draws(4), await draws('3')];
    expect(a).toEqual(b);
    for (const other of [c, d]) expect(other['mu'].data).not.toEqual(a['mu'].data);
    expect(a['mu'].data.slice(0, 20)).not.toEqual(a['mu'].data.slice(20));
  });

  it('a chain does not depend on how many others there are', async () => {
    const draws = async (numChains: number): Promise<ArrayLike<number>> =>
      (await MCMC(NUTS(locationModel), { ...short, numChains }).run(y)).samples['mu'].data;
    const [two, three] = [await draws(2), await draws(3)];
    expect(Array.from(three).slice(0, 40)).toEqual(Array.from(two));
  });

  it('without a seed takes one from the default generator and records it', async () => {
    const unseeded = { numWarmup: 30, numSamples: 20, numChains: 2 };
    setRngSeed(11);
    const first = await MCMC(NUTS(locationModel), unseeded).run(y);
    const second = await MCMC(NUTS(locationModel), unseeded).run(y);
    expect(second.seed).not.toBe(first.seed);
    setRngSeed(11);
    expect((await MCMC(NUTS(locationModel), unseeded).run(y)).samples).toEqual(first.samples);
    expect((await MCMC(NUTS(locationModel), { ...short, seed: first.seed }).run(y)).samples).toEqual(
      first.samples,
    );
  });

  it('thinning keeps every n-th transition', async () => {
    const all = await MCMC(NUTS(locationModel), { ...short, numSamples: 60 }).run(y);
    const thinned = await MCMC(NUTS(locationModel), { ...short, thinning: 3 }).run(y);
    const every = Array.from(all.samples['mu'].data).filter((_, i) => i % 3 === 2);
    expect(Array.from(thinned.samples['mu'].data)).toEqual(every);
  });

  it('runs a log density of one’s own, with blocks of coordinates', async () => {
    const mcmc = MCMC(NUTS(correlatedNormal(), { denseMass: [[0, 1]] }), {
      numWarmup: 300,
      numSamples: 500,
      seed: 5,
    });
    const { samples } = await mcmc.run();
    expect(samples['q'].shape).toEqual([4, 500, 2]);
    for (const row of mcmc.summary().rows) expect(Math.abs(row.mean)).toBeLessThan(4 * row.mcseMean);
  });

  it('HMC and structured metrics run on models; sites are named', async () => {
    const kernel = HMC(scaleModel, { trajectoryLength: 1.5, denseMass: [['mu', 'sigma']] });
    const { chains, samples } = await MCMC(kernel, short).run();
    expect(chains[0].inverseMassMatrix.shape).toEqual([2, 2]);
    expect(Array.from(samples['sigma'].data).every((x) => x > 0)).toBe(true);
  });

  it('starts where it is told', async () => {
    const frozen = { stepSize: 1e-9, adaptStepSize: false, findHeuristicStepSize: false } as const;
    const options = { numWarmup: 0, numSamples: 1, numChains: 1, seed: 0 };
    const at = async (more: Parameters<typeof NUTS>[1]): Promise<number[]> => {
      const kernel = NUTS(scaleModel, { ...frozen, maxTreeDepth: 1, ...more });
      const { samples } = await MCMC(kernel, options).run();
      return [samples['mu'].data[0], samples['sigma'].data[0]];
    };
    expectClose(await at({ initStrategy: initToFeasible() }), [0, 1], { abs: 1e-6 });
    expectClose(await at({ initParams: { mu: 3, sigma: 0.25 } }), [3, 0.25], { rel: 1e-6 });
    const strategy = initToValue({ values: { sigma: 4 }, fallback: initToFeasible() });
    expectClose(await at({ initStrategy: strategy, initParams: { mu: -2 } }), [-2, 4], { rel: 1e-6 });
  });
});

describe('what a run tells', () => {
  it('sends start, progress, the end of each chain, and the end', async () => {
    const events: McmcEvent[] = [];
    await MCMC(NUTS(locationModel), { ...short, onEvent: (event) => events.push(event) }).run(y);
    expect(events[0]).toEqual({ type: 'start', numChains: 2, seed: 3 });
    expect(events.at(-1)).toEqual({ type: 'end', draws: 40 });
    const last = events.filter((e) => e.type === 'progress' && e.done === e.total);
    expect(last.map((e) => e.type === 'progress' && [e.chain, e.phase, e.total])).toEqual([
      [0, 'warmup', 30],
      [0, 'sample', 20],
      [1, 'warmup', 30],
      [1, 'sample', 20],
    ]);
    expect(events.filter((e) => e.type === 'chainEnd')).toHaveLength(2);
  });

  it('lets others run meanwhile', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await MCMC(NUTS(locationModel), { ...short, numSamples: 50_000 }).run(y);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
  });

  it('warns of divergences, low energy exchange and chains that disagree, and prints it', async () => {
    const mcmc = MCMC(NUTS(funnel(3, 5)), { numWarmup: 100, numSamples: 200, numChains: 2, seed: 2 });
    const { warnings, divergences } = await mcmc.run();
    expect(divergences).toBeGreaterThan(0);
    const kinds = warnings.map((w) => w.kind);
    expect(kinds).toContain('divergences');
    expect(kinds).toContain('rhat');
    const lines: string[] = [];
    mcmc.printSummary({ print: (text) => lines.push(text) });
    expect(lines[0]).toMatch(/^ +mean +sd +median +5% +95% +mcse +ess_bulk +ess_tail +r_hat\nq\[0\] /);
    expect(lines[1]).toBe(`Number of divergences: ${divergences}`);
    expect(lines[2]).toMatch(/^Warning: \d+ transitions.*diverged[\s\S]*Fix: raise targetAcceptProb/);
  });

  it('an abort keeps the draws made until then', async () => {
    const controller = new AbortController();
    const onEvent = (event: McmcEvent): void => {
      if (event.type === 'progress' && event.chain === 1 && event.phase === 'sample') controller.abort();
    };
    const options = {
      ...short,
      numSamples: 4000,
      thinning: 1,
      numChains: 3,
      onEvent,
      signal: controller.signal,
    };
    const kernel = NUTS(correlatedNormal());
    const result = await MCMC(kernel, options).run();
    expect(result.interrupted).toBe(true);
    expect(result.numChains * result.numSamples).toBeGreaterThanOrEqual(4000);
    expect(result.numChains).toBeLessThan(3);
    expect(result.warnings[0].kind).toBe('interrupted');
    const whole = await MCMC(kernel, { ...short, numSamples: 4000, numChains: 1 }).run();
    const n = result.numSamples * 2;
    expect(result.samples['q'].data.slice(0, n)).toEqual(whole.samples['q'].data.slice(0, n));
  });

  it('an abort before the first draw is an error', async () => {
    const signal = AbortSignal.abort();
    const error = await failure(MCMC(NUTS(locationModel), { ...short, signal }).run(y));
    expect(error.message).toMatch(/stopped before the first draw/);
  });
});

describe('errors of a run', () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      'a NaN in the data names the site and the value',
      () => MCMC(NUTS(locationModel), short).run([1, NaN]),
      /'y'[\s\S]*NaN at index \[1\][\s\S]*Fix/,
    ],
    [
      'a density that is nowhere finite names the site',
      () =>
        MCMC(
          NUTS(() => void factor('wall', tf.mul(sample('x', Normal(0, 1)), -Infinity))),
          short,
        ).run(),
      /no start found in 100 tries[\s\S]*site 'wall' \(log density -?(Infinity|NaN), value[\s\S]*Fix: give a start/,
    ],
    [
      'an unknown site in initParams lists those there are',
      () => MCMC(NUTS(scaleModel, { initParams: { nu: 1 } }), short).run(),
      /no latent site 'nu'; it has mu, sigma/,
    ],
    [
      'an initial value outside the support names the support',
      () => MCMC(NUTS(scaleModel, { initParams: { sigma: -1 } }), short).run(),
      /at site 'sigma': the value is not inside the support `.*positive/,
    ],
    [
      'an unknown site in denseMass lists those there are',
      () => MCMC(NUTS(scaleModel, { denseMass: [['nu']] }), short).run(),
      /denseMass: the model has no latent site 'nu'/,
    ],
    [
      'an inverse mass matrix of the wrong size',
      () => MCMC(NUTS(scaleModel, { inverseMassMatrix: [1, 2, 3] }), short).run(),
      /expected 2 positive numbers/,
    ],
    [
      'a model returning a Promise',
      () =>
        MCMC(
          NUTS(() => Promise.resolve(sample('x', Normal(0, 1)))),
          short,
        ).run(),
      /returned a Promise/,
    ],
    [
      'an improper posterior, flat in all directions',
      () => MCMC(NUTS({ dim: 1, valueAndGrad: (_, g) => ((g[0] = 0), 0) }), short).run(),
      /flat in all directions[\s\S]*proper priors/,
    ],
  ];

  it.each(cases)('%s', async (_name, run, message) => {
    const before = tf.memory().numTensors;
    expect((await failure(run())).message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ numSamples: 0 }, /numSamples is 0/],
    [{ numChains: 1.5 }, /numChains is 1.5/],
    [{ thinning: -1 }, /thinning is -1/],
    [{ numWarmup: -1 }, /numWarmup is -1/],
  ])('impossible counts are refused at once: %j', (options, message) => {
    expect(() => MCMC(NUTS(scaleModel), options)).toThrow(message);
  });

  it('impossible kernel options are refused at once', () => {
    expect(() => NUTS(scaleModel, { stepSize: 0 })).toThrow(/stepSize is 0/);
    expect(() => NUTS(scaleModel, { targetAcceptProb: 80 })).toThrow(
      /targetAcceptProb is 80[\s\S]*between 0 and 1/,
    );
    expect(() => NUTS(scaleModel, { pathfinder: 4 as unknown as true })).toThrow(
      /pathfinder is 4[\s\S]*true/,
    );
    expect(() => NUTS(scaleModel, { maxTreeDepth: 0 })).toThrow(/maxTreeDepth is 0/);
    expect(() => NUTS(scaleModel, { metric: 'full' as 'dense' })).toThrow(/metric is 'full'[\s\S]*'lowRank'/);
    expect(() => NUTS(scaleModel, { metric: 'dense', denseMass: true })).toThrow(/both metric and denseMass/);
    expect(() => HMC(scaleModel, { metric: 'lowRank', adaptation: 'windowed' })).toThrow(
      /low-rank metric is not adapted/,
    );
    expect(() => NUTS(scaleModel, { denseMass: true, adaptation: 'gradient' })).toThrow(
      /dense metric is not adapted by 'gradient'[\s\S]*'lowRank'/,
    );
    expect(() => HMC(scaleModel, { numSteps: 3, trajectoryLength: 1 })).toThrow(/both/);
  });

  it('asking for draws before the run says to run', () => {
    expect(() => MCMC(NUTS(scaleModel)).getSamples()).toThrow(/await mcmc\.run/);
  });

  it('leaves no tensor behind after a run, whether it ends well or in the middle', async () => {
    const before = tf.memory().numTensors;
    await MCMC(NUTS(locationModel), short).run(y);
    let runs = 0;
    const breaks = (): void => {
      const x = sample('x', Normal(0, 1));
      if (runs++ > 20) throw new Error('broken');
      factor('f', tf.neg(x));
    };
    const eager = NUTS(breaks, { compile: eagerLogDensity });
    expect((await failure(MCMC(eager, short).run())).message).toMatch(/broken/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('compilation', () => {
  const peeking = (): void => {
    const x = sample('x', Normal(0, 1));
    factor('f', x.dataSync()[0] > 100 ? tf.neg(x) : x);
  };

  it('a model that reads a value runs op by op, and says so once, with the reason', async () => {
    const { warnings } = await MCMC(NUTS(peeking), short).run();
    const notes = warnings.filter(({ kind }) => kind === 'notCompiled');
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ type: 'warning' });
    expect(notes[0].message).toMatch(/cannot be compiled: .*'x'/s);
  });

  it.each([NUTS(peeking, { fallback: 'error' }), HMC(peeking, { fallback: 'error' })])(
    "fallback: 'error' ends the run instead, naming the site: $algorithm",
    async (kernel) => {
      const error = await failure(MCMC(kernel, short).run());
      expect(error).toBeInstanceOf(TracedValueError);
      expect(error.message).toMatch(/at site 'x'.*Fix:/s);
    },
  );

  it("fallback: 'error' leaves a model that can be compiled alone: no note", async () => {
    const { warnings } = await MCMC(NUTS(scaleModel, { fallback: 'error' }), short).run();
    expect(warnings.filter(({ kind }) => kind === 'notCompiled')).toEqual([]);
  });

  it('a model that changes from run to run is found out before the first draw', async () => {
    let runs = 0;
    const drifting = (): void => {
      factor('f', tf.mul(sample('x', Normal(0, 1)), ++runs));
    };
    const error = await failure(MCMC(NUTS(drifting), short).run());
    expect(error.message).toMatch(
      /running the model again gives .*x: .*f: .*\n {2}Fix: let the model depend on nothing but/,
    );
  });
});

describe('memory of compiled densities', () => {
  it('is released once, at the end of a run, also of one that fails', async () => {
    const log: string[] = [];
    const compile = (fails: boolean): DensityCompiler => {
      return (f, dim) => {
        const eager = eagerLogDensity(f, dim);
        return {
          dim,
          valueAndGrad: (q, gradient) => {
            if (fails) throw new Error('broken');
            return eager.valueAndGrad(q, gradient);
          },
          dispose: () => log.push('disposed'),
        };
      };
    };
    await MCMC(NUTS(scaleModel, { compile: compile(false) }), short).run();
    expect(log).toEqual(['disposed']);
    expect((await failure(MCMC(NUTS(scaleModel, { compile: compile(true) }), short).run())).message).toBe(
      'broken',
    );
    expect(log).toEqual(['disposed', 'disposed']);
  });
});

describe('types', () => {
  it('run takes the arguments of the model: anything else does not compile', () => {
    const mcmc = MCMC(NUTS(locationModel), short);
    const calls = [
      () => mcmc.run(y),
      // @ts-expect-error -- text is not a list of numbers
      () => mcmc.run('text'),
      // @ts-expect-error -- the data is missing
      () => mcmc.run(),
      // @ts-expect-error -- a log density takes no arguments
      () => MCMC(NUTS(correlatedNormal()), short).run(1),
      // @ts-expect-error -- HMC has no tree
      () => HMC(locationModel, { maxTreeDepth: 3 }),
    ];
    expect(calls).toHaveLength(5);
  });
});
