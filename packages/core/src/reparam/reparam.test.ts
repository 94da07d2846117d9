import {
  constraints,
  HalfNormal,
  LogNormal,
  Normal,
  StudentT,
  TransformedDistribution,
  transforms,
  type Distribution,
} from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import {
  AutoReparam,
  handlers,
  HandlerError,
  LocScaleReparam,
  plate,
  sample,
  TransformReparam,
  UnknownSiteError,
} from '../index';
import type { Reparam, Trace } from '../index';

const tracing = (model: () => unknown, key = 0): Trace =>
  handlers.trace(handlers.seed(model, { seed: key })).getTrace();
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);
const values = (t: Trace, name: string): number[] => Array.from(t.data(name).data);

const site = (fn: () => Distribution, size: number) => (): tf.Tensor =>
  size === 0 ? sample('x', fn()) : plate('data', size, () => sample('x', fn()));
const reparametrised = (model: () => tf.Tensor, reparam: Reparam) =>
  handlers.reparam(model, { config: { x: reparam } });

describe('LocScaleReparam', () => {
  describe.each([
    ['a scalar Normal', () => Normal(3, 2), 0, 2],
    ['a Normal in a plate', () => Normal([3, 4], 2), 2, 2],
    ['a vector event', () => Normal(3, 2).expand([2]).toEvent(1), 0, 2],
    ['a StudentT, whose degrees of freedom stay', () => StudentT(5, 3, 2), 0, 2],
  ] as const)('of %s', (_, fn, size, scale) => {
    it.each([0, 0.3, 1])('centered %d: log p(x) = log p(z) − log |dx/dz|', (centered) => {
      const model = site(fn, size);
      const t = tracing(reparametrised(model, LocScaleReparam({ centered })), 5);
      const x = t.data('x');
      const original = tracing(handlers.substitute(model, { data: { x } }));
      const logJacobian = x.data.length * (1 - centered) * Math.log(scale);
      expectClose(density(original), density(t) - logJacobian, { rel: 1e-12, abs: 1e-12 });
      expect(t.site('x').kind).toBe('deterministic');
      expect(t.data('x').shape).toEqual(original.data('x').shape);
    });
  });

  it('centered 0 draws standard noise', () => {
    const t = tracing(
      reparametrised(
        site(() => Normal(3, 2), 0),
        LocScaleReparam({ centered: 0 }),
      ),
    );
    expectClose(values(t, 'x')[0], 3 + 2 * values(t, 'x_decentered')[0]);
  });

  it('without centered learns it, starting in the middle', () => {
    const t = tracing(
      reparametrised(
        site(() => Normal([1, 2], 2).toEvent(1), 0),
        LocScaleReparam(),
      ),
    );
    expect(values(t, 'x_centered')).toEqual([0.5, 0.5]);
    expect(t.paramSites[0].constraint).toBe(constraints.unitInterval);
  });

  it('keeps gradients through location and scale', () => {
    const slope = tf.tidy(() => {
      const draw = (scale: tf.Tensor): tf.Tensor => {
        const model = reparametrised(
          site(() => Normal(1, scale), 0),
          LocScaleReparam({ centered: 0 }),
        );
        return handlers.substitute(model, { data: { x_decentered: 1.5 } })();
      };
      return tf.grad(draw)(lift(2)).dataSync()[0];
    });
    expect(slope).toBe(1.5);
  });

  it('gives the auxiliary site the value that a value of the site implies', () => {
    const inner = handlers.substitute(
      site(() => Normal(3, 2), 0),
      { data: { x: 7 } },
    );
    const t = tracing(reparametrised(inner, LocScaleReparam({ centered: 0 })));
    expect(values(t, 'x_decentered')).toEqual([2]);
    expect(values(t, 'x')).toEqual([7]);
  });

  it('leaves observed sites alone', () => {
    const observed = handlers.condition(
      site(() => Normal(3, 2), 0),
      { data: { x: 7 } },
    );
    const t = tracing(reparametrised(observed, LocScaleReparam({ centered: 0 })));
    expect([...t.sites.keys()]).toEqual(['x']);
  });

  it('refuses a weight outside [0, 1] and a family without location and scale', () => {
    expect(() => LocScaleReparam({ centered: 2 })).toThrow(HandlerError);
    const model = reparametrised(site(() => TransformedDistribution(Normal(0, 1), [transforms.ExpTransform()]), 0), LocScaleReparam({ centered: 0 }));
    expect(() => tracing(model)).toThrow("at site 'x': LocScaleReparam needs a family with parameters loc and scale");
  }); // prettier-ignore
});

describe('TransformReparam', () => {
  it.each<[string, () => Distribution, number]>([
    ['a transformed Normal', () => TransformedDistribution(Normal(1, 2), [transforms.ExpTransform()]), 0],
    ['in a plate', () => TransformedDistribution(Normal(1, 2), [transforms.AffineTransform(1, 3), transforms.ExpTransform()]), 3],
    ['a LogNormal', () => LogNormal(1, 2), 2],
    ['a vector event', () => LogNormal([1, 2], 2).toEvent(1), 3],
  ])('of %s: log p(x) = log p(z) − log |dx/dz|', (_, fn, size) => {
    const model = site(fn, size);
    const t = tracing(reparametrised(model, TransformReparam()), 4);
    const original = tracing(handlers.substitute(model, { data: { x: t.data('x') } }));
    expect(t.data('x').shape).toEqual(original.data('x').shape);
    const chained = fn().toString().includes('Affine') ? 3 : 1;
    // dx/dz = x for exp, times 3 where the affine map comes before it
    const logJacobian = values(t, 'x').reduce((sum, x) => sum + Math.log(x) + Math.log(chained), 0);
    expectClose(density(original), density(t) - logJacobian, { rel: 1e-12, abs: 1e-12 });
    expect(t.data('x_base').shape).toEqual(t.data('x').shape);
  }); // prettier-ignore

  it('refuses what is not transformed', () => {
    expect(() =>
      tracing(
        reparametrised(
          site(() => Normal(0, 1), 0),
          TransformReparam(),
        ),
      ),
    ).toThrow(
      'TransformReparam needs a TransformedDistribution; the distribution is Normal(loc: 0, scale: 1)',
    );
  });
});

describe('AutoReparam', () => {
  const model = (): void => {
    const a = sample('a', LogNormal(1, 2));
    const b = sample('b', Normal(a, 3));
    sample('c', HalfNormal(2));
    sample('d', Normal(b, 1), { obs: 0 });
  };

  it('draws what it can from standard noise and leaves the rest', () => {
    const t = tracing(handlers.reparam(model, { config: AutoReparam({ centered: 0 }) }), 2);
    expect(t.sampleSites.map((found) => found.name)).toEqual(['a_base_decentered', 'b_decentered', 'c', 'd']);
    const [a, b] = [values(t, 'a')[0], values(t, 'b')[0]];
    expectClose(a, Math.exp(1 + 2 * values(t, 'a_base_decentered')[0]));
    expectClose(b, a + 3 * values(t, 'b_decentered')[0]);
  });
});

it('a function may choose the reparameterisation; names that no site has are an error', () => {
  const model = site(() => Normal(0, 1), 0);
  const chosen = handlers.reparam(model, { config: ({ name }) => (name === 'x' ? LocScaleReparam({ centered: 0 }) : undefined) });
  expect([...tracing(chosen).sites.keys()]).toEqual(['x_decentered', 'x']);
  const misspelt = handlers.reparam(model, { config: { X: LocScaleReparam() } });
  expect(() => tracing(misspelt)).toThrow(UnknownSiteError);
}); // prettier-ignore
