import { Worker } from 'node:worker_threads';
import { factor, plate, sample } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { correlatedNormal } from '../../../test/targets';
import { HMC, MCMC, NUTS, type McmcEvent, type McmcOptions, type McmcResult } from '..';
import { Crew } from './crew';
import { Pool } from './pool';
import { Queue } from './queue';
import { workerSource } from './source';

const y = [1.2, 0.3, 2.5, 1.9];
const model = (): void => {
  const mu = sample('mu', Normal(0, 10));
  const sigma = sample('sigma', HalfNormal(2));
  plate('data', y.length, () => sample('y', Normal(mu, sigma), { obs: y }));
};
const kernel = NUTS(model);
const short: McmcOptions = { numWarmup: 160, numSamples: 40, numChains: 4, seed: 7 };
const run = (options: McmcOptions): Promise<McmcResult> => MCMC(kernel, { ...short, ...options }).run();

/** Draws, diagnostics, adapted parameters: all but the warnings' text. */
const bits = (result: McmcResult): unknown => ({ ...result, warnings: undefined });

async function startWorkers(): Promise<{ create: () => Worker; started: Worker[] }> {
  const source = await workerSource();
  const started: Worker[] = [];
  const create = (): Worker => {
    const worker = new Worker(source, { eval: true });
    started.push(worker);
    return worker;
  };
  return { create, started };
}

/** Takes minutes in one thread. */
const slow = (): void => {
  const x = sample('x', Normal(0, 1).expand([400]).toEvent(1));
  const a = tf.outerProduct(x as tf.Tensor1D, x as tf.Tensor1D);
  factor('f', tf.matMul(a, a).sum().mul(-1e-9));
};

