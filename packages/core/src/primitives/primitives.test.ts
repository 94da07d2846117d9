import { constraints, Normal } from '@pyro-ts/distributions';
import { random, tf } from '@pyro-ts/ops';
import { deterministic, factor, getMask, handlers, module, param, sample, setRngSeed } from '../index';
import type { Trace } from '../index';

const tracing = (model: () => unknown): Trace => handlers.trace(handlers.seed(model, { seed: 0 })).getTrace();

describe('param', () => {
  it('without a handler is its initial value', () => {
    tf.tidy(() => expect(Array.from(param('w', [0.1, 0.2]).dataSync())).toEqual([0.1, 0.2]));
  });

  it('takes the value a handler supplies, and then does not make an initial one', () => {
    const init = jest.fn(() => 1);
    const t = tracing(handlers.substitute(() => param('w', init), { data: { w: 5 } }));
    expect(t.data('w').data[0]).toBe(5);
    expect(init).not.toHaveBeenCalled();
  });

  it('hands a lazy initial value its random key', () => {
    const model = (): tf.Tensor => param('w', (key) => random.normal(key!, [2]));
    expect(tracing(model).data('w')).toEqual(tracing(model).data('w'));
  });

  it('may be asked for twice: one parameter, one value', () => {
    const t = tracing(() => tf.add(param('w', 1), param('w', 1)));
    expect(t.paramSites.length).toBe(1);
  });

  it('records its constraint', () => {
    const t = tracing(() => param('w', 1, { constraint: constraints.positive }));
    expect(t.paramSites[0].constraint.toString()).toBe('positive');
  });
});

describe('deterministic and factor', () => {
  it('deterministic records a value without density', () => {
    const t = tracing(() => deterministic('y', [1, 2]));
    expect(Array.from(t.data('y').data)).toEqual([1, 2]);
    expect(tf.tidy(() => t.logProbSum().dataSync()[0])).toBe(0);
  });

  it('factor adds to the density', () => {
    const t = tracing(() => { factor('a', 1.5); factor('b', [1, 2]); }); // prettier-ignore
    expect(tf.tidy(() => t.logProbSum().dataSync()[0])).toBe(4.5);
  });
});

describe('module', () => {
  const net = (x: tf.Tensor): tf.Tensor => {
    const layer = module('net', {
      init: { w: [2, 3], output: { b: () => 1 } },
      apply: ({ w, output }, input: tf.Tensor) => tf.add(tf.sum(tf.mul(w, input)), output.b),
    });
    return layer(x);
  };

  it('declares every leaf as a parameter and applies the function to them', () => {
    const t = tracing(() => net(tf.tensor1d([10, 1])));
    expect(t.paramSites.map((site) => site.name)).toEqual(['net.w', 'net.output.b']);
    expect(t.returnValue).toMatchObject({ data: Float64Array.of(24) });
  });

  it('becomes Bayesian under lift: priors take the shapes of the parameters', () => {
    const lifted = handlers.lift(() => net(tf.tensor1d([10, 1])), { prior: Normal(0, 1) });
    const t = tracing(lifted);
    expect(t.latentSites.map((site) => [site.name, site.fn.eventShape])).toEqual([
      ['net.w', [2]],
      ['net.output.b', []],
    ]);
  });
});

describe('getMask', () => {
  it('tells what mask handlers around would do', () => {
    expect(getMask()).toBe(true);
    expect(handlers.mask(() => getMask(), { mask: false })()).toBe(false);
  });
});

describe('setRngSeed', () => {
  it('makes draws outside of seed repeat', () => {
    const draw = (seed: number): number[] => {
      setRngSeed(seed);
      return tf.tidy(() =>
        [sample('x', Normal(0, 1)), sample('x', Normal(0, 1))].map((x) => x.dataSync()[0]),
      );
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)[0]).not.toBe(draw(7)[1]);
  });
});
