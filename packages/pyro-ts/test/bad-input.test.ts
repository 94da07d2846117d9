/**
 * What a user may do wrong, end to end: every message names the site, what was given and what to do. Models that are
 * wrong in their types as well stand behind `as never`: JavaScript has no types.
 */
import * as pyro from 'pyro-ts';
import { constraints, dist, handlers, infer, tf } from 'pyro-ts';
import { learnt, normal, printed, sampled, short, trace, x } from './misuse';

describe('sites', () => {
  it('two of one name', async () => {
    expect(await printed(trace(() => [x(), x()]))).toMatchInlineSnapshot(`
     "DuplicateSiteError at site 'x': two sample sites of one run are named 'x'
       Fix: give the second one another name; in a loop, build the name from the index: \`x_\${i}\`."
    `);
  });

  it('a name made of a tensor', async () => {
    const model = () => pyro.sample(`y_${x().toString()}`.slice(0, 10), dist.Normal(0, 1));
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ArgumentError: the name of a site must be one line; that of a sample is 'y_Tensor '
       Fix: build names from numbers, not from tensors: \`x_\${i}\`.
       Raised in the model after site 'x'."
    `);
  });

  it('name and distribution exchanged', async () => {
    expect(await printed(trace(() => pyro.sample(dist.Normal(0, 1) as never, 'x' as never))))
      .toMatchInlineSnapshot(`
     "ArgumentError: the first argument of sample must be the name of the site; it is Normal(loc: 0, scale: 1)
       Fix: write sample('name', …), with a name that no other site of the run has."
    `);
  });

  it('a family in place of a distribution', async () => {
    expect(await printed(trace(() => pyro.sample('x', dist.Normal as never)))).toMatchInlineSnapshot(`
     "ArgumentError at site 'x': the second argument of sample must be a distribution; it is the function Normal
       Fix: call the family with its parameters: dist.Normal(0, 1)."
    `);
  });

  it('a number in place of a distribution', async () => {
    expect(await printed(trace(() => pyro.sample('x', 3 as never)))).toMatchInlineSnapshot(`
     "ArgumentError at site 'x': the second argument of sample must be a distribution; it is 3
       Fix: call the family with its parameters: dist.Normal(0, 1)."
    `);
  });

  it('a misspelt option, which would leave the site latent', async () => {
    const model = () => pyro.sample('x', dist.Normal(0, 1), { observed: 1 } as never);
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "OptionError at site 'x': sample has no option 'observed'; its options are obs, obsMask, infer
       Fix: use one of those names, or leave it out."
    `);
  });

  it('an observation in the place of the options', async () => {
    expect(await printed(trace(() => pyro.sample('x', dist.Normal(0, 1), [1] as never))))
      .toMatchInlineSnapshot(`
     "OptionError at site 'x': the options of sample must be an object; they are an array of 1
       Fix: pass them by name: { obs, obsMask, infer }."
    `);
  });
});

describe('distributions', () => {
  it('a misspelt parameter', async () => {
    expect(await printed(() => dist.Normal({ loc: 0, scal: 1 } as never))).toMatchInlineSnapshot(`
     "ArgumentError: Normal has no parameter 'scal'; its parameters are 'loc', 'scale'
       Fix: write Normal({ loc?, scale? })."
    `);
  });

  it('too many parameters', async () => {
    expect(await printed(() => dist.Normal(0, 1, 2 as never))).toMatchInlineSnapshot(`
     "ArgumentError: Normal takes at most 2 parameters, got 3
       Fix: write Normal({ loc?, scale? }), with options like { validateArgs: false } last."
    `);
  });

  it('a required parameter left out', async () => {
    expect(await printed(() => dist.Poisson(undefined as never))).toMatchInlineSnapshot(`
     "ArgumentError: Poisson needs parameter 'rate'
       Fix: write Poisson({ rate }); the value undefined counts as absent."
    `);
  });

  it('two parameters of which one is enough', async () => {
    expect(await printed(() => dist.Bernoulli({ probs: 0.5, logits: 0 } as never))).toMatchInlineSnapshot(`
     "ArgumentError: Bernoulli takes exactly one of 'probs', 'logits', got 'probs', 'logits'
       Fix: write Bernoulli({ probs | logits }); the value undefined counts as absent."
    `);
  });

  it('a parameter that is no number', async () => {
    expect(await printed(() => dist.Normal('0' as never, 1))).toMatchInlineSnapshot(`
     "ArgumentError: parameter 'loc' of Normal must be a number, an array or a tensor, got string
       Fix: pass 'loc' as a number, a (nested or typed) array, an NdArray or a tensor."
    `);
  });

  it('parameters that do not broadcast', async () => {
    expect(await printed(() => dist.Normal([0, 1], [1, 2, 3]))).toMatchInlineSnapshot(`
     "ShapeError: parameters of Normal do not broadcast: loc: [2], scale: [3]
       Fix: make the shapes equal from the right, or add dimensions of size 1."
    `);
  });

  it('a parameter outside its constraint, in a model', async () => {
    const model = () => pyro.sample('y', dist.Normal(x(), [1, 0, 2]));
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ConstraintError at site 'y': parameter 'scale' of Normal(loc: [], scale: [3]) must satisfy \`positive\`, got 0 at index [1] of shape [3]
       Fix: give 'scale' values in \`positive\`, e.g. map unconstrained numbers there with transformTo(constraint); { validateArgs: false } skips the check."
    `);
  });

  it('bounds the wrong way round', async () => {
    expect(await printed(() => dist.Uniform(1, 0))).toMatchInlineSnapshot(`
     "ConstraintError: parameter 'high' of Uniform(low: 1, high: 0) must satisfy \`greaterThan(1)\`, got 0
       Fix: give 'high' values in \`greaterThan(1)\`, e.g. map unconstrained numbers there with transformTo(constraint); { validateArgs: false } skips the check."
    `);
  });

  it('a covariance that is not positive definite', async () => {
    const covarianceMatrix = [[1, 2], [2, 1]]; // prettier-ignore
    expect(await printed(() => dist.MultivariateNormal({ loc: [0, 0], covarianceMatrix })))
      .toMatchInlineSnapshot(`
     "ConstraintError: parameter 'covarianceMatrix' of MultivariateNormal(loc: [2], covarianceMatrix: [2, 2]) must satisfy \`positiveDefinite\`, got [1, 2, 2, 1] of shape [2, 2]
       Fix: give 'covarianceMatrix' values in \`positiveDefinite\`, e.g. map unconstrained numbers there with transformTo(constraint); { validateArgs: false } skips the check."
    `);
  });

  it('more event dims than there are', async () => {
    expect(await printed(() => dist.Normal(0, 1).toEvent(1))).toMatchInlineSnapshot(`
     "ShapeError: toEvent(1) of Normal(loc: 0, scale: 1), whose batch shape is []
       Fix: pass at most 0, or expand first: .expand([…]).toEvent(1)."
    `);
  });
});

