import { factor, sample } from '@pyro-ts/core';
import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import type { LogDensity } from '../log-density/log-density';
import { MCMC, NUTS, type McmcEvent } from '.';

/** A normal density, NaN from its n-th evaluation on. */
function nanFrom(n: number): LogDensity {
  let calls = 0;
  return {
    dim: 2,
    valueAndGrad(q, gradient) {
      const isBad = ++calls > n;
      for (let i = 0; i < 2; i++) gradient[i] = isBad ? NaN : -q[i];
      return isBad ? NaN : -(q[0] ** 2 + q[1] ** 2) / 2;
    },
  };
}
const options = { numWarmup: 500, numSamples: 500, numChains: 2, seed: 1 } as const;

describe('a log density that becomes NaN', () => {
  it('while sampling: the chain stands still, its transitions diverge, and the run says so; draws are kept', async () => {
    let density = nanFrom(Infinity);
    const current: LogDensity = { dim: 2, valueAndGrad: (q, gradient) => density.valueAndGrad(q, gradient) };
    const onEvent = (event: McmcEvent): void => {
      const isLastWarmup = event.type === 'progress' && event.chain === 1 && event.phase === 'warmup';
      if (isLastWarmup && event.done === event.total) density = nanFrom(500);
    };
    const { warnings, divergences, numSamples, samples } = await MCMC(NUTS(current), {
      ...options,
      onEvent,
    }).run();
    expect(numSamples).toBe(500);
    expect(divergences).toBeGreaterThan(100);
    expect(Array.from(samples['q'].data).every(Number.isFinite)).toBe(true);
    expect(warnings[0]).toMatchObject({ kind: 'stuck', type: 'warning' });
    expect(warnings[0].message).toMatch(
      /^1 of 2 chains stand still at the end, for \d+ draws: every trajectory from there diverges, as where the log density or its gradient is NaN[^]*Fix: look for overflow, 0\/0/,
    );
  });

  it('in the warm-up: the chain stands still or ends with an error; it is told which, and the others are kept', async () => {
    let density = nanFrom(300);
    const current: LogDensity = { dim: 2, valueAndGrad: (q, gradient) => density.valueAndGrad(q, gradient) };
    const onEvent = (event: McmcEvent): void => {
      if (event.type === 'chainEnd') density = nanFrom(Infinity);
    };
    const { warnings, numSamples } = await MCMC(NUTS(current), { ...options, onEvent }).run();
    expect(numSamples).toBe(500);
    const told = warnings.filter(({ kind }) => kind === 'chainLost' || kind === 'stuck');
    expect(told).toHaveLength(1);
    expect(told[0].message).toMatch(
      /^chain 0 .*not finite|^1 of 2 chains stand still at the end, for 500 draws/,
    );
  });

  it.each(['sequential', 'parallel'] as const)('in a part of the space: no draw is in it, and divergences are told: %s', async (chainMethod) => {
    const edge = (): void => {
      const x = sample('x', Normal(0, 1));
      factor('edge', tf.log(tf.sub(0.5, x)));
    };
    const { samples, divergences, warnings } = await MCMC(NUTS(edge), { ...options, chainMethod, numWorkers: 2 }).run();
    expect(Math.max(...Array.from(samples['x'].data))).toBeLessThan(0.5);
    expect(divergences).toBeGreaterThan(0);
    expect(warnings.map(({ kind }) => kind)).toContain('divergences');
    expect(warnings.map(({ kind }) => kind)).not.toContain('stuck');
  }); // prettier-ignore
});
