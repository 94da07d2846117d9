import { HalfNormal, Normal } from '@pyro-ts/distributions';
import { lift, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { handlers, plate, sample } from '../index';
import type { Trace } from '../index';

const tracing = (model: () => unknown): Trace => handlers.trace(handlers.seed(model, { seed: 0 })).getTrace();
const density = (t: Trace): number => tf.tidy(() => t.logProbSum().dataSync()[0]);
const normal = (x: number): number => -(x ** 2) / 2 - Math.log(2 * Math.PI) / 2;

describe('sample', () => {
  it('draws, and records the draw as latent', () => {
    const t = tracing(() => sample('x', Normal(0, 1)));
    expect(t.latentSites.map((site) => site.name)).toEqual(['x']);
    expect(t.data('x')).toEqual(t.returnValue);
  });

  it('returns an observation, keeps its 53 bits and scores it', () => {
    const t = tracing(() => sample('x', Normal(0, 1), { obs: 0.1 }));
    expect(t.observedSites.map((site) => site.name)).toEqual(['x']);
    expect(t.data('x').data[0]).toBe(0.1);
    expectClose(density(t), normal(0.1));
  });

  it('carries infer to the trace', () => {
    const t = tracing(() => sample('x', Normal(0, 1), { infer: { isAuxiliary: true, mine: 3 } }));
    expect(t.site('x').infer).toEqual({ isAuxiliary: true, mine: 3 });
  });

  it('draws with a path through the parameters', () => {
    const slope = tf.tidy(() =>
      Array.from(
        tf
          .grad((loc) => handlers.seed(() => sample('x', Normal(loc, 1)), { seed: 0 })())(lift(2))
          .dataSync(),
      ),
    );
    expect(slope).toEqual([1]);
  });
});

describe('a partly observed site', () => {
  const obs = [1, NaN, -2];
  const obsMask = [true, false, true];
  const model = (): tf.Tensor => plate('data', 3, () => sample('x', Normal(0, 1), { obs, obsMask }));

  it('splits into a latent part, an observed part and the whole', () => {
    const t = tracing(model);
    expect([...t.sites].map(([name, site]) => `${site.kind} ${name}`)).toEqual([
      'plate data',
      'sample x_unobserved',
      'sample x_observed',
      'deterministic x',
    ]);
    const latent = t.data('x_unobserved').data[1];
    expect(Array.from(t.data('x').data)).toEqual([1, latent, -2]);
  });

  it('scores each element once, and what was not observed as latent', () => {
    const t = tracing(model);
    expectClose(density(t), normal(1) + normal(-2) + normal(t.data('x_unobserved').data[1]));
  });

  it('has finite gradients where unobserved slots hold NaN or values outside the support', () => {
    const slopeOf = (hole: number): number =>
      tf.tidy(() => {
        const logDensity = (scale: tf.Tensor): tf.Tensor => {
          const site = (): tf.Tensor =>
            sample('x', HalfNormal(scale), { obs: [1, hole], obsMask: [true, false] });
          const data = { x_unobserved: [7, 0.5] };
          const latents = handlers.substitute(() => plate('data', 2, site), { data });
          return handlers.trace(latents).getTrace().logProbSum();
        };
        return tf.grad(logDensity)(lift(2)).dataSync()[0];
      });
    // d/ds [2 log(2/s √(1/2π)) − (1² + 0.5²) / 2s²] at s = 2
    const exact = -2 / 2 + (1 + 0.25) / 8;
    expectClose(slopeOf(NaN), exact);
    expectClose(slopeOf(-1), exact);
  });
});
