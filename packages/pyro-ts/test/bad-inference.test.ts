/**
 * What a user may do wrong with inference, end to end: every message names the site, what was given and what to do. Models that are
 * wrong in their types as well stand behind `as never`: JavaScript has no types.
 */
import * as pyro from 'pyro-ts';
import { dist, infer, optim } from 'pyro-ts';
import { guideOfX, learnt, normal, printed, sampled, x } from './misuse';

describe('MCMC', () => {
  it('with discrete latent sites alone', async () => {
    const model = () => pyro.plate('data', 3, () => pyro.sample('z', dist.Bernoulli(0.5)));
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'z': all latent sites are discrete and summed out exactly, so that none is left to sample: 'z' (Bernoulli)
       Fix: of a model of discrete sites alone inferDiscrete gives exact posterior draws (or the MAP), computeMarginals the probabilities. For MCMC leave obs out of a continuous site."
    `);
  });

  it('with a discrete latent site that has infinitely many values', async () => {
    const model = () => {
      pyro.sample('rate', dist.Gamma(1, 1));
      pyro.sample('count', dist.Poisson(3));
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'count': 1 latent site is discrete, and gradients cannot move it: 'count' (Poisson)
       Fix: sum it out (MCMC does so by itself where the values can be listed: a finite support, plates instead of .toEvent; otherwise by hand, its log density in a factor), or observe it."
    `);
  });

  it('without latent sites', async () => {
    expect(await printed(sampled(() => pyro.sample('y', dist.Normal(0, 1), { obs: 1 }))))
      .toMatchInlineSnapshot(`
     "LatentSiteError: the model has no latent sites: there is nothing to infer
       Fix: leave obs out of the sample statements to be inferred (param sites are learnt by SVI, not by MCMC)."
    `);
  });

  it('of a model in place of a kernel', async () => {
    expect(await printed(() => infer.MCMC(x as never))).toMatchInlineSnapshot(`
     "McmcError: MCMC: its first argument is the function x.
       Fix: pass a kernel: MCMC(NUTS(model), options)."
    `);
  });

  it('with a misspelt option', async () => {
    expect(await printed(() => infer.MCMC(infer.NUTS(x), { numSample: 100 } as never)))
      .toMatchInlineSnapshot(`
     "OptionError: MCMC has no option 'numSample'; its options are numWarmup, numSamples, numChains, thinning, seed, chainMethod, numWorkers, createWorker, checkpoint, extraFields, onEvent, signal, handleSigint, progressBar
       Fix: did you mean 'numSamples'?"
    `);
  });

  it('with a misspelt option of the kernel', async () => {
    expect(await printed(() => infer.NUTS(x, { target_accept_prob: 0.9 } as never))).toMatchInlineSnapshot(`
     "OptionError: NUTS has no option 'target_accept_prob'; its options are stepSize, adaptStepSize, adaptMassMatrix, targetAcceptProb, metric, denseMass, adaptation, inverseMassMatrix, regularizeMassMatrix, findHeuristicStepSize, initStrategy, initParams, pathfinder, compile, fallback, maxTreeDepth
       Fix: did you mean 'targetAcceptProb'?"
    `);
  });

  it('with no draws', async () => {
    expect(await printed(() => infer.MCMC(infer.NUTS(x), { numSamples: 0 }))).toMatchInlineSnapshot(`
     "McmcError: MCMC: numSamples is 0.
       Fix: pass a whole number of at least 1."
    `);
  });

  it('with an acceptance probability above 1', async () => {
    expect(await printed(() => infer.NUTS(x, { targetAcceptProb: 80 }))).toMatchInlineSnapshot(`
     "McmcError: NUTS: targetAcceptProb is 80.
       Fix: pass a number between 0 and 1; 0.8 is usual, 0.95 careful."
    `);
  });

  it('with a tree depth of nothing', async () => {
    expect(await printed(() => infer.NUTS(x, { maxTreeDepth: 0 }))).toMatchInlineSnapshot(`
     "McmcError: NUTS: maxTreeDepth is 0.
       Fix: pass a whole number from 1 to 30, or a pair of them."
    `);
  });

  it('from a start outside the support', async () => {
    const model = () => pyro.sample('scale', dist.HalfNormal(1));
    expect(await printed(sampled(model, { initParams: { scale: -1 } }))).toMatchInlineSnapshot(`
     "McmcError: initParams at site 'scale': the value is not inside the support \`nonnegative\`, or on its edge.
       Fix: start strictly inside."
    `);
  });

  it('from a start of another shape', async () => {
    expect(await printed(sampled(x, { initParams: { x: [1, 2] } }))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'x': the value has shape [2]; the site has shape []
       Fix: give a value of the shape of the site, or one that broadcasts to it."
    `);
  });

  it('from a start for a site that the model does not have', async () => {
    expect(await printed(sampled(x, { initParams: { y: 1 } }))).toMatchInlineSnapshot(`
     "McmcError: initParams: the model has no latent site 'y'; it has x.
       Fix: use one of those names."
    `);
  });

  it('with a metric for other coordinates', async () => {
    expect(await printed(sampled(x, { inverseMassMatrix: [1, 2, 3] }))).toMatchInlineSnapshot(`
     "McmcError: inverseMassMatrix: expected 1 positive numbers, got [1,2,3].
       Fix: pass one variance for each unconstrained coordinate, or denseMass: true for a [1, 1] matrix."
    `);
  });

  it('asked for draws before the run', async () => {
    expect(await printed(() => infer.MCMC(infer.NUTS(x)).getSamples())).toMatchInlineSnapshot(`
     "McmcError: MCMC: there are no draws yet.
       Fix: await mcmc.run(...args) first."
    `);
  });

  it('of a density that is nowhere finite', async () => {
    const model = () => pyro.factor('f', x().mul(NaN));
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "McmcError: no start found in 100 tries: at the last one there is no finite log density at site 'f' (log density NaN, value NaN).
       Fix: give a start inside the support (initParams, initStrategy), or check the data and the scales of the priors."
    `);
  });
});

