import { expectClose } from '@pyro-ts/testing';
import { dualAveraging } from './dual-averaging';

describe('dual averaging', () => {
  it('follows algorithm 5 of Hoffman & Gelman (2014), step by step', () => {
    const averager = dualAveraging();
    let state = averager.init(0.5);
    expectClose(state.mu, Math.log(5), { rel: 1e-15 });
    // H̄₁ = (1/11)(0.8 − 0.3); log ε₁ = μ − (√1/0.05) H̄₁; log ε̄₁ = log ε₁.
    state = averager.update(state, 0.3);
    const first = Math.log(5) - 20 * (0.5 / 11);
    expectClose([state.logStepSize, state.logAverage], [first, first], { rel: 1e-14 });
    // H̄₂ = (11/12) H̄₁ + (1/12)(0.8 − 1); weight 2^−0.75.
    state = averager.update(state, 1);
    const error = (11 / 12) * (0.5 / 11) + (1 / 12) * -0.2;
    const second = Math.log(5) - (Math.SQRT2 / 0.05) * error;
    const weight = 2 ** -0.75;
    expectClose(state.logStepSize, second, { rel: 1e-14 });
    expectClose(averager.final(state), Math.exp(weight * second + (1 - weight) * first), { rel: 1e-14 });
  });

  it('finds the step size at which the acceptance meets its target', () => {
    const averager = dualAveraging({ targetAcceptProb: 0.7 });
    let state = averager.init(10);
    for (let i = 0; i < 2000; i++) state = averager.update(state, Math.exp(-Math.exp(state.logStepSize)));
    expect(averager.final(state)).toBeCloseTo(-Math.log(0.7), 2);
  });

  it('without updates keeps the step size it started with', () => {
    const averager = dualAveraging();
    expectClose(averager.final(averager.init(0.125)), 0.125, { rel: 1e-15 });
  });

  it('leaves its state as it was', () => {
    const averager = dualAveraging();
    const state = Object.freeze(averager.init(1));
    averager.update(state, 0.1);
    expect(averager.update(state, 0.9)).toEqual(averager.update(state, 0.9));
  });
});
