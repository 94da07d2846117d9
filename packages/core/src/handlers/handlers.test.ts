import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { keyFromSeed, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import {
  produce,
  factor,
  HandlerError,
  handlers,
  param,
  plate,
  sample,
  ShapeError,
  UnknownSiteError,
} from '../index';
import type { Trace } from '../index';

const tracing = (model: () => unknown, key = 0): Trace =>
  handlers.trace(handlers.seed(model, { seed: key })).getTrace();
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);
const number = (t: Trace, name: string): number => t.data(name).data[0];

const chain = (): tf.Tensor => {
  const a = sample('a', Normal(0, 1));
  return sample('b', Normal(tf.mul(a, 10), 1));
};

describe('seed', () => {
  it('gives each site a stream of its own name: adding a site leaves the others alone', () => {
    const more = (): void => {
      sample('new', Normal(0, 1));
      chain();
    };
    expect(number(tracing(more), 'a')).toBe(number(tracing(chain), 'a'));
  });

  it('tells two runs of one site apart', () => {
    const twice = (): number[] => {
      const hidden = handlers.block(() => sample('x', Normal(0, 1)));
      return [hidden(), hidden()].map((x) => x.dataSync()[0]);
    };
    const [first, second] = handlers.seed(() => tf.tidy(() => twice() as never), {
      seed: 0,
    })() as unknown as number[];
    expect(first).not.toBe(second);
  });

  it('takes numbers, text and keys', () => {
    const draws = [1, '1', keyFromSeed(1)].map((seed) =>
      number(handlers.trace(handlers.seed(chain, { seed })).getTrace(), 'a'),
    );
    expect(draws[0]).toBe(draws[2]);
    expect(draws[0]).not.toBe(draws[1]);
  });

  it('the innermost decides', () => {
    const inner = handlers.seed(chain, { seed: 1 });
    expect(number(tracing(inner, 2), 'a')).toBe(number(tracing(chain, 1), 'a'));
  });
});

describe('condition', () => {
  it('takes a trace or a function as well as a record', () => {
    const t = tracing(chain, 3);
    expect(density(tracing(handlers.condition(chain, { data: t })))).toBe(density(t));
    const byFunction = handlers.condition(chain, { data: (site) => (site.name === 'a' ? 2 : undefined) });
    expect(number(tracing(byFunction), 'a')).toBe(2);
    expect(tracing(byFunction).observedSites.map((site) => site.name)).toEqual(['a']);
  });

  it('refuses a name that no site has, and suggests one', () => {
    const slip = handlers.condition(chain, { data: { A: 1 } });
    expect(() => tracing(slip)).toThrow(UnknownSiteError);
    expect(() => tracing(slip)).toThrow(
      "the run had no such site; its sample sites were a, b\n  Fix: did you mean 'a'?",
    );
    expect(() => tracing(handlers.condition(chain, { data: { A: 1 }, allowUnknown: true }))).not.toThrow();
  });

  it('says so if the name is that of a parameter', () => {
    const model = (): void => void [param('w', 1), sample('x', Normal(0, 1))];
    expect(() => tracing(handlers.condition(model, { data: { w: 1 } }))).toThrow(
      "condition was given 'w', which is a param site; its sample sites were x\n  Fix: give parameters their values with handlers.substitute",
    );
  });

  it('refuses a value that does not fit', () => {
    expect(() => tracing(handlers.condition(chain, { data: { a: [1, 2] } }))).toThrow(ShapeError);
  });
});

describe('uncondition', () => {
  it('remembers the observation in infer', () => {
    const observed = (): tf.Tensor => sample('x', Normal(0, 1), { obs: 3 });
    const site = tracing(handlers.uncondition(observed)).site('x');
    expect(site).toMatchObject({ isObserved: false });
    expect(site.infer).toMatchObject({ wasObserved: true, obs: { data: Float64Array.of(3) } });
  });
});

describe('substitute', () => {
  it('does not touch observations', () => {
    const observed = (): tf.Tensor => sample('x', Normal(0, 1), { obs: 3 });
    expect(number(tracing(handlers.substitute(observed, { data: { x: 1 } })), 'x')).toBe(3);
  });

  it('ignores names that the model lacks', () => {
    expect(() => tracing(handlers.substitute(chain, { data: { other: 1 } }))).not.toThrow();
  });
});