describe('chains in workers', () => {
  let sequential: McmcResult;
  beforeAll(async () => {
    sequential = await run({ chainMethod: 'sequential' });
  });

  it.each([1, 2, 4])('have the bits of a sequential run: %d workers', async (numWorkers) => {
    const parallel = await run({ chainMethod: 'parallel', numWorkers });
    expect(bits(parallel)).toEqual(bits(sequential));
    expect(parallel.warnings.map(({ kind }) => kind)).not.toContain('notParallel');
  });

  it('have the bits of a sequential run: started by Pathfinder', async () => {
    const started = NUTS(model, { pathfinder: true });
    const [a, b] = [
      await MCMC(started, { ...short, chainMethod: 'sequential' }).run(),
      await MCMC(started, { ...short, chainMethod: 'parallel', numWorkers: 2 }).run(),
    ];
    expect(bits(b)).toEqual(bits(a));
    expect(bits(a)).not.toEqual(bits(sequential));
  });

  it('have the bits of a sequential run: thinned HMC with a dense metric', async () => {
    const hmc = HMC(model, { numSteps: 3, denseMass: [['mu', 'sigma']], inverseMassMatrix: [[1, 0.1], [0.1, 2]] }); // prettier-ignore
    const [a, b] = [
      await MCMC(hmc, { ...short, thinning: 3, chainMethod: 'sequential' }).run(),
      await MCMC(hmc, { ...short, thinning: 3, chainMethod: 'parallel', numWorkers: 2 }).run(),
    ];
    expect(bits(b)).toEqual(bits(a));
  });

  it('send their progress: step size, divergences, time left; every chain, both phases, to the end', async () => {
    const events: McmcEvent[] = [];
    await run({ chainMethod: 'parallel', numWorkers: 2, onEvent: (event) => events.push(event) });
    const ends = events.filter((e) => e.type === 'progress' && e.done === e.total);
    const names = ends.map((e) => e.type === 'progress' && `${e.chain} ${e.phase} ${e.total}`);
    expect([...names].sort()).toEqual(
      [0, 1, 2, 3].flatMap((chain) => [`${chain} sample 40`, `${chain} warmup 160`]),
    );
    for (const event of ends) {
      if (event.type !== 'progress') continue;
      expect(event.stepSize).toBeGreaterThan(0);
      expect(event.divergences).toBeGreaterThanOrEqual(0);
      expect(event.secondsLeft >= 0 && event.secondsLeft < 60).toBe(true);
    }
    expect(events.filter(({ type }) => type === 'chainEnd')).toHaveLength(4);
  });

  it('by default no worker is started for a model that is done in a blink', async () => {
    const createWorker = jest.fn();
    expect(bits(await run({ numSamples: 5, numWarmup: 5, numWorkers: 4, createWorker }))).toBeDefined();
    expect(createWorker).not.toHaveBeenCalled();
  });

  it('by default a worker helps with a model that is not done in a blink: the same bits', async () => {
    const { create, started } = await startWorkers();
    const longer = { numWarmup: 600, numSamples: 400, numWorkers: 2 };
    const helped = await run({ ...longer, createWorker: create });
    expect(started).toHaveLength(1);
    expect(bits(helped)).toEqual(bits(await run({ ...longer, chainMethod: 'sequential' })));
  });

  it('by default a slow model moves to workers, in the middle of its first chain', async () => {
    const { create, started } = await startWorkers();
    const controller = new AbortController();
    const seen = new Set<number>();
    const onEvent = (event: McmcEvent): void => {
      if (event.type === 'progress') seen.add(event.chain);
      if (seen.size === 2) controller.abort();
    };
    const options = { ...short, numWorkers: 2, createWorker: create, onEvent, signal: controller.signal };
    await expect(MCMC(NUTS(slow), options).run()).rejects.toThrow(/stopped before the first draw/);
    expect(started).toHaveLength(2);
  });

  it('an abort keeps the draws made until then, and ends the workers', async () => {
    const { create, started } = await startWorkers();
    const controller = new AbortController();
    const result = await run({
      numSamples: 200_000,
      chainMethod: 'parallel',
      numWorkers: 2,
      createWorker: create,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'progress' && event.phase === 'sample') controller.abort();
      },
    });
    expect(result.interrupted).toBe(true);
    expect(result.numSamples).toBeGreaterThan(0);
    const count = Math.min(result.numSamples, 40);
    // One of the two chains alone is kept if it has far more draws than the other.
    const firstDraws = (of: McmcResult, chain: number) =>
      of.samples['mu'].data.slice(chain * of.numSamples, chain * of.numSamples + count);
    expect([0, 1].map((chain) => firstDraws(sequential, chain))).toContainEqual(firstDraws(result, 0));
    expect(result.warnings.map(({ kind }) => kind)).toContain('interrupted');
    // Threads that have ended have no identity.
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  it('a worker killed in mid-run is reported with its chain and seed; the other chains are kept', async () => {
    const { create, started } = await startWorkers();
    let killed = false;
    const events: McmcEvent[] = [];
    const result = await run({
      numSamples: 600,
      // Long enough that what the lost chain has by then is less than the others' rest.
      thinning: 500,
      chainMethod: 'parallel',
      numWorkers: 2,
      createWorker: create,
      onEvent: (event) => {
        events.push(event);
        if (killed || event.type !== 'progress' || event.phase !== 'sample') return;
        killed = true;
        void started[0].terminate();
      },
    });
    const [lost] = result.warnings.filter(({ kind }) => kind === 'chainLost');
    expect(lost.message).toMatch(
      /chain \d \(seed 7\) ended after \d+ draws: its worker was ended \(exit code 1\)[^]*Fix: run again with the same seed/,
    );
    expect(events.filter((event) => event === lost)).toHaveLength(1);
    expect([result.numChains, result.numSamples, result.interrupted]).toEqual([3, 600, false]);
    // Another worker took the place of the one that died.
    expect(started).toHaveLength(3);
  });

  it('a worker that runs out of memory is reported as such', async () => {
    const hog = "const a = []; require('node:worker_threads').parentPort.on('message', ({ taken }) => { Atomics.add(taken, 0, 1); require('node:worker_threads').parentPort.postMessage({ type: 'started', chain: 0 }); for (;;) a.push(new Array(1e5).fill({})); });"; // prettier-ignore
    const createWorker = (): Worker =>
      new Worker(hog, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 20 } });
    const failure = run({ chainMethod: 'parallel', createWorker, numChains: 1 });
    await expect(failure).rejects.toThrow(/its worker ran out of memory/);
  });

  it('where no worker can be started the chains run here, with a note', async () => {
    for (const createWorker of [
      (): Worker => {
        throw new Error('refused by the policy of the page');
      },
      (): Worker => new Worker("throw new Error('refused by the policy of the page');", { eval: true }),
    ]) {
      const result = await run({ chainMethod: 'parallel', createWorker });
      expect(bits(result)).toEqual(bits(sequential));
      const notes = result.warnings.filter(({ kind }) => kind === 'notParallel');
      expect(notes.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /no worker could be started \(.*refused by the policy[^]*Fix: pass createWorker/,
        ),
      ]);
    }
  });

  it('a log density of one’s own runs in sequence; who asked for workers is told why', async () => {
    const own = NUTS(correlatedNormal());
    const asked = await MCMC(own, { ...short, chainMethod: 'parallel' }).run();
    const plain = await MCMC(own, short).run();
    expect(bits(asked)).toEqual(bits(plain));
    const note = asked.warnings.find(({ kind }) => kind === 'notParallel');
    expect(note?.message).toMatch(
      /one after the other: only a model compiled.*can be sent[^]*Fix: leave chainMethod/,
    );
    expect(plain.warnings.map(({ kind }) => kind)).not.toContain('notParallel');
  });

  it('an error that every chain meets is thrown as in a sequential run', async () => {
    const improper = NUTS(() => {
      const x = sample('x', Normal(0, 1));
      factor('undo', tf.square(x).mul(0.5));
    });
    for (const chainMethod of ['sequential', 'parallel'] as const) {
      const error = await MCMC(improper, { ...short, chainMethod }).run().catch((e: unknown) => e);
      expect(error).toMatchObject({ name: 'McmcError', message: expect.stringMatching(/flat in all directions/) as string });
    } // prettier-ignore
  });

  it('a worker that does not answer is ended after a while', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    try {
      const deaf = "require('node:worker_threads').parentPort.on('message', () => { for (;;); });";
      const controller = new AbortController();
      const worker = new Worker(deaf, { eval: true });
      const pool = new Pool({
        queue: new Queue([{ chain: 0 } as never]),
        crew: new Crew(() => worker),
        signal: controller.signal,
        message: { type: 'run' } as never,
        onSlice: () => undefined,
        onEnd: () => undefined,
      });
      pool.add();
      await new Promise((resolve) => worker.once('online', resolve));
      controller.abort();
      jest.advanceTimersByTime(5000);
      await pool.close();
      expect([worker.threadId, pool.refusal]).toEqual([-1, undefined]);
    } finally {
      jest.useRealTimers();
    }
  });
});
