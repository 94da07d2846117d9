/** Every model that this repository has runs as a program: nothing falls back to op-by-op evaluation unnoticed. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileSettings } from '@pyro-ts/compiler';
import { handlers, type Model } from '@pyro-ts/core';
import {
  AutoMultivariateNormal,
  AutoNormal,
  SVI,
  TraceELBO,
  optim,
  eagerGradients,
  compiledLogDensity,
  eagerLogDensity,
  unconstrainEnumerated,
  type HeldLogDensity,
  MCMC,
  NUTS,
  type LogDensity,
} from '@pyro-ts/inference';
import { lift } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as eightSchools from '../../../examples/eight-schools/model';
import eightSchoolsData from '../../../examples/eight-schools/data.json';
import * as linear from '../../../examples/linear-regression/model';
import linearData from '../../../examples/linear-regression/data.json';
import * as logistic from '../../../examples/logistic-regression-svi/model';
import logisticData from '../../../examples/logistic-regression-svi/data.json';
import { standardise } from '../../../examples/logistic-regression-svi/standardise';
import * as captureRecapture from '../../../examples/capture-recapture/model';
import captureRecaptureData from '../../../examples/capture-recapture/data.json';
import * as hiddenMarkov from '../../../examples/hidden-markov/model';
import * as mixture from '../../../examples/mixture/model';
import mixtureData from '../../../examples/mixture/data.json';
import * as mixtureAssignments from '../../../examples/mixture-assignments/model';
import * as multivariate from '../../../examples/multivariate-regression/model';
import multivariateData from '../../../examples/multivariate-regression/data.json';
import { standardise as logAndStandardise } from '../../../examples/multivariate-regression/standardise';
import * as robust from '../../../examples/robust-regression/model';
import robustData from '../../../examples/robust-regression/data.json';
import { images as digits } from '../../../examples/vae/digits';
import * as autoencoder from '../../../examples/vae/model';
import { randomPoint } from '../../bench/src/gradient/agreement';
import { benchmarkModels } from '../../bench/src/models';
import { working } from '../../core/test/catalogue/working';

interface Case {
  readonly name: string;
  readonly model: Model<[], unknown>;
}

const tumours = standardise(logisticData.rows);
const dippers = captureRecapture.expand(captureRecaptureData.released, captureRecaptureData.recaptured);
const examples: readonly (Case & { readonly folder: string })[] = [
  {
    folder: 'capture-recapture',
    name: 'capture-recapture',
    model: () => captureRecapture.model(dippers, [false, true, true, false, false, false]),
  },
  {
    folder: 'eight-schools',
    name: 'eight schools',
    model: () => eightSchools.model(eightSchoolsData.effects, eightSchoolsData.standardErrors),
  },
  {
    folder: 'hidden-markov',
    name: 'hidden Markov model, the first 30 states',
    model: () => hiddenMarkov.model(mixtureData.waiting.slice(0, 30)),
  },
  {
    folder: 'linear-regression',
    name: 'linear regression',
    model: () => linear.model(linearData.motherIq, linearData.childScore),
  },
  {
    folder: 'logistic-regression-svi',
    name: 'logistic regression, all rows',
    model: () => logistic.model(tumours, logisticData.malignant, tumours.length),
  },
  { folder: 'mixture', name: 'mixture', model: () => mixture.model(mixtureData.waiting) },
  {
    folder: 'mixture-assignments',
    name: 'mixture with assignments',
    model: () => mixtureAssignments.model(mixtureData.waiting),
  },
  {
    folder: 'multivariate-regression',
    name: 'multivariate regression',
    model: () =>
      multivariate.model(logAndStandardise(multivariateData.rows), multivariateData.weight.map(Math.log)),
  },
  {
    folder: 'robust-regression',
    name: 'robust regression',
    model: () => robust.model(robustData.logTemperature, robustData.logLight),
  },
  {
    folder: 'vae',
    name: 'variational autoencoder, the latent vectors of ten digits',
    model: () => {
      const { model } = autoencoder.vae({ pixels: 64, hidden: 16, latent: 2 });
      return handlers.seed(model, { seed: 1 })(lift(digits.slice(0, 10)));
    },
  },
];
const catalogue: readonly Case[] = working
  .filter(({ latent }) => latent)
  .map(({ title, model }) => ({ name: title, model }));
const groups = { catalogue, examples, benchmarks: benchmarkModels() };

/** What value and gradient are at a point, as one list. */
function evaluate(density: LogDensity, q: Float64Array): number[] {
  const gradient = new Float64Array(q.length);
  return [density.valueAndGrad(q, gradient), ...gradient];
}