describe('data', () => {
  it('of the wrong length', async () => {
    const model = () =>
      pyro.plate('schools', 7, () => pyro.sample('y', dist.Normal(0, 1), { obs: [1, 2, 3] }));
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ShapeError at site 'y': observed value has shape [3]; Normal(loc: 0, scale: 1).expand([7]) has batch shape [7]
       inside plate 'schools' (size 7, dim -1).
       Fix: pass 7 observations along dim -1, or open plate 'schools' with size 3.
       Shapes of the sites before:
         schools  plate  7 |"
    `);
  });

  it('without a plate', async () => {
    const model = () => pyro.sample('y', dist.Normal(x(), 1), { obs: [1, 2, 3] });
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ShapeError at site 'y': observed value has shape [3]; Normal(loc: [], scale: 1) has batch shape []
       Fix: open a plate of size 3 at dim -1 around the site, or expand the distribution to [3].
       Shapes of the sites before:
         x  dist   |
            value  |"
    `);
  });

  it('ragged', async () => {
    const obs = [[1, 2], [3]];
    expect(await printed(trace(() => pyro.sample('y', dist.Normal(0, 1), { obs })))).toMatchInlineSnapshot(`
     "ShapeError at site 'y': nested array is ragged: its first elements have shape [2, 2], but an item at depth 1 is 1 elements
       Fix: give every row the same length."
    `);
  });

  it('with a gap', async () => {
    const obs = [1, undefined] as never;
    expect(await printed(trace(() => pyro.sample('y', dist.Normal([0, 0], 1), { obs }))))
      .toMatchInlineSnapshot(`
     "ValueError at site 'y': cannot make a tensor of undefined
       Fix: pass numbers, or arrays of numbers."
    `);
  });

  it('with NaN', async () => {
    expect(await printed(sampled(normal(1, NaN, 2)))).toMatchInlineSnapshot(`
     "ConstraintError at site 'y': value must lie in the support \`real\` of Normal(loc: [], scale: 1).expand([3]), got NaN at index [1] of shape [3]
       Fix: remove missing values, or mask them out (obsMask, or .mask(…))."
    `);
  });

  it('with Infinity', async () => {
    expect(await printed(sampled(normal(1, Infinity, 2)))).toMatchInlineSnapshot(`
     "McmcError: no start found in 100 tries: at the last one there is no finite log density at site 'y' (log density -Infinity, value Infinity at index [1] of shape [3]).
       Fix: give a start inside the support (initParams, initStrategy), or check the data and the scales of the priors."
    `);
  });

  it('with NaN among the covariates', async () => {
    const model = () => {
      const slope = x();
      pyro.plate('data', 2, () => pyro.sample('y', dist.Normal(slope.mul([1, NaN]), 1), { obs: [1, 2] }));
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "ConstraintError at site 'y': parameter 'loc' of Normal(loc: [2], scale: 1) must satisfy \`real\`, got NaN at index [1] of shape [2]
       Fix: look where the NaN comes from: missing values in the data, 0 / 0, the log of a negative number."
    `);
  });

  it('empty', async () => {
    expect(await printed(sampled(normal()))).toMatchInlineSnapshot(`
     "PlateError: plate 'data': size must be a positive integer; it is 0
       Fix: look whether the data is empty.
       Raised in the model after site 'mu'."
    `);
  });

  it('outside the support', async () => {
    const model = () => {
      const rate = pyro.sample('rate', dist.Gamma(1, 1));
      pyro.plate('data', 2, () => pyro.sample('y', dist.Poisson(rate), { obs: [1, -2] }));
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "ConstraintError at site 'y': value must lie in the support \`nonnegativeInteger\` of Poisson(rate: []).expand([2]), got -2 at index [1] of shape [2]
       Fix: correct the value or choose a distribution with that support; { validateArgs: false } gives it the log density −Infinity."
    `);
  });

  it('NaN, for SVI', async () => {
    expect(await printed(learnt(normal(1, NaN), infer.AutoNormal(normal(1, NaN))))).toMatchInlineSnapshot(`
     "InitializationError: no starting point with a finite density in 100 tries (initToMedian). In the last one:
       - observed site 'y' (Normal) has log density NaN at [1, NaN]
       Fix: look for NaN in the data and observations outside the support, or start from initToValue({ values }).
       Raised in the model after site 'y'."
    `);
  });
});

