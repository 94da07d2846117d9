import { param, plate, sample } from '@pyro-ts/core';
import { constraints, Normal } from '@pyro-ts/distributions';
import { lift, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { Adam, exponentialDecay } from '../optim';
import { SVI, TraceELBO } from '.';

const y = [2.1, 1.3, 3.2, 0.4, 1.9, 2.6, 1.1, 2.2, 0.9, 1.7];

/** mu ~ N(0, 2), yᵢ ~ N(mu, 1): posterior N(Σy / (n + ¼), 1/√(n + ¼)). */
const model = (data: number[]): void => {
  const mu = sample('mu', Normal(0, 2));
  plate('data', data.length, () => sample('y', Normal(mu, 1), { obs: data }));
};
const guide = (): void => {
  const loc = param('loc', 0);
  const scale = param('scale', 1, { constraint: constraints.positive });
  sample('mu', Normal(loc, scale));
};
const precision = y.length + 0.25;
const posterior = { mean: y.reduce((a, b) => a + b, 0) / precision, sd: 1 / Math.sqrt(precision) };

const learningRate = exponentialDecay({ initial: 0.1, decayRate: 0.01, decaySteps: 800 });
const svi = SVI({
  model,
  guide,
  optim: Adam({ learningRate }),
  loss: TraceELBO({ numParticles: 8, vectorizeParticles: true }),
});

describe('SVI with a hand-written guide', () => {
  it('reaches the exact posterior of a conjugate model: mean within 0.05 sd, sd within 2 %', async () => {
    const { params, losses, seed } = await svi.run({ steps: 800, seed: 1 }, y);
    expect(seed).toBe(1);
    expectClose(params['loc'].data, [posterior.mean], { abs: 0.05 * posterior.sd });
    expectClose(params['scale'].data, [posterior.sd], { rel: 0.02 });
    // At the optimum every draw gives −log evidence: y ~ N(0, I + 4 · 11ᵀ).
    const n = y.length;
    const square = y.reduce((a, b) => a + b * b, 0);
    const sum = y.reduce((a, b) => a + b, 0);
    const evidence =
      -0.5 * (n * Math.log(2 * Math.PI) + Math.log(1 + 4 * n) + square - (4 * sum * sum) / (1 + 4 * n));
    const late = losses.subarray(700);
    expectClose(late.reduce((a, b) => a + b, 0) / 100, -evidence, { abs: 0.01 });
  });

  it('is a pure function of state, seed and arguments', async () => {
    const short = { steps: 20, seed: 'a' };
    const [a, b] = [await svi.run(short, y), await svi.run(short, y)];
    expect(a.losses).toEqual(b.losses);
    expect(a.params).toEqual(b.params);
    const first = await svi.run({ steps: 12, seed: 'a' }, y);
    const rest = await svi.run({ steps: 8, state: first.state }, y);
    expect(rest.state).toEqual(a.state);
    expect((await svi.run({ steps: 20, seed: 'b' }, y)).losses).not.toEqual(a.losses);
  });

  it('records the seed that it drew, and that seed repeats the run', async () => {
    const drawn = await svi.run(5, y);
    const again = await svi.run({ steps: 5, seed: drawn.seed as string }, y);
    expect(again.losses).toEqual(drawn.losses);
  });

  it('leaves its state alone and evaluates the loss of the next step', () => {
    const state = svi.init(3, y);
    const copy = structuredClone(state);
    const { loss } = svi.update(state, y);
    expect(svi.evaluate(state, y)).toBe(loss);
    expect(JSON.stringify(state)).toBe(JSON.stringify(copy));
  });

  it('saves and loads states exactly, in a new object', async () => {
    const { state } = await svi.run({ steps: 7, seed: 2 }, y);
    const json = JSON.parse(JSON.stringify(svi.saveState(state))) as ReturnType<typeof svi.saveState>;
    const other = SVI({ model, guide, optim: svi.optim, loss: svi.loss });
    expect(() => other.getParams(state)).toThrow(/constraint of parameter 'loc' is not known[\s\S]*Fix/);
    const loaded = other.loadState(json, y);
    expect(other.update(loaded, y).loss).toBe(svi.update(state, y).loss);
    expect(other.getParams(loaded)).toEqual(svi.getParams(state));
    const wrong = SVI({
      model,
      guide: () => void sample('mu', Normal(param('m', 0), 1)),
      optim: svi.optim,
      loss: svi.loss,
    });
    expect(() => wrong.loadState(json, y)).toThrow(
      /saved state has the parameters loc \[\]; scale \[\]; model and guide have m/,
    );
  });

  it('goes on from a state in a new object', async () => {
    const { state } = await svi.run({ steps: 4, seed: 2 }, y);
    const other = SVI({ model, guide, optim: svi.optim, loss: svi.loss });
    const [a, b] = [await other.run({ steps: 3, state }, y), await svi.run({ steps: 3, state }, y)];
    expect(a).toEqual(b);
    expect(a.seed).toBeUndefined();
  });

  it('keeps a state for step()', () => {
    const own = SVI({ model, guide, optim: Adam({ learningRate: 0.1 }), loss: TraceELBO() });
    const losses = Array.from({ length: 5 }, () => own.step(y));
    expect(new Set(losses).size).toBe(5);
    expect(own.state?.step).toBe(5);
  });

  it('reports progress, and ends early on an abort with what it has', async () => {
    const controller = new AbortController();
    const events: number[] = [];
    const result = await svi.run(
      {
        steps: 100000,
        seed: 0,
        signal: controller.signal,
        progressEvery: 5,
        onProgress: ({ step, steps, averageLoss }) => {
          expect(steps).toBe(100000);
          expect(Number.isFinite(averageLoss)).toBe(true);
          events.push(step);
          if (step === 15) controller.abort();
        },
      },
      y,
    );
    expect(events).toEqual([5, 10, 15]);
    expect(result.interrupted).toBe(true);
    expect(result.losses).toHaveLength(15);
  });

  it('leaves no tensor behind, errors included; tensor arguments stay the caller’s', async () => {
    const data = lift(y);
    const onTensors = SVI({
      model: (obs: tf.Tensor) => {
        const mu = sample('mu', Normal(0, 2));
        plate('data', obs.size, () => sample('y', Normal(mu, 1), { obs }));
      },
      guide,
      optim: Adam(),
      loss: TraceELBO({ numParticles: 2 }),
    });
    const before = tf.memory().numTensors;
    const { state } = await onTensors.run({ steps: 3, seed: 0 }, data);
    onTensors.evaluate(state, data);
    expect(tf.memory().numTensors).toBe(before);
    await expect(svi.run({ steps: 3, seed: 0 }, [1, NaN])).rejects.toThrow(/site 'y'/);
    expect(tf.memory().numTensors).toBe(before);
    data.dispose();
  });
});

describe('losses that are not finite', () => {
  const risky = SVI({
    model: (shift: number) => {
      const mu = sample('mu', Normal(0, 1));
      sample('y', Normal(tf.log(tf.add(mu, shift)), 1), { obs: 0 });
    },
    guide,
    optim: Adam({ learningRate: 0.1 }),
    loss: TraceELBO(),
  });

  it('end the run with an error that names the site and carries the last finite state', async () => {
    const run = risky.run({ steps: 50, seed: 0 }, 1.5);
    await expect(run).rejects.toThrow(
      /loss of step \d+ is NaN: model site 'y' \(observed Normal\) has log density NaN[\s\S]*Fix/,
    );
    await expect(run).rejects.toMatchObject({ name: 'NonFiniteLossError' });
  });

  it('are left out with nonFinite: skip', async () => {
    const { losses, params, notes } = await risky.run({ steps: 50, seed: 0, nonFinite: 'skip' }, 1.5);
    expect(notes).toEqual([expect.stringMatching(/\d+ of 50 steps were not finite and left out/)]);
    expect(losses.some(Number.isNaN)).toBe(true);
    expect(losses.some(Number.isFinite)).toBe(true);
    expect(Number.isFinite(params['loc'].data[0])).toBe(true);
  });
});

describe('mistakes', () => {
  const with_ = (wrong: () => void, m: (data: number[]) => void = model) =>
    SVI({ model: m, guide: wrong, optim: Adam(), loss: TraceELBO() }).init(0, y);

  it('guide without a latent site of the model', () => {
    expect(() => with_(() => void sample('nu', Normal(param('a', 0), 1)))).toThrow(
      /site 'mu': the model has the latent site 'mu' \(Normal, shape \[\]\), the guide has not; its sites are 'nu'[\s\S]*Fix:/,
    );
  });

  it('guide with a site that the model has not, or observes', () => {
    const extra = (name: string) => (): void => {
      guide();
      sample(name, Normal(0, 1));
    };
    expect(() => with_(extra('nu'))).toThrow(
      /guide has the site 'nu', the model has not[\s\S]*isAuxiliary: true/,
    );
    expect(() => with_(extra('y'))).toThrow(/guide samples 'y', which is observed in the model|site 'y'/);
  });

  it('shapes, event dims and plates that differ', () => {
    expect(() => with_(() => void sample('mu', Normal(param('a', [0, 0]), 1)))).toThrow(
      /'mu' has shape \[\] in the model, \[2\] in the guide[\s\S]*Fix/,
    );
    expect(() => with_(() => void sample('mu', Normal(param('a', [0, 0]), 1).toEvent(1)))).toThrow(
      /event dims 0 .* in the model, 1 .* in the guide/,
    );
    const local = (): void => plate('data', 2, () => void sample('z', Normal(0, 1)));
    const inOther = (): void => {
      const a = param('a', 0);
      plate('other', 2, () => void sample('z', Normal(a, 1)));
    };
    expect(() => with_(inOther, local)).toThrow(
      /'z' is inside plate 'other' .* in the guide, but not in the model/,
    );
    const subsampled = (): void =>
      plate('data', { size: 10, subsampleSize: 2 }, () => void sample('z', Normal(0, 1)));
    const noPlate = (): void => void sample('z', Normal(param('a', [0, 0]), 1));
    expect(() => with_(noPlate, subsampled)).toThrow(/subsampled plate 'data' \(size 2 of 10, dim -1\)/);
  });

  it('nothing to learn, a start on the boundary, a parameter that comes later', () => {
    expect(() => with_(() => void sample('mu', Normal(0, 1)))).toThrow(/nothing to learn[\s\S]*Fix: declare/);
    const closed = { constraint: constraints.nonnegative };
    expect(() => with_(() => void sample('mu', Normal(param('a', 0, closed), 1)))).toThrow(
      /'a' starts on the boundary/,
    );
    let later = false;
    const changing = (): void => {
      guide();
      if (later) param('extra', 0);
    };
    const own = SVI({ model, guide: changing, optim: Adam(), loss: TraceELBO() });
    const state = own.init(0, y);
    later = true;
    expect(() => own.update(state, y)).toThrow(/'extra' is not in the state; it has loc, scale/);
  });
});

it('gradients of the step are those of finite differences (1e-6)', () => {
  const state = svi.init(0, y);
  const at = (shift: number): number => {
    const loc = { ...state.params['loc'], data: Float64Array.of(shift) };
    return svi.evaluate({ ...state, params: { ...state.params, loc } }, y);
  };
  // An optimiser of one's own, called after every compiled evaluation.
  const optim = { name: 'recorded', init: (dim: number) => Adam().init(dim), update: recorded };
  const sgd = SVI({ model, guide, optim, loss: svi.loss });
  let gradient = NaN;
  function recorded(params: Float64Array, g: Float64Array, optimState: typeof state.optimState) {
    gradient = g[0];
    return { params, state: optimState };
  }
  scoped(() => sgd.update(state, y));
  expectClose(gradient, (at(1e-5) - at(-1e-5)) / 2e-5, { rel: 1e-6 });
});

// Types: the model's arguments reach every method.
// @ts-expect-error a string is not the model's data
const wrongArgument = () => svi.init(0, 'data');
// @ts-expect-error the guide must accept the model's arguments
const wrongGuide = () => SVI({ model, guide: (data: string) => data, optim: Adam(), loss: TraceELBO() });
void [wrongArgument, wrongGuide];
