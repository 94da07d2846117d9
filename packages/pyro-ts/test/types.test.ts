/** What the types promise: arguments and results of a model survive every handler and every inference class. */
import * as pyro from 'pyro-ts';
import { constraints, dist, handlers, infer, optim } from 'pyro-ts';
import type { NdArray } from 'pyro-ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only if the types are the same. */
const same = <A, B>(areSame: Equal<A, B>): void => expect(areSame).toBe(true);
/** Type-checked, never run. */
const unrun = (body: () => unknown): void => expect(typeof body).toBe('function');

const model = (x: readonly number[], y?: readonly number[]) => {
  const slope = pyro.sample('slope', dist.Normal(0, 1));
  pyro.plate('data', x.length, () => pyro.sample('y', dist.Normal(slope.mul([...x]), 1), { obs: y }));
  return { slope };
};
type Args = Parameters<typeof model>;
type Result = ReturnType<typeof model>;

describe('the types of a model', () => {
  it('survive every handler', () => {
    const data = { slope: 1 };
    const trace = handlers.trace(handlers.seed(model, { seed: 0 })).getTrace([1], [2]);
    const handled = [
      handlers.trace(model),
      handlers.seed(model, { seed: 0 }),
      handlers.condition(model, { data }),
      handlers.uncondition(model),
      handlers.substitute(model, { data }),
      handlers.replay(model, { trace }),
      handlers.do(model, { data }),
      handlers.doIntervention(model, { data }),
      handlers.block(model, { hide: ['slope'] }),
      handlers.scale(model, { scale: 2 }),
      handlers.mask(model, { mask: true }),
      handlers.lift(model, { prior: dist.Normal(0, 1) }),
      handlers.reparam(model, { config: { slope: pyro.LocScaleReparam({ centered: 0 }) } }),
      handlers.scope(model, { prefix: 'a' }),
      handlers.inferConfig(model, { configFn: () => undefined }),
      handlers.equalize(model, { sites: ['slope'] }),
      handlers.blockPlate(model, { name: 'data' }),
      handlers.createHandler(() => ({}))(model),
    ] as const;
    type Handled = (typeof handled)[number];
    same<Parameters<Handled>, Args>(true);
    same<ReturnType<Handled>, Result>(true);
    unrun(() => handled.map((run) => run([1], [2]).slope.shape));
  });

  it('survive the classes of inference', () => {
    const mcmc = infer.MCMC(infer.NUTS(model));
    const hmc = infer.MCMC(infer.HMC(model));
    const guide = infer.AutoNormal(model);
    const svi = infer.SVI({ model, guide, optim: optim.Adam(), loss: infer.TraceELBO() });
    const predict = infer.Predictive(model, { numSamples: 1 });
    unrun(() => [mcmc, hmc, svi, predict]);
    same<Parameters<typeof mcmc.run>, Args>(true);
    same<Parameters<typeof hmc.run>, Args>(true);
    same<Parameters<typeof guide>, Args>(true);
    same<Parameters<typeof svi.step>, Args>(true);
    same<ReturnType<typeof svi.step>, number>(true);
    same<Parameters<typeof svi.run>, [steps: number | pyro.infer.SviRunOptions, ...Args]>(true);
    same<Parameters<typeof predict>, Args>(true);
    same<ReturnType<typeof predict>[string], NdArray>(true);
  });
});

it('survive handlers written in place', () => {
  const guide = infer.AutoNormal(model);
  const run = () => [
    infer.MCMC(infer.NUTS(handlers.uncondition(model))).run([1]),
    infer.Predictive(handlers.uncondition(model), { guide, numSamples: 1 })([1]),
    infer.AutoNormal(handlers.seed(model, { seed: 0 }))([1]),
    infer
      .SVI({ model: handlers.uncondition(model), guide, optim: optim.Adam(), loss: infer.TraceELBO() })
      .step([1]),
    handlers.seed(handlers.condition(model, { data: {} }), { seed: 0 })([1]).slope.shape,
  ];
  unrun(run);
});

describe('a wrong call does not compile', () => {
  it('wrong arguments of a model', () => {
    unrun(() => [
      // @ts-expect-error text in place of numbers
      handlers.seed(model, { seed: 0 })(['a']),
      // @ts-expect-error no argument at all
      handlers.condition(model, { data: {} })(),
      // @ts-expect-error one argument too many
      handlers.trace(model).getTrace([1], [2], [3]),
      // @ts-expect-error text in place of numbers
      infer.MCMC(infer.NUTS(model)).run('a'),
      // @ts-expect-error no argument at all
      infer.MCMC(infer.HMC(model)).run(),
      // @ts-expect-error text in place of numbers
      infer.Predictive(model, { numSamples: 1 })('a'),
      // @ts-expect-error text in place of numbers
      infer.AutoNormal(model)('a'),
    ]);
  });

  it('a guide with other arguments than the model', () => {
    const guide = (text: string) => pyro.sample('slope', dist.Normal(text.length, 1));
    // @ts-expect-error the guide takes text
    unrun(() => infer.SVI({ model, guide, optim: optim.Adam(), loss: infer.TraceELBO() }));
    // @ts-expect-error the guide takes text
    unrun(() => infer.Predictive(model, { guide, numSamples: 1 }));
  });

  it('wrong options', () => {
    unrun(() => [
      // @ts-expect-error a misspelt option
      infer.MCMC(infer.NUTS(model), { numSample: 10 }),
      // @ts-expect-error a number is wanted
      infer.NUTS(model, { targetAcceptProb: '0.8' }),
      // @ts-expect-error a misspelt option
      optim.Adam({ lr: 0.1 }),
      // @ts-expect-error the objective has to be called
      infer.SVI({ model, guide: model, optim: optim.Adam(), loss: infer.TraceELBO }),
      // @ts-expect-error a misspelt option
      pyro.sample('x', dist.Normal(0, 1), { observed: 1 }),
      // @ts-expect-error a family in place of a distribution
      pyro.sample('x', dist.Normal),
      // @ts-expect-error a misspelt option
      pyro.param('x', 0, { constraints: constraints.positive }),
      // @ts-expect-error a constraint is wanted
      pyro.param('x', 0, { constraint: 'positive' }),
      // @ts-expect-error a misspelt option
      pyro.plate('p', { size: 3, subSampleSize: 2 }),
    ]);
  });

  it('wrong parameters of a distribution', () => {
    unrun(() => [
      // @ts-expect-error a misspelt parameter
      dist.Normal({ loc: 0, scal: 1 }),
      // @ts-expect-error one of the two is enough
      dist.Bernoulli({ probs: 0.5, logits: 0 }),
      // @ts-expect-error text in place of a number
      dist.Normal('0', 1),
      // @ts-expect-error the rate is required
      dist.Poisson(),
      // @ts-expect-error a distribution in place of a value
      dist.Normal(dist.Normal(0, 1), 1),
    ]);
  });

  it('wrong options of a handler', () => {
    unrun(() => [
      // @ts-expect-error the data have a name
      handlers.condition(model, { slope: 1 }),
      // @ts-expect-error the seed has a name
      handlers.seed(model, 0),
      // @ts-expect-error a trace is wanted
      handlers.replay(model, { trace: {} }),
      // @ts-expect-error the handler needs options
      handlers.scale(model),
      // @ts-expect-error model and options are exchanged
      handlers.condition({ data: {} }, model),
      // @ts-expect-error the result of the model in place of the model
      handlers.seed(model([1]), { seed: 0 }),
    ]);
  });
});
