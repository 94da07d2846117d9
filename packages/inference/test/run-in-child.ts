/**
 * A run for tests to disturb: `tsx run-in-child.ts '{"options": {...}, "isSlow": false}'`. Prints `sampling` at the first
 * draws, and what came of it at the end.
 */
import { plate, sample } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { MCMC, NUTS, type LogDensity, type McmcOptions } from '../src';

const y = [1.2, 0.3, 2.5, 1.9];
const model = (): void => {
  const mu = sample('mu', Normal(0, 10));
  const sigma = sample('sigma', HalfNormal(2));
  plate('data', y.length, () => sample('y', Normal(mu, sigma), { obs: y }));
};

/** A normal density of which each value takes 50 ms. */
const slow: LogDensity = {
  dim: 1,
  valueAndGrad(q, gradient) {
    const end = performance.now() + 50;
    while (performance.now() < end);
    gradient[0] = -q[0];
    return -(q[0] ** 2) / 2;
  },
};

interface Request {
  readonly options: McmcOptions;
  readonly isSlow?: boolean;
}

const { options, isSlow = false } = JSON.parse(process.argv[2]) as Request;
let isSampling = false;
const kernel = isSlow ? NUTS(slow) : NUTS(model);
const run = MCMC(kernel, {
  ...options,
  onEvent(event) {
    if (isSampling || event.type !== 'progress' || event.phase !== 'sample') return;
    isSampling = true;
    process.stdout.write('sampling\n');
  },
});
void run.run().then(({ interrupted, numChains, numSamples, samples, warnings }) => {
  const kinds = warnings.map(({ kind }) => kind);
  const first = Array.from(Object.values(samples)[0].data.slice(0, 5));
  process.stdout.write(`${JSON.stringify({ interrupted, numChains, numSamples, kinds, first })}\n`);
});
