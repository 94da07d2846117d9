import { expectClose } from '@pyro-ts/testing';
import {
  Adagrad,
  Adam,
  AdamW,
  ClippedAdam,
  RMSProp,
  SGD,
  constant,
  cosineDecay,
  exponentialDecay,
  piecewise,
  warmup,
  type Optimizer,
} from '.';

/** Path of the parameters on f(x) = ½ Σ aᵢ xᵢ² from x = (1, −2), a = (1, 10). */
function path(optimizer: Optimizer, steps: number): number[][] {
  let params: Float64Array = Float64Array.of(1, -2);
  let state = optimizer.init(2);
  return Array.from({ length: steps }, () => {
    ({ params, state } = optimizer.update(params, Float64Array.of(params[0], 10 * params[1]), state));
    return [...params];
  });
}

describe('first steps, by hand', () => {
  it('Adam moves by the learning rate', () => {
    expectClose(path(Adam({ learningRate: 0.1 }), 1)[0], [0.9, -1.9], { rel: 1e-8 });
  });

  it('Adam, two steps', () => {
    const g1 = 1;
    const g2 = 0.9;
    const m = (0.9 * 0.1 * g1 + 0.1 * g2) / (1 - 0.81);
    const v = (0.999 * 0.001 * g1 * g1 + 0.001 * g2 * g2) / (1 - 0.999 ** 2);
    const [first, second] = path(Adam({ learningRate: 0.1, epsilon: 0 }), 2);
    expectClose(second[0], first[0] - (0.1 * m) / Math.sqrt(v), { rel: 1e-9 });
  });

  it('SGD with momentum and Nesterov look-ahead', () => {
    expectClose(path(SGD({ learningRate: 0.1 }), 1)[0], [0.9, 0]);
    expectClose(path(SGD({ learningRate: 0.1, momentum: 0.5 }), 2)[1], [
      0.9 - 0.1 * (0.5 + 0.9),
      0 - 0.1 * 0.5 * -20,
    ]);
    expectClose(path(SGD({ learningRate: 0.1, momentum: 0.5, nesterov: true }), 1)[0], [
      1 - 0.1 * 1.5,
      -2 + 0.1 * 30,
    ]);
  });

  it('AdamW decays the value, Adam the gradient', () => {
    const decay = { learningRate: 0.1, weightDecay: 0.5, epsilon: 0 };
    expectClose(path(AdamW(decay), 1)[0][0], 1 - 0.05 - 0.1);
    expectClose(path(Adam(decay), 1)[0][0], 1 - 0.1);
  });

  it('ClippedAdam clips entries and decays the rate from the first step on', () => {
    const clipped = path(ClippedAdam({ learningRate: 0.1, clipNorm: 1e-3, lrd: 0.5, epsilon: 1e-3 }), 2);
    expectClose(clipped[0], [1 - (0.05 * 1e-3) / 2e-3, -2 + (0.05 * 1e-3) / 2e-3]);
    expectClose(clipped[1][0], clipped[0][0] - 0.025 / 2);
  });

  it('Adagrad and RMSProp divide by root mean squares', () => {
    expectClose(path(Adagrad({ learningRate: 0.1, epsilon: 0 }), 1)[0], [0.9, -1.9]);
    expectClose(path(RMSProp({ learningRate: 0.1, epsilon: 0 }), 1)[0], [0, -1], { abs: 1e-12 });
  });
});

describe('all optimisers', () => {
  it.each([
    Adam({ learningRate: exponentialDecay({ initial: 0.1, decayRate: 0.1, decaySteps: 300 }) }),
    AdamW({
      learningRate: exponentialDecay({ initial: 0.1, decayRate: 0.1, decaySteps: 300 }),
      weightDecay: 0,
    }),
    ClippedAdam({ learningRate: 0.1, lrd: 0.995 }),
    SGD({ learningRate: 0.05, momentum: 0.5 }),
    Adagrad({ learningRate: 1 }),
    RMSProp({ learningRate: (step) => 0.1 * 0.99 ** step }),
  ])('$name reaches the minimum of a quadratic', (optimizer) => {
    expectClose(path(optimizer, 1000)[999], [0, 0], { abs: 1e-3 });
  });

  it('leave their inputs alone', () => {
    const optimizer = Adam({ learningRate: 0.1 });
    const params = Float64Array.of(1, 2);
    const state = optimizer.init(2);
    const once = optimizer.update(params, Float64Array.of(1, 1), state);
    const again = optimizer.update(params, Float64Array.of(1, 1), state);
    expect([...params]).toEqual([1, 2]);
    expect(state).toEqual(optimizer.init(2));
    expect(once).toEqual(again);
  });

  it('take options by parameter name', () => {
    const optimizer = SGD((name) => ({ learningRate: name === 'slow' ? 0 : 1 }));
    const segments = [
      { name: 'slow', offset: 0, size: 1 },
      { name: 'fast', offset: 1, size: 2 },
    ];
    const { params } = optimizer.update(
      new Float64Array(3),
      Float64Array.of(1, 1, 1),
      optimizer.init(3),
      segments,
    );
    expect([...params]).toEqual([0, -1, -1]);
  });
});

describe('schedules', () => {
  it('constant, exponential, cosine, piecewise, warm-up', () => {
    expect(constant(0.3)(7)).toBe(0.3);
    const decay = { initial: 1, decayRate: 0.5, decaySteps: 10 };
    expectClose([0, 5, 10, 100].map(exponentialDecay({ ...decay, minimum: 0.01 })), [
      1,
      Math.SQRT1_2,
      0.5,
      0.01,
    ]);
    expect([9, 10].map(exponentialDecay({ ...decay, staircase: true }))).toEqual([1, 0.5]);
    expectClose([0, 5, 10, 99].map(cosineDecay({ initial: 1, steps: 10, final: 0.2 })), [1, 0.6, 0.2, 0.2]);
    expect([0, 9, 10, 20].map(piecewise([10, 20], [3, 2, 1]))).toEqual([3, 3, 2, 1]);
    expect(() => piecewise([1], [1])).toThrow(/2 rates/);
    expect([0, 1, 2, 3].map(warmup(2, { peak: 1, after: (step) => 10 + step }))).toEqual([0.5, 1, 10, 11]);
  });
});