describe('SVI', () => {
  const two = () => [x(), pyro.sample('scale', dist.HalfNormal(1))];

  it('with a guide that misses a site', async () => {
    expect(await printed(learnt(two, guideOfX))).toMatchInlineSnapshot(`
     "GuideError at site 'scale': the model has the latent site 'scale' (HalfNormal, shape []), the guide has not; its sites are 'x'
       Fix: sample 'scale' in the guide too, or observe it in the model."
    `);
  });

  it('with a guide that has a site too many', async () => {
    const guide = () => [guideOfX(), pyro.sample('nu', dist.Normal(0, 1))];
    expect(await printed(learnt(x, guide))).toMatchInlineSnapshot(`
     "GuideError at site 'nu': the guide has the site 'nu', the model has not; its latent sites are 'x'
       Fix: rename it, or mark it as the guide's own: sample('nu', fn, { infer: { isAuxiliary: true } })."
    `);
  });

  it('with a guide that observes', async () => {
    const guide = () => pyro.sample('x', dist.Normal(pyro.param('loc', 0), 1), { obs: 1 });
    expect(await printed(learnt(x, guide))).toMatchInlineSnapshot(`
     "GuideError at site 'x': 'x' is latent in the model, but observed in the guide
       Fix: leave obs out of it in the guide, or observe it in the model."
    `);
  });

  it('with a guide of another shape', async () => {
    expect(await printed(learnt(() => pyro.plate('p', 3, x), guideOfX))).toMatchInlineSnapshot(`
     "GuideError at site 'x': 'x' has shape [3] in the model, [] in the guide
       Fix: give the guide's distribution the shape [3], for instance by parameters of that shape and the same plates."
    `);
  });

  it('with a guide that reaches outside the support', async () => {
    const model = () => pyro.sample('x', dist.HalfNormal(1));
    expect(await printed(learnt(model, guideOfX))).toMatchInlineSnapshot(`
     "NonFiniteLossError: the loss of step 1 is Infinity: model site 'x' (HalfNormal) has log density -Infinity.
       Fix: look for NaN in the data, for observations outside the support, and for guide sites whose distribution reaches outside the support that the model gives them; lower the learning rate or the initial scale; or pass nonFinite: 'skip' to leave such steps out. \`error.state\` is the last finite state."
    `);
  });

  it('with nothing to learn', async () => {
    expect(await printed(learnt(x, x))).toMatchInlineSnapshot(`
     "SviError: neither the model nor the guide has a parameter, so there is nothing to learn
       Fix: declare parameters with param('name', initialValue), or use a guide such as AutoNormal(model)."
    `);
  });

  it('with an automatic guide for a discrete site', async () => {
    const model = () => pyro.sample('z', dist.Bernoulli(0.5));
    expect(await printed(learnt(model, infer.AutoNormal(model)))).toMatchInlineSnapshot(`
     "GuideError at site 'z': AutoNormal covers continuous sites only; 'z' (Bernoulli) is discrete
       Fix: mark them with infer: { enumerate: 'parallel' }, or the model with configEnumerate(model), and use TraceEnumELBO, which sums them out; or write a guide with a discrete distribution for them."
    `);
  });

  it('with an objective that was not called', async () => {
    const options = { model: x, guide: guideOfX, optim: optim.Adam(), loss: infer.TraceELBO };
    expect(await printed(() => infer.SVI(options as never))).toMatchInlineSnapshot(`
     "SviError: loss is the function TraceELBO
       Fix: call the objective: TraceELBO()."
    `);
  });

  it('with arguments by position', async () => {
    expect(await printed(() => infer.SVI(x as never))).toMatchInlineSnapshot(`
     "OptionError: the options of SVI must be an object; they are the function x
       Fix: pass them by name: { model, guide, optim, … }."
    `);
  });

  it('with a misspelt learning rate', async () => {
    expect(await printed(() => optim.Adam({ lr: 0.1 } as never))).toMatchInlineSnapshot(`
     "OptionError: optim.Adam has no option 'lr'; its options are learningRate, betas, epsilon, weightDecay
       Fix: use one of those names, or leave it out."
    `);
  });

  it('with a negative learning rate', async () => {
    expect(await printed(() => optim.Adam({ learningRate: -1 }))).toMatchInlineSnapshot(`
     "SviError: the learningRate of optim.Adam is -1
       Fix: pass a positive number, or a schedule (a function of the step)."
    `);
  });

  it('without a number of steps', async () => {
    const svi = infer.SVI({ model: x, guide: guideOfX, optim: optim.Adam(), loss: infer.TraceELBO() });
    expect(await printed(() => svi.run(undefined as never))).toMatchInlineSnapshot(`
     "OptionError: the options of svi.run must be an object; they are undefined
       Fix: pass them by name: { steps, seed, state, … }."
    `);
  });

  it('without particles', async () => {
    expect(await printed(() => infer.TraceELBO({ numParticles: 0 }))).toMatchInlineSnapshot(`
     "SviError: numParticles is 0
       Fix: pass a whole number of at least 1."
    `);
  });
});