describe('tensors as JavaScript values', () => {
  it('compared', async () => {
    expect(await printed(trace(() => ((x() as never) > 0 ? 1 : 2)))).toMatchInlineSnapshot(`
     "TensorCoercionError at site 'x': a tensor of shape [] was used as a JavaScript number or in a comparison
       Fix: use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0]."
    `);
  });

  it('in arithmetic, after some steps', async () => {
    expect(await printed(trace(() => (x().exp() as never) * 2))).toMatchInlineSnapshot(`
     "TensorCoercionError: a tensor of shape [], after site 'x', was used as a JavaScript number or in a comparison
       Fix: use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0].
       Raised in the model after site 'x'."
    `);
  });

  it('given to Math', async () => {
    expect(await printed(trace(() => Math.exp(x() as never)))).toMatchInlineSnapshot(`
     "TensorCoercionError at site 'x': a tensor of shape [] was used as a JavaScript number or in a comparison
       Fix: use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0]."
    `);
  });

  const peeking = () => {
    const value = x();
    const scale = value.dataSync()[0] > 0 ? 1 : 2;
    pyro.sample('y', dist.Normal(value, scale), { obs: 1 });
  };

  it('read by a model under NUTS: it runs, with one note', async () => {
    const { warnings } = await infer.MCMC(infer.NUTS(peeking), { ...short, numChains: 2 }).run();
    const notes = warnings.filter(({ kind }) => kind === 'notCompiled');
    expect(notes).toHaveLength(1);
    expect(notes[0].message).toMatchInlineSnapshot(`
     "the model is evaluated op by op, which is slow, because it cannot be compiled: at site 'x': the value of a traced tensor was read: the output of Reshape, shape [].
       While a function is traced its tensors have shapes but no values, so JavaScript cannot branch or loop on them.
       Fix: write the choice with tensors (tf.where, cond or whileLoop of @pyro-ts/ops), pass a number that decides the control flow as a
       plain argument, or run without compiling (fallback: 'eager')."
    `);
  });

  it("read by a model under NUTS with fallback: 'error'", async () => {
    expect(await printed(sampled(peeking, { fallback: 'error' }))).toMatchInlineSnapshot(`
     "TracedValueError at site 'x': the value of a traced tensor was read: the output of Reshape, shape [].
       While a function is traced its tensors have shapes but no values, so JavaScript cannot branch or loop on them.
       Fix: write the choice with tensors (tf.where, cond or whileLoop of @pyro-ts/ops), pass a number that decides the control flow as a
       plain argument, or run without compiling (fallback: 'eager')."
    `);
  });

  it('shapes that do not fit, in tensor code of the model', async () => {
    const model = () => {
      const b = pyro.sample('b', dist.Normal(0, 1).expand([3]).toEvent(1));
      return tf.matMul(tf.zeros([4, 2]), b.reshape([3, 1]));
    };
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ShapeError: matMul: inner dimensions 2 and 3 of [4, 2] and [3, 1] differ
       Fix: the columns of the first must be the rows of the second; to transpose one, pass transposeA or transposeB.
       Raised in the model after site 'b'.
       Shapes of the sites before:
         b  dist   | 3
            value  | 3"
    `);
  });
});

describe('plates', () => {
  it('two at one dim', async () => {
    const model = () => pyro.plate('a', { size: 3, dim: -1 }, () => pyro.plate('b', { size: 4, dim: -1 }, x));
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "PlateError: plates 'a' and 'b' collide at dim -1: plate 'a' (size 3, dim -1) is open around plate 'b' (size 4, dim -1)
       Fix: give plate 'b' dim -2, or leave its dim out.
       Raised in the model after site 'b'."
    `);
  });

  it('inside itself', async () => {
    expect(await printed(trace(() => pyro.plate('a', 3, () => pyro.plate('a', 3, x)))))
      .toMatchInlineSnapshot(`
     "PlateError: plate 'a' (size 3, dim -1) is entered inside itself
       Fix: give the inner plate another name, or leave the outer one before.
       Raised in the model after site 'a'."
    `);
  });

  it('of another size than the distribution', async () => {
    const model = () => pyro.plate('a', 3, () => pyro.sample('x', dist.Normal([0, 0, 0, 0], 1)));
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ShapeError at site 'x': Normal(loc: [4], scale: 1) has batch shape [4]: 4 at dim -1, where plate 'a' has size 3
       inside plate 'a' (size 3, dim -1).
       Fix: make dim -1 have size 3 or 1, or declare it an event dim with .toEvent(1).
       Shapes of the sites before:
         a  plate  3 |"
    `);
  });

  it('data in the place of a size', async () => {
    expect(await printed(trace(() => pyro.plate('a', [1, 2, 3] as never, x)))).toMatchInlineSnapshot(`
     "PlateError: plate 'a': the second argument must be the number of elements, or options; it is an array of 3
       Fix: pass a number, or { size, subsampleSize, dim }."
    `);
  });

  it('a dim counted from the left', async () => {
    expect(await printed(trace(() => pyro.plate('a', { size: 3, dim: 1 }, x)))).toMatchInlineSnapshot(`
     "PlateError: plate 'a': dim must be a negative integer; it is 1
       Fix: count from the right: -1 is the rightmost batch dim."
    `);
  });

  it('a subsample larger than the plate', async () => {
    const model = () => pyro.plate('a', { size: 3, subsampleSize: 5 }, x);
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "PlateError: plate 'a': subsampleSize must be an integer from 1 to size 3; it is 5
       Fix: draw fewer elements."
    `);
  });

  it('the whole data observed in a minibatch', async () => {
    const site = () => pyro.sample('y', dist.Normal(0, 1), { obs: [1, 2, 3, 4] });
    const model = () => pyro.plate('data', { size: 4, subsampleSize: 2 }, site);
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ShapeError at site 'y': observed value has shape [4]; Normal(loc: 0, scale: 1).expand([2]) has batch shape [2]
       inside plate 'data' (size 2 of 4, dim -1).
       Fix: observe only the subsample: index the data with the indices that plate 'data' passes to its body, or use subsample(data).
       Shapes of the sites before:
         data  plate  2 |  2 of 4"
    `);
  });

  it('a minibatch under NUTS', async () => {
    const model = () => {
      const mu = pyro.sample('mu', dist.Normal(0, 1));
      const site = () => pyro.sample('y', dist.Normal(mu, 1), { obs: pyro.subsample([1, 2, 3, 4]) });
      pyro.plate('data', { size: 4, subsampleSize: 2 }, site);
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'data': the plate draws 2 of 4 elements anew in every run, so the log density is random
       Fix: take the whole plate for MCMC (leave subsampleSize out), or use SVI."
    `);
  });
});