describe('do', () => {
  it('changes what follows, not the site', () => {
    const t = tracing(handlers.do(chain, { data: { a: 100 } }), 1);
    expect(number(t, 'a')).toBe(number(tracing(chain, 1), 'a'));
    expect(Math.abs(number(t, 'b') - 1000)).toBeLessThan(10);
  });

  it('unlike condition does not change the density of the site', () => {
    const only = (): tf.Tensor => sample('a', Normal(0, 1));
    const intervened = tracing(handlers.do(only, { data: { a: 100 } }), 1);
    expectClose(density(intervened), density(tracing(only, 1)));
    expectClose(
      density(tracing(handlers.condition(only, { data: { a: 100 } }))),
      -5000 - Math.log(2 * Math.PI) / 2,
    );
  });

  it('shows handlers further in the intervened copy under its own name', () => {
    let inner: Trace | undefined;
    const traced = (): void => void (inner = handlers.trace(chain).getTrace());
    tracing(handlers.do(traced, { data: { a: 5 } }));
    expect([...(inner as Trace).sites.keys()]).toEqual(['a__CF', 'b']);
  });

  it('refuses a name that no site has', () => {
    expect(() => tracing(handlers.do(chain, { data: { c: 1 } }))).toThrow(UnknownSiteError);
  });
});

describe('mask', () => {
  const data = [1, NaN, -3];
  const model = (): tf.Tensor => plate('data', 3, () => sample('x', Normal(0, 1), { obs: data }));

  it('counts only where true, whatever the masked slots hold', () => {
    const t = tracing(handlers.mask(model, { mask: [true, false, true] }));
    expectClose(density(t), -0.5 - 4.5 - Math.log(2 * Math.PI));
  });

  it('has finite gradients though masked slots hold values outside the support', () => {
    const slope = tf.tidy(() => {
      const logDensity = (scale: tf.Tensor): tf.Tensor => {
        const site = (): tf.Tensor =>
          plate('data', 2, () => sample('x', HalfNormal(scale), { obs: [1, -1] }));
        return handlers
          .trace(handlers.mask(site, { mask: [true, false] }))
          .getTrace()
          .logProbSum();
      };
      return tf.grad(logDensity)(tf.scalar(2)).dataSync()[0];
    });
    expectClose(slope, -1 / 2 + 1 / 8);
  });

  it('masks intersect', () => {
    const twice = handlers.mask(handlers.mask(model, { mask: [true, false, false] }), {
      mask: [true, false, true],
    });
    expectClose(density(tracing(twice)), -0.5 - Math.log(2 * Math.PI) / 2);
  });

  it('applies to factors', () => {
    const f = (): void => plate('data', 3, () => factor('f', [1, 2, 4]));
    expect(density(tracing(handlers.mask(f, { mask: [true, false, true] })))).toBe(5);
  });

  it('refuses numbers', () => {
    expect(() => handlers.mask(model, { mask: 1 })).toThrow(HandlerError);
    expect(() => tracing(handlers.mask(model, { mask: [1, 0, 1] }))).toThrow(
      'mask must be a boolean or a boolean tensor',
    );
  });
});

describe('scale', () => {
  it('takes tensors that broadcast with the densities', () => {
    const f = (): void => plate('data', 2, () => factor('f', [1, 2]));
    expect(density(tracing(handlers.scale(f, { scale: [10, 100] })))).toBe(210);
  });

  it('refuses what is not positive', () => {
    expect(() => handlers.scale(chain, { scale: 0 })).toThrow('scale must be positive; it is 0');
    expect(() => handlers.scale(chain, { scale: NaN })).toThrow(HandlerError);
  });
});

describe('replay', () => {
  it('refuses to make a choice of what was observed', () => {
    const t = tracing(handlers.condition(chain, { data: { a: 1 } }));
    expect(() => tracing(handlers.replay(chain, { trace: t }))).toThrow(
      "at site 'a': replay: the site is latent in the model, but an observation in the trace",
    );
  });
});

describe('block', () => {
  const mixed = (): void => {
    param('p', 1);
    chain();
  };
  const names = (options: Parameters<typeof handlers.block>[1]): string[] => [
    ...tracing(handlers.block(mixed, options)).sites.keys(),
  ];

  it('hides and exposes by name, kind and function', () => {
    expect(names({ hideTypes: ['param'] })).toEqual(['a', 'b']);
    expect(names({ exposeTypes: ['param'] })).toEqual(['p']);
    expect(names({ hideFn: (message) => message.name === 'b' })).toEqual(['p', 'a']);
    expect(names({ exposeFn: (message) => message.name === 'b' })).toEqual(['b']);
    expect(names({ expose: ['a'], exposeTypes: ['param'] })).toEqual(['p', 'a']);
    expect(names({ expose: ['a', 'b'], hide: ['a'] })).toEqual(['b']);
    expect(names({})).toEqual([]);
  });
});

