import { plate, sample, subsample } from '@pyro-ts/core';
import { Beta, Binomial, Normal } from '@pyro-ts/distributions';
import { lift } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { AutoNormal } from '../guides';
import { Adam, exponentialDecay } from '../optim';
import { SVI, TraceELBO } from '.';

/** 100 numbers around 2, between 1.5 and 2.5, in an order that minibatches do not follow. */
const data = Array.from({ length: 100 }, (_, i) => 1.5 + ((i * 37) % 100) / 100);

const cooling = (steps: number) =>
  Adam({ learningRate: exponentialDecay({ initial: 0.1, decayRate: 0.002, decaySteps: steps }) });

describe('SVI on minibatches of 10 % reaches the exact posterior (mean within 0.05 sd, sd within 2 %)', () => {
  it('of a normal mean', async () => {
    const model = (): void => {
      const mu = sample('mu', Normal(0, 3));
      plate('data', { size: 100, subsampleSize: 10 }, () => {
        sample('y', Normal(mu, 1), { obs: subsample(lift(data)) });
      });
    };
    const guide = AutoNormal(model);
    const loss = TraceELBO({ numParticles: 32, vectorizeParticles: true });
    const { params } = await SVI({ model, guide, optim: cooling(500), loss }).run({ steps: 500, seed: 3 });
    const precision = 100 + 1 / 9;
    const sd = 1 / Math.sqrt(precision);
    expectClose(params['mu_auto_loc'].data, [data.reduce((a, b) => a + b, 0) / precision], {
      abs: 0.05 * sd,
    });
    expectClose(params['mu_auto_scale'].data, [sd], { rel: 0.02 });
  });
});

describe('SVI on a conjugate Beta–Binomial model', () => {
  it('finds the best logit-normal approximation: its mean within 0.05 sd of the Beta posterior, its sd within 2 %', async () => {
    const model = (): void => {
      const p = sample('p', Beta(10, 10));
      sample('heads', Binomial({ totalCount: 60, probs: p }), { obs: 40 });
    };
    const guide = AutoNormal(model);
    const loss = TraceELBO({ numParticles: 64, vectorizeParticles: true });
    const { params } = await SVI({ model, guide, optim: cooling(250), loss }).run({ steps: 250, seed: 1 });
    const [a, b] = [10 + 40, 10 + 20];
    const [mean, sd] = [a / (a + b), Math.sqrt((a * b) / (a + b) ** 2 / (a + b + 1))];
    // Moments of the logit-normal by quadrature over ±8 standard deviations.
    const [loc, scale] = [params['p_auto_loc'].data[0], params['p_auto_scale'].data[0]];
    const grid = Array.from({ length: 2001 }, (_, i) => -8 + i * 0.008);
    const moment = (f: (p: number) => number): number =>
      grid.reduce(
        (s, z) =>
          s +
          ((0.008 * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) *
            f(1 / (1 + Math.exp(-(loc + scale * z)))),
        0,
      );
    const m = moment((p) => p);
    expectClose(m, mean, { abs: 0.05 * sd });
    expectClose(Math.sqrt(moment((p) => (p - m) ** 2)), sd, { rel: 0.02 });
  });
});