function points(dim: number, name: string): Float64Array[] {
  return ['a', 'b'].map((which) => randomPoint(`${name} ${which}`, dim));
}

/** Twice the same, as a program and op by op. */
function bothWays(
  { model }: Case,
  settings?: CompileSettings,
): Record<'program' | 'eager', HeldLogDensity> & { dim: number } {
  const { logDensity, dim } = unconstrainEnumerated(model, []).model;
  return {
    dim,
    program: compiledLogDensity(settings)(logDensity, dim),
    eager: eagerLogDensity(logDensity, dim),
  };
}

it('no example is left out', () => {
  const folder = join(__dirname, '../../../examples');
  const models = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'model.ts')));
  expect(examples.map(({ folder: name }) => name)).toEqual(models);
});

describe.each(Object.entries(groups))('%s', (_, cases) => {
  it.each(cases)('$name: the program agrees with eager float64 to 1e-10 of each number', (given) => {
    const { program, eager, dim } = bothWays(given, { executor: 'wasm' });
    for (const q of points(dim, given.name)) {
      const expected = evaluate(eager, q);
      expect(expected.every(Number.isFinite)).toBe(true);
      expectClose(evaluate(program, q), expected, { rel: 1e-10 });
    }
    program.dispose?.();
  });

  it.each(cases)("$name: NUTS samples it with fallback: 'error'", async ({ model }) => {
    const kernel = NUTS(model, { fallback: 'error', maxTreeDepth: 1 });
    const run = MCMC(kernel, { numWarmup: 0, numSamples: 1, numChains: 1, seed: 0 });
    const { warnings } = await run.run();
    expect(warnings.filter(({ kind }) => kind === 'notCompiled')).toEqual([]);
  });
});

/** 32 roundings of a float32, of the value and of the gradient's largest coordinate. */
const float32Bound = 32 * 2 ** -24;

describe('in float32', () => {
  const small = groups.benchmarks.filter(({ block }) => block.length < 100_000);
  it.each(small)('$name: within 32·2⁻²⁴ of eager float64, value and gradient each by its size', (given) => {
    const { program, eager, dim } = bothWays(given, { executor: 'wasm', precision: 'float32' });
    for (const q of points(dim, given.name)) {
      const [value, ...gradient] = evaluate(eager, q);
      const [value32, ...gradient32] = evaluate(program, q);
      expect(value32).toBe(Math.fround(value32));
      expectClose(value32, value, { rel: float32Bound });
      expectClose(gradient32, gradient, { rel: 0, abs: float32Bound * Math.max(...gradient.map(Math.abs)) });
    }
    program.dispose?.();
  });
});

describe("SVI with fallback: 'error'", () => {
  const loss = TraceELBO({ numParticles: 4 });
  const minibatches = (): void => logistic.model(tumours, logisticData.malignant);
  const line = (): unknown => linear.model(linearData.motherIq, linearData.childScore);
  it.each([
    ['minibatches of the logistic regression', minibatches, AutoMultivariateNormal(minibatches)],
    ['the linear regression', line, AutoNormal(line)],
  ] as const)('%s: five steps lose what eager steps lose, to 1e-10', async (_, model, guide) => {
    const losses = [{ fallback: 'error' as const }, { compile: eagerGradients }].map(async (how) => {
      const svi = SVI({ model, guide, optim: optim.Adam({ learningRate: 0.02 }), loss, ...how });
      return (await svi.run({ steps: 5, seed: 1 })).losses;
    });
    const [compiled, eager] = await Promise.all(losses);
    expectClose(compiled, eager, { rel: 1e-10 });
  });
});