describe('models, parameters and handlers', () => {
  it('a model that returns a Promise', async () => {
    const model = async () => Promise.resolve(x());
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "AsyncModelError: the model (or the body of a plate) returned a Promise, but handlers see only what runs synchronously.
       Fix: make it a plain function: await data before the run and pass it as an argument.
       Raised in the model after site 'x'."
    `);
  });

  it('a model that does not do the same in every run', async () => {
    const text = await printed(sampled(() => pyro.sample('x', dist.Normal(Math.random(), 1))));
    expect(text.replaceAll(/-?\d+\.\d+/g, '#')).toMatchInlineSnapshot(`
     "McmcError: the log density at the start is #, but running the model again gives # (x: #).
       Fix: let the model depend on nothing but its arguments and its sites (no Math.random, no state outside)."
    `);
  });

  it('a site that is there in some runs only', async () => {
    const model = () => {
      if (x().dataSync()[0] > 0) pyro.sample('y', dist.Normal(0, 1));
    };
    expect(await printed(sampled(model))).toMatchInlineSnapshot(`
     "LatentSiteError at site 'y': the site was not there in the first run of the model
       Fix: let neither the presence nor the shape of a site depend on values or on random choices."
    `);
  });

  it('the result of a model in place of the model', async () => {
    expect(await printed(() => tf.tidy(() => void handlers.seed(x() as never, { seed: 0 }))))
      .toMatchInlineSnapshot(`
     "HandlerError: a model must be a function; it is a tensor of shape []
       Fix: pass the function itself, without calling it; its arguments come with the run."
    `);
  });

  it('an initial value outside its constraint', async () => {
    const model = () => pyro.param('scale', -1, { constraint: constraints.positive });
    expect(await printed(trace(model))).toMatchInlineSnapshot(`
     "ParamError at site 'scale': the initial value -1 is outside its constraint positive
       Fix: give an initial value inside the constraint (constrained space), or another constraint."
    `);
  });

  it('a parameter without a value', async () => {
    expect(await printed(trace(() => pyro.param('scale')))).toMatchInlineSnapshot(`
     "ParamError at site 'scale': the parameter has no value: no handler supplies one and no initial value is given
       Fix: pass one: param('scale', 0), or substitute one."
    `);
  });

  it('a condition on a site that the model does not have', async () => {
    expect(await printed(trace(handlers.condition(normal(1), { data: { mo: 1 } })))).toMatchInlineSnapshot(`
     "UnknownSiteError at site 'mo': condition was given 'mo', but the run had no such site; its sample sites were mu, y
       Fix: did you mean 'mu'? Rename it, or pass allowUnknown: true if the model has the site only in some runs."
    `);
  });

  it('data of a condition without its name', async () => {
    expect(await printed(() => handlers.condition(x, { x: 1 } as never))).toMatchInlineSnapshot(`
     "OptionError: handlers.condition has no option 'x'; its options are data, allowUnknown
       Fix: use one of those names, or leave it out."
    `);
  });

  it('a seed without its name', async () => {
    expect(await printed(() => handlers.seed(x, 3 as never))).toMatchInlineSnapshot(`
     "OptionError: the options of handlers.seed must be an object; they are 3
       Fix: pass them by name: { seed }."
    `);
  });

  it('a site that the trace does not have', async () => {
    expect(await printed(() => handlers.trace(normal(1)).getTrace().value('mo'))).toMatchInlineSnapshot(`
     "UnknownSiteError at site 'mo': the trace has no such site; it has mu, data, y
       Fix: did you mean 'mu'?"
    `);
  });
});