describe('Predictive', () => {
  const posteriorSamples = { mu: { data: Float64Array.of(1, 2), shape: [2], dtype: 'float32' as const } };

  it('with draws and a guide', async () => {
    const options = { posteriorSamples, guide: () => undefined };
    expect(await printed(() => infer.Predictive(normal(1), options))).toMatchInlineSnapshot(`
     "PredictiveError: posteriorSamples and guide are both given
       Fix: pass the draws, or the guide to draw from, not both."
    `);
  });

  it('without a number of draws', async () => {
    expect(await printed(() => infer.Predictive(normal(1), {}))).toMatchInlineSnapshot(`
     "PredictiveError: the number of draws is not known: numSamples is absent, and there are no posteriorSamples
       Fix: pass numSamples, a positive integer."
    `);
  });

  it('with draws of another model', async () => {
    expect(await printed(() => infer.Predictive(x, { posteriorSamples })())).toMatchInlineSnapshot(`
     "PredictiveError: posteriorSamples has 'mu', which the model does not have; it has x
       Fix: pass the draws of this model, under the names of its sites."
    `);
  });

  it('asked for a site that the model does not have', async () => {
    const options = { posteriorSamples, returnSites: ['z'] };
    expect(await printed(() => infer.Predictive(normal(1), options)())).toMatchInlineSnapshot(`
     "PredictiveError: returnSites names 'z', which the model does not have; it has mu, data, y
       Fix: use one of those names, or '_RETURN' for the model's result."
    `);
  });

  it('with draws that are still a Promise', async () => {
    const options = { posteriorSamples: Promise.resolve(posteriorSamples) as never };
    expect(await printed(() => infer.Predictive(normal(1), options)())).toMatchInlineSnapshot(`
     "PredictiveError: posteriorSamples is empty
       Fix: pass the draws of MCMC or of a guide, or numSamples for the prior."
    `);
  });
});
