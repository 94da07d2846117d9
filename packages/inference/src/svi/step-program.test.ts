import { param, plate, sample, subsample } from '@pyro-ts/core';
import { constraints, Gamma, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { AutoNormal } from '../guides';
import { Adagrad, Adam, AdamW, ClippedAdam, exponentialDecay, RMSProp, SGD, type Optimizer } from '../optim';
import { eagerGradients, SVI, TraceELBO, type SviRunOptions } from '.';

const size = 40;
const x = lift(Array.from({ length: size }, (_, i) => Math.sin(i)));
const y = lift(Array.from({ length: size }, (_, i) => 0.7 * Math.sin(i) + 0.1 * Math.cos(5 * i)));

const model = (inputs: tf.Tensor, outputs: tf.Tensor): void => {
  const slope = sample('slope', Normal(0, 1));
  const sigma = sample('sigma', Gamma(2, 2));
  const shift = param('shift', 0.5, { constraint: constraints.interval(0, 1) });
  plate('data', { size, subsampleSize: 8 }, () => {
    const mean = tf.add(tf.mul(subsample(inputs), slope), shift);
    sample('y', Normal(mean, sigma), { obs: subsample(outputs) });
  });
};
const guide = AutoNormal(model);
const problem = { model, guide, loss: TraceELBO({ numParticles: 2, vectorizeParticles: true }) };

const optimisers: readonly Optimizer[] = [
  Adam({
    learningRate: exponentialDecay({ initial: 0.1, decayRate: 0.5, decaySteps: 10 }),
    weightDecay: 0.1,
  }),
  AdamW({ learningRate: 0.05 }),
  ClippedAdam({ learningRate: 0.1, clipNorm: 0.5, lrd: 0.9 }),
  SGD({ learningRate: 1e-3, momentum: 0.5, nesterov: true, weightDecay: 0.1 }),
  SGD({ learningRate: 1e-3 }),
  Adagrad({ learningRate: 0.1 }),
  RMSProp({ learningRate: 0.01, momentum: 0.5 }),
  Adam((name) => ({ learningRate: name.endsWith('scale') ? 0.01 : 0.1 })),
];

/** Calls of tfjs kernels, and tensors made, while `f` runs. */
async function tensorWork(f: () => Promise<unknown>): Promise<{ kernels: number; tensors: number }> {
  const engine = tf.engine();
  const kernels = jest.spyOn(engine, 'runKernelFunc' as never);
  const tensors = jest.spyOn(engine, 'trackTensor' as never);
  await f();
  const counts = { kernels: kernels.mock.calls.length, tensors: tensors.mock.calls.length };
  kernels.mockRestore();
  tensors.mockRestore();
  return counts;
}

describe('a step as one program', () => {
  it('10,000 steps call no kernel of tfjs and make no tensor that one step does not', async () => {
    const svi = SVI({ ...problem, optim: Adam({ learningRate: 0.01 }), fallback: 'error' });
    const { state } = await svi.run({ steps: 2, seed: 0 }, x, y);
    const before = tf.memory().numTensors;
    const work = (options: SviRunOptions) => tensorWork(() => svi.run({ state, ...options }, x, y));
    const [one, many] = [await work({ steps: 1 }), await work({ steps: 10000, onProgress: () => undefined })];
    expect(many).toEqual(one);
    // Seen by the counters, so that equal counts mean something: the constraints at the end of a run.
    expect(one.kernels).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(optimisers.map((optim) => [optim.name, optim] as const))(
    '%s: run, update and resumed runs give the same bits; an eager run the same numbers',
    async (_, optim) => {
      const svi = SVI({ ...problem, optim, fallback: 'error' });
      const whole = await svi.run({ steps: 30, seed: 1 }, x, y);
      let state = svi.init(1, x, y);
      const losses = Array.from({ length: 30 }, () => {
        const step = svi.update(state, x, y);
        ({ state } = step);
        return step.loss;
      });
      expect(Float64Array.from(losses)).toEqual(whole.losses);
      expect(state).toEqual(whole.state);
      const json = JSON.stringify(svi.saveState((await svi.run({ steps: 17, seed: 1 }, x, y)).state));
      const half = svi.loadState(JSON.parse(json) as ReturnType<typeof svi.saveState>, x, y);
      expect((await svi.run({ steps: 13, state: half }, x, y)).state).toEqual(whole.state);
      const eager = await SVI({ ...problem, optim, compile: eagerGradients }).run(
        { steps: 30, seed: 1 },
        x,
        y,
      );
      expectClose(eager.losses, whole.losses, { rel: 1e-9 });
      for (const [name, { data }] of Object.entries(whole.params))
        expectClose(eager.params[name].data, data, { rel: 1e-9 });
    },
  );

  it('serves runs at the same time, and steps taken in between, each as if it were alone', async () => {
    const svi = SVI({ ...problem, optim: Adam({ learningRate: 0.05 }) });
    const options = (seed: number) => ({ steps: 4000, seed });
    const alone = [await svi.run(options(1), x, y), await svi.run(options(2), x, y)];
    const between = svi.init(3, x, y);
    const expected = svi.update(between, x, y);
    const together = await Promise.all([
      svi.run({ ...options(1), onProgress: () => expect(svi.update(between, x, y)).toEqual(expected) }, x, y),
      svi.run(options(2), x, y),
    ]);
    together.forEach(({ losses, state }, i) => {
      expect(losses).toEqual(alone[i].losses);
      expect(state).toEqual(alone[i].state);
    });
  });

  it('leaves a state alone that it starts from', () => {
    const svi = SVI({ ...problem, optim: Adam({ learningRate: 0.05 }) });
    const start = svi.init(0, x, y);
    const copy = structuredClone(start);
    const { state } = svi.update(start, x, y);
    const next = structuredClone(state);
    svi.update(state, x, y);
    expect(start).toEqual(copy);
    expect(state).toEqual(next);
  });
});

describe("precision: 'float32'", () => {
  const optim = Adam({ learningRate: 0.05 });

  it('keeps 24 bits of parameters and losses, and follows the float64 run to 1e-3', async () => {
    const [single, double] = (['float32', 'float64'] as const).map((precision) =>
      SVI({ ...problem, optim, precision, fallback: 'error' }),
    );
    const run = await single.run({ steps: 50, seed: 4 }, x, y);
    const { state, losses } = run;
    for (const { data } of Object.values(state.params))
      expect(Array.from(data, Math.fround)).toEqual([...data]);
    expect(Array.from(losses, Math.fround)).toEqual([...losses]);
    const reference = await double.run({ steps: 50, seed: 4 }, x, y);
    expect(losses).not.toEqual(reference.losses);
    expectClose(losses, reference.losses, { rel: 1e-3 });
    const first = await single.run({ steps: 20, seed: 4 }, x, y);
    expect((await single.run({ steps: 30, state: first.state }, x, y)).state).toEqual(state);
  });

  it('is refused if misspelt, or beside a compiler that has its own', () => {
    expect(() => SVI({ ...problem, optim, precision: 'single' as 'float32' })).toThrow(
      /precision is 'single'[\s\S]*Fix: pass 'float64' or 'float32'/,
    );
    expect(() => SVI({ ...problem, optim, precision: 'float32', compile: eagerGradients })).toThrow(
      /precision[\s\S]*compiledGradients\({ precision: 'float32' }\)/,
    );
  });
});

describe('arguments that are arrays', () => {
  it('are constants of the step: changed ones are noticed, equal ones do not compile again', () => {
    let runs = 0;
    const onArrays = (data: number[], weights: Float64Array): void => {
      runs++;
      const mu = sample('mu', Normal(0, 1));
      plate('data', data.length, () => sample('y', Normal(mu, lift(weights)), { obs: data }));
    };
    const svi = SVI({
      model: onArrays,
      guide: () => void sample('mu', Normal(param('loc', 0), 1)),
      optim: Adam(),
      loss: TraceELBO(),
    });
    const [data, weights] = [[1, 2, 3], Float64Array.of(1, 1, 1)];
    const state = svi.init(0, data, weights);
    const first = svi.update(state, data, weights).loss;
    const after = runs;
    expect(svi.update(state, [...data], weights.slice()).loss).toBe(first);
    expect(runs).toBe(after);
    weights[0] = 2;
    expect(svi.update(state, data, weights).loss).not.toBe(first);
    data[2] = 30;
    expect(svi.update(state, data, weights).loss).toBeGreaterThan(first + 100);
    expect(runs).toBe(after + 2);
    expect(svi.update(state, [1, 2, 3], Float64Array.of(1, 1, 1)).loss).toBe(first);
    expect(runs).toBe(after + 2);
  });
});