describe('scope', () => {
  it('renames sites and plates, and nests', () => {
    const model = (): void => plate('data', 2, () => void sample('x', Normal(0, 1)));
    const t = tracing(
      handlers.scope(handlers.scope(model, { prefix: 'in' }), { prefix: 'out', divider: '.' }),
    );
    expect([...t.sites.keys()]).toEqual(['out.in/data', 'out.in/x']);
    expect(t.site('out.in/x').condIndepStack.map((frame) => frame.name)).toEqual(['out.in/data']);
  });

  it('lets one model be used twice', () => {
    const both = (): void => {
      handlers.scope(chain, { prefix: 'left' })();
      handlers.scope(chain, { prefix: 'right' })();
    };
    expect([...tracing(both).sites.keys()]).toEqual(['left/a', 'left/b', 'right/a', 'right/b']);
  });

  it('tells plates of one name in different scopes apart', () => {
    const inner = (): void => plate('data', 2, () => void sample('x', Normal(0, 1)));
    const t = tracing(() => plate('data', 3, () => handlers.scope(inner, { prefix: 'sub' })()));
    expect([...t.sites.keys()]).toEqual(['data', 'sub/data', 'sub/x']);
    expect(t.data('sub/x').shape).toEqual([2, 3]);
  });

  it('shows handlers further in their own names', () => {
    let inner: Trace | undefined;
    const traced = (): void =>
      void (inner = handlers.trace(handlers.do(chain, { data: { a: 1 } })).getTrace());
    const t = tracing(handlers.scope(traced, { prefix: 's' }));
    expect([...t.sites.keys()]).toEqual(['s/a', 's/b']);
    expect([...(inner as Trace).sites.keys()]).toEqual(['a', 'b']);
  });

  it('keeps the names of hidden kinds', () => {
    const model = (): void => plate('data', 2, () => void sample('x', Normal(0, 1)));
    const t = tracing(handlers.scope(model, { prefix: 's', hideTypes: ['plate'] }));
    expect([...t.sites.keys()]).toEqual(['data', 's/x']);
    expect(t.site('s/x').condIndepStack[0].name).toBe('data');
  });
});

describe('lift', () => {
  const model = (): tf.Tensor => tf.add(param('w', [0, 0, 0]), param('c', 1));

  it('gives every parameter the prior, in the shape of the parameter', () => {
    const t = tracing(handlers.lift(model, { prior: Normal(0, 1) }));
    expect(t.data('w').shape).toEqual([3]);
    expect(new Set(t.data('w').data).size).toBe(3);
    expect(tf.tidy(() => t.computeLogProb().get('w')?.shape)).toEqual([]);
  });

  it('by name or by function leaves the others parameters', () => {
    const t = tracing(handlers.lift(model, { prior: { w: Normal(0, 1) } }));
    expect([t.site('w').kind, t.site('c').kind]).toEqual(['sample', 'param']);
    const chosen = handlers.lift(model, { prior: ({ name }) => (name === 'c' ? Normal(0, 1) : undefined) });
    expect([tracing(chosen).site('w').kind, tracing(chosen).site('c').kind]).toEqual(['param', 'sample']);
    expect(() => tracing(handlers.lift(model, { prior: { v: Normal(0, 1) } }))).toThrow(UnknownSiteError);
  });

  it('refuses a prior of another shape', () => {
    expect(() => tracing(handlers.lift(model, { prior: { w: Normal([0, 0], 1) } }))).toThrow(
      'lift: the parameter has shape [3]; its prior Normal(loc: [2], scale: 1) has shape [2]',
    );
  });
});

describe('inferConfig', () => {
  it('merges what the function returns', () => {
    const model = (): tf.Tensor => sample('x', Normal(0, 1), { infer: { mine: 1 } });
    const t = tracing(
      handlers.inferConfig(model, { configFn: ({ name }) => ({ enumerate: 'parallel', name }) }),
    );
    expect(t.site('x').infer).toEqual({ mine: 1, enumerate: 'parallel', name: 'x' });
  });
});

describe('equalize', () => {
  it('lets later sites share the value of the first, without density of their own', () => {
    const model = (): void => ['x_1', 'x_2'].forEach((name) => void sample(name, Normal(0, 1)));
    const t = tracing(handlers.equalize(model, { sites: /^x_/ }));
    expect(number(t, 'x_2')).toBe(number(t, 'x_1'));
    expect(t.site('x_2').kind).toBe('deterministic');
    expect(tracing(handlers.equalize(model, { sites: ['x_2'] })).site('x_2').kind).toBe('sample');
  });
});

describe('a handler of one’s own', () => {
  const atMean = handlers.createHandler(() => ({
    process(message) {
      if (message.kind !== 'sample' || message.isObserved) return;
      return produce(message, (draft) => {
        draft.value = message.fn.mean;
      });
    },
  }));

  it('answers messages', () => {
    const t = tracing(atMean(chain));
    expect([number(t, 'a'), number(t, 'b')]).toEqual([0, 0]);
  });

  it('takes options', () => {
    const shift = handlers.createHandler(({ by }: { readonly by: number }) => ({
      postprocess(message) {
        if (message.kind !== 'sample') return;
        return produce(message, (draft) => {
          draft.value = tf.add(message.value as tf.Tensor, by);
        });
      },
    }));
    expect(number(tracing(shift(atMean(chain), { by: 3 })), 'a')).toBe(0);
    expect(
      Array.from((tracing(shift(atMean(chain), { by: 3 })).returnValue as { data: Float64Array }).data),
    ).toEqual([33]);
  });
});
