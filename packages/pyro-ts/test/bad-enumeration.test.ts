/**
 * What a user may do wrong with enumeration, end to end: every message names the site and what to do.
 */
import * as pyro from 'pyro-ts';
import { dist, handlers, infer, optim, tf } from 'pyro-ts';
import { printed, sampled } from './misuse';

const parallel = { infer: { enumerate: 'parallel' } } as const;

/** One look at model and guide by TraceEnumELBO. */
const enumerated =
  (model: () => unknown, guide: () => unknown, options: object = {}) =>
  () =>
    infer
      .SVI({ model, guide, optim: optim.Adam(), loss: infer.TraceEnumELBO(options) })
      .run({ steps: 1, seed: 0 });

const guideOfX = () => pyro.sample('x', dist.Normal(pyro.param('loc', 0), 1));
const mu = () => pyro.sample('mu', dist.Normal(0, 1));
const guideOfMu = () => pyro.sample('mu', dist.Normal(pyro.param('loc', 0), 1));

describe('summing discrete sites out', () => {
  it('of plates that are not nested', async () => {
    const model = () => {
      const loc = mu();
      const rows = pyro.plate('rows', { size: 2, dim: -2 });
      const columns = pyro.plate('columns', { size: 3, dim: -1 });
      const a = rows.run(() => pyro.sample('a', dist.Bernoulli(0.5)));
      const b = columns.run(() => pyro.sample('b', dist.Bernoulli(0.5)));
      rows.run(() =>
        columns.run(() => pyro.sample('y', dist.Normal(tf.add(loc, tf.add(a, b)), 1), { obs: 0 })),
      );
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'b': expected plates nested as a tree, but something in plate 'rows', 'columns' depends on enumerated sites of different plates: 'b' (in plate 'columns'), 'a' (in plate 'rows')
       Fix: turn one of the plates into a sequential one, for (const i of plate(…)), whose sum is exact but exponential in its size; or nest the sites."
    `);
  });

  it('whose numbers the model reads', async () => {
    const model = () => {
      const loc = mu();
      const z = pyro.sample('z', dist.Categorical([0.2, 0.8]));
      pyro.sample('y', dist.Normal(loc.add([1, 2][z.dataSync()[0]]), 1), { obs: 2.5 });
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "HandlerError at site 'z': the model read the numbers of the site, but they are all its values at once, shape [2]: the site is enumerated
       Fix: use tensor operations: table.gather(z), tf.where(z.equal(1), a, b), indexing.vindex. Branches of JavaScript cannot depend on it."
    `);
  });

  it('with a batch dim that no plate declares', async () => {
    const model = () => {
      const loc = mu();
      const z = pyro.sample('z', dist.Bernoulli(0.5));
      pyro.sample('y', dist.Normal(tf.add(loc, tf.cast(z, 'float32')), [1, 1, 1]), { obs: [1, 2, 3] });
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'y': the log density has shape [2, 3], with size 3 at dim -1, which belongs to no plate (the site is inside no plate), and depends on enumerated sites: whether its elements are independent given them is not known
       Fix: declare it: plate('…', {size: 3, dim: -1}, () => …) around the site, or make the dim part of the event: .toEvent(1)."
    `);
  });

  it('with different scales', async () => {
    const model = () => {
      const loc = mu();
      const z = pyro.sample('z', dist.Bernoulli(0.5));
      handlers.scale(() => pyro.sample('y', dist.Normal(tf.add(loc, tf.cast(z, 'float32')), 1), { obs: 0 }), {
        scale: 3,
      })();
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'y': enumerated sites and those that depend on them must share one scale; 'z' has 1, 'y' has 3
       Fix: enumerate inside of the subsampled plate only, or take the whole plate; put handlers.scale around all of them."
    `);
  });

  it('with a scale for each element', async () => {
    const model = () => {
      mu();
      const inner = () =>
        pyro.plate('data', 2, () => {
          const z = pyro.sample('z', dist.Bernoulli(0.5));
          pyro.sample('y', dist.Normal(tf.cast(z, 'float32'), 1), { obs: 0 });
        });
      handlers.scale(inner, { scale: tf.tensor1d([1, 2]) })();
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'z': the scale of an enumerated site, or of one that depends on it, must be one number for all elements
       Fix: scale by a number, or leave these sites out of handlers.scale."
    `);
  });

  it('with too short a history', async () => {
    const model = () => {
      const p = pyro.sample('p', dist.Dirichlet([1, 1]));
      const table = tf.stack([p, p]);
      const path: tf.Tensor[] = [];
      for (const t of pyro.markov(pyro.range(4))) {
        const weights = t < 2 ? p : pyro.indexing.vindex(table, [path[t - 2]]);
        path.push(pyro.sample(`x_${t}`, dist.Categorical(weights)));
      }
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "HandlerError at site 'x_2': the batch shape [2] has size 2 at dim -1, which belongs to no enumerated site in scope (dims from -1 to the left are for enumeration; in scope: 'x_1' (size 2, dim -2), 'x_2' (size 2, dim -3))
       Fix: if it depends on a site further back, raise the history of markov (it is 1); if the dim is a batch dim of its own, declare it by a plate with maxPlateNesting 1 or more."
    `);
  });

  it('with a support that depends on an enumerated site', async () => {
    const model = () => {
      const z = pyro.sample('z', dist.Bernoulli(0.5));
      pyro.sample('x', dist.Uniform(0, tf.add(1, tf.cast(z, 'float32'))));
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'x': the support of Uniform(low: 0, high: [2]) depends on an enumerated site, so the site cannot be one value for all of them
       Fix: sample a value from a fixed support and compute the other from it: x = low + (high - low) * u."
    `);
  });

  it('of a site that is to be enumerated one run after the other', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), { infer: { enumerate: 'sequential' } });
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'z': the site of a model is marked with enumerate: 'sequential', which only guides can have
       Fix: mark it with enumerate: 'parallel', or leave the mark out."
    `);
  });

  it('of a site of which draws are to be taken', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), { infer: { enumerate: 'parallel', numSamples: 10 } });
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "EnumerationError at site 'z': the site is marked with numSamples: 10, but a log density must not depend on draws
       Fix: leave numSamples out: all values are summed over."
    `);
  });

  it('of a vector of discrete values', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli([0.5, 0.5]).toEvent(1), parallel);
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "HandlerError at site 'z': the site is marked for enumeration, but the values of Bernoulli(probs: [2]).toEvent(1) cannot be listed
       Fix: open plates instead of .toEvent: a vector of n discrete values has exponentially many, its elements have few."
    `);
  });

  it('with a misspelt mark', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), { infer: { enumerate: 'paralel' as never } });
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "HandlerError at site 'z': infer.enumerate is 'paralel'
       Fix: pass 'parallel' (values along a dim) or 'sequential' (one run for each value, in guides)."
    `);
  });
});

describe('TraceEnumELBO', () => {
  it('with a discrete site that is neither marked nor in the guide', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5));
    };
    expect(await printed(enumerated(model, guideOfMu))).toMatchInlineSnapshot(`
     "GuideError at site 'z': the model has the latent site 'z' (Bernoulli, shape []), the guide has not; its sites are 'mu'
       Fix: sample 'z' in the guide too, or observe it in the model; TraceEnumELBO also sums it out if it is marked with infer: { enumerate: 'parallel' }."
    `);
  });

  it('with a sequential site of the model', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), { infer: { enumerate: 'sequential' } });
    };
    expect(await printed(enumerated(model, guideOfMu))).toMatchInlineSnapshot(`
     "GuideError at site 'z': the model has the site 'z' with enumerate: 'sequential', the guide has not: models are enumerated in parallel only
       Fix: mark it with enumerate: 'parallel', or sample it in the guide, where it may be sequential."
    `);
  });

  it('with draws in the model', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), { infer: { enumerate: 'parallel', numSamples: 10 } });
    };
    expect(await printed(enumerated(model, guideOfMu))).toMatchInlineSnapshot(`
     "EnumerationError at site 'z': the site of the model is marked with numSamples: 10, but only the guide may draw
       Fix: leave numSamples out in the model: all values are summed over; or sample the site in the guide, with numSamples there."
    `);
  });

  it('with a site enumerated in the model outside of the plate of one enumerated in the guide', async () => {
    const model = () => {
      const g = pyro.sample('g', dist.Bernoulli(0.5), parallel);
      pyro.plate('data', 3, () => {
        const z = pyro.sample('z', dist.Bernoulli(pyro.indexing.vindex([0.2, 0.7], [g])));
        pyro.sample('y', dist.Normal(tf.cast(z, 'float32'), 1), { obs: 0 });
      });
    };
    const guide = () =>
      pyro.plate('data', 3, () => pyro.sample('z', dist.Bernoulli({ logits: pyro.param('t', 0) }), parallel));
    expect(await printed(enumerated(model, guide))).toMatchInlineSnapshot(`
     "EnumerationError at site 'g': expected sites enumerated in the model to be no more global than those enumerated in the guide, but 'g' (in no plate) of the model depends on all elements of 'z' (in plate 'data') of the guide
       Fix: leave 'z' out of the guide, so that the model sums it out; or enumerate 'g' in the guide (sites outside of plate 'data' first)."
    `);
  });

  it('with plates deeper than maxPlateNesting', async () => {
    const model = () =>
      pyro.plate('data', 3, () => {
        const z = pyro.sample('z', dist.Bernoulli(0.5), parallel);
        pyro.sample('y', dist.Normal(tf.cast(z, 'float32'), 1), { obs: 0 });
      });
    expect(await printed(enumerated(model, () => pyro.param('m', 0), { maxPlateNesting: 0 })))
      .toMatchInlineSnapshot(`
     "PlateError: plates are nested too deep for enumeration: plate 'data' (size 3, dim -1) is where enumerated values go (dims from -1 to the left), at site 'z'
       Fix: raise maxPlateNesting to 1 or more (firstAvailableDim: -2).
       Raised in the model after site 'data'."
    `);
  });

  it('with a continuous site that is marked', async () => {
    const model = () => pyro.sample('x', dist.Normal(0, 1));
    const guide = () => pyro.sample('x', dist.Normal(pyro.param('loc', 0), 1), parallel);
    expect(await printed(enumerated(model, guide))).toMatchInlineSnapshot(`
     "HandlerError at site 'x': the site is marked for enumeration, but the values of Normal(loc: [], scale: 1) cannot be listed
       Fix: leave infer.enumerate out: continuous sites are sampled."
    `);
  });

  it('with a misspelt option, and options that make no sense', async () => {
    expect(await printed(() => infer.TraceEnumELBO({ numParticle: 3 } as never))).toMatchInlineSnapshot(`
     "OptionError: TraceEnumELBO has no option 'numParticle'; its options are numParticles, vectorizeParticles, maxPlateNesting, strictEnumerationWarning
       Fix: did you mean 'numParticles'?"
    `);
    expect(await printed(() => infer.TraceEnumELBO({ maxPlateNesting: Infinity }))).toMatchInlineSnapshot(`
     "SviError: maxPlateNesting is Infinity
       Fix: pass a whole number."
    `);
    expect(await printed(() => infer.configEnumerate(guideOfX, { default: 'both' as never })))
      .toMatchInlineSnapshot(`
     "EnumerationError: configEnumerate: default is 'both'
       Fix: pass 'parallel' or 'sequential'."
    `);
    expect(await printed(() => infer.configEnumerate(guideOfX, { numSamples: 0 }))).toMatchInlineSnapshot(`
     "EnumerationError: configEnumerate: numSamples is 0
       Fix: pass a positive whole number of draws."
    `);
  });
});

describe('objectives that do not enumerate', () => {
  it('TraceELBO with a marked site', async () => {
    const model = () => {
      mu();
      pyro.sample('z', dist.Bernoulli(0.5), parallel);
    };
    const run = () =>
      infer
        .SVI({ model, guide: guideOfMu, optim: optim.Adam(), loss: infer.TraceELBO() })
        .run({ steps: 1, seed: 0 });
    expect(await printed(run)).toMatchInlineSnapshot(`
     "GuideError at site 'z': the site is marked with enumerate: 'parallel', but TraceELBO draws every site
       Fix: use TraceEnumELBO, which sums it out, or leave the mark out."
    `);
  });
});

describe('markov', () => {
  it('with a history that is no whole number, and without anything to go through', async () => {
    expect(await printed(() => pyro.markov([1, 2], { history: -1 }))).toMatchInlineSnapshot(`
     "HandlerError: markov: history must be a whole number of steps; it is -1
       Fix: pass 1 for a first-order chain, 2 for a second-order one, 0 for independent steps."
    `);
    expect(await printed(() => pyro.markov(5 as never))).toMatchInlineSnapshot(`
     "HandlerError: markov: the first argument must be a function or something to loop over; it is 5
       Fix: write for (const t of markov(range(T))), or markov((…) => …)."
    `);
    expect(await printed(() => pyro.markov([1], { hist: 1 } as never))).toMatchInlineSnapshot(`
     "OptionError: markov has no option 'hist'; its options are history, keep
       Fix: use one of those names, or leave it out."
    `);
  });
});
