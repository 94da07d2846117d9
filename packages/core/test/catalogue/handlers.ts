/** Handlers asked for what they cannot do. */
import { Normal, Uniform } from '@pyro-ts/distributions';
import type { tf } from '@pyro-ts/ops';
import { handlers, LocScaleReparam, param, plate, sample, TransformReparam } from '../../src';
import { tracing, type Failure } from './failure';

export const handlerMisuse: readonly Failure[] = [
  {
    title: 'a model that returns a Promise',
    run: () => tracing(async () => Promise.resolve(1)),
    message: [
      'AsyncModelError: the model (or the body of a plate) returned a Promise, but handlers see only what runs synchronously.',
      '  Fix: make it a plain function: await data before the run and pass it as an argument.',
    ],
  },
  {
    title: 'condition on a site that the model lacks',
    run: () =>
      tracing(
        handlers.condition(() => [sample('mu', Normal(0, 1)), sample('tau', Uniform(0, 1))], {
          data: { taus: 1 },
        }),
      ),
    message: [
      "UnknownSiteError at site 'taus': condition was given 'taus', but the run had no such site; its sample sites were mu, tau",
      "  Fix: did you mean 'tau'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'do on a site that the model lacks',
    run: () => tracing(handlers.do(() => sample('mu', Normal(0, 1)), { data: { nu: 1 } })),
    message: [
      "UnknownSiteError at site 'nu': do was given 'nu', but the run had no such site; its sample sites were mu",
      "  Fix: did you mean 'mu'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'lift of a parameter that the model lacks',
    run: () => tracing(handlers.lift(() => param('w', 0), { prior: { v: Normal(0, 1) } })),
    message: [
      "UnknownSiteError at site 'v': lift was given 'v', but the run had no such site; its param sites were w",
      "  Fix: did you mean 'w'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'reparam of a site that the model lacks',
    run: () =>
      tracing(
        handlers.reparam(() => sample('theta', Normal(0, 1)), { config: { thetas: LocScaleReparam() } }),
      ),
    message: [
      "UnknownSiteError at site 'thetas': reparam was given 'thetas', but the run had no such site; its sample sites were theta",
      "  Fix: did you mean 'theta'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'a reparameterisation that does not fit the distribution',
    run: () =>
      tracing(handlers.reparam(() => sample('x', Normal(0, 1)), { config: { x: TransformReparam() } })),
    message: [
      "HandlerError at site 'x': TransformReparam needs a TransformedDistribution; the distribution is Normal(loc: 0, scale: 1)",
      '  Fix: leave the site out of the config, or choose a reparameterisation that fits it.',
    ],
  },
  {
    title: 'replaying an observation as a choice',
    run: () => {
      const model = (): tf.Tensor => sample('x', Normal(0, 1));
      return tracing(
        handlers.replay(model, { trace: tracing(handlers.condition(model, { data: { x: 1 } })) }),
      );
    },
    message: [
      "HandlerError at site 'x': replay: the site is latent in the model, but an observation in the trace",
      '  Fix: observe it in the model too: handlers.condition(model, {data: trace}).',
    ],
  },
  {
    title: 'a scale of zero',
    run: () => handlers.scale(() => undefined, { scale: 0 }),
    message: [
      'HandlerError: scale must be positive; it is 0',
      '  Fix: to leave sites out of the density use handlers.mask(model, {mask: false}).',
    ],
  },
  {
    title: 'a mask of numbers',
    run: () => handlers.mask(() => undefined, { mask: [1, 0] })(),
    message: [
      'HandlerError: mask must be a boolean or a boolean tensor; it is a tensor of dtype float32',
      '  Fix: compare: x.greater(0), or cast: tf.cast(x, "bool").',
    ],
  },
  {
    title: 'a plate blocked where it is not open',
    run: () => handlers.blockPlate(() => undefined, { name: 'data' })(),
    message: [
      "PlateError: blockPlate: no plate with name 'data' is open",
      '  Fix: name a plate that is open where blockPlate is called, or pass strict: false.',
    ],
  },
  {
    title: 'a mask that would count a site several times',
    run: () =>
      tracing(
        handlers.mask(
          () => {
            const mu = sample('mu', Normal(0, 1));
            plate('data', 3, () => sample('y', Normal(mu, 1), { obs: [1, 2, 3] }));
          },
          { mask: [true, false, true] },
        ),
      ),
    message: [
      "ShapeError at site 'mu': mask of shape [3] does not fit the batch shape []",
      "  Fix: apply the mask only to the sites it is meant for: handlers.mask(() => sample('mu', …), {mask})().",
    ],
  },
];
