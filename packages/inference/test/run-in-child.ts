/**
 * A run for tests to disturb: `tsx run-in-child.ts '{"options": {...}, "lingers": false}'`. Prints `sampling` at the first
 * draws, and what came of it at the end.
 */
import { plate, sample } from '@pyro-ts/core';
import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { MCMC, NUTS, type McmcOptions } from '../src';

const y = [1.2, 0.3, 2.5, 1.9];
const model = (): void => {
  const mu = sample('mu', Normal(0, 10));
  const sigma = sample('sigma', HalfNormal(2));
  plate('data', y.length, () => sample('y', Normal(mu, sigma), { obs: y }));
};

interface Request {
  readonly options: McmcOptions;
  readonly lingers?: boolean;
}

const { options, lingers = false } = JSON.parse(process.argv[2]) as Request;
let isSampling = false;
const run = MCMC(NUTS(model), {
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
  if (lingers) setTimeout(() => undefined, 60_000);
});
