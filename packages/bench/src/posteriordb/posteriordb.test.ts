import type { UnconstrainedModel } from '@pyro-ts/core';
import { unconstrainEnumerated } from '@pyro-ts/inference';
import { lift, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { discreteLatents, loadPosterior, posteriors } from '.';
import { compileDensity } from '../gradient/compiled-gradient';

/** Position in the flat vector of `beta[2]` or `sigma`. */
function position(model: UnconstrainedModel, scalar: string): number {
  const [, name, index] = /^(\w+)(?:\[(\d+)\])?$/.exec(scalar) as unknown as [string, string, string?];
  const site = model.sites.find((s) => s.name === name);
  if (site === undefined) throw new Error(`no site for ${scalar}`);
  return site.offset + (index === undefined ? 0 : Number(index) - 1);
}

function evaluate(
  f: (q: tf.Tensor) => tf.Tensor,
  q: Float64Array,
): { value: number; gradient: Float64Array } {
  return scoped(() => {
    const { value, grad } = tf.valueAndGrad(f as (x: tf.Tensor) => tf.Scalar)(lift(q));
    return { value: value.dataSync()[0], gradient: Float64Array.from(grad.dataSync()) };
  });
}

/**
 * The kernel matrix has a condition number of 1e10 and more (jitter 1e-10), which magnifies rounding, in the reference
 * too: its second value is off by 1.2e-10 of its size. The exact values below are from 60 digits (mpmath).
 */
const illConditioned = 'gp_pois_regr-gp_pois_regr';
const exactLogJoint = [-46.83209071889928, -183.4556244090514, -1047.657687446901];

const titled = [...posteriors, ...discreteLatents].map(
  (declared) => [[declared.name, declared.variant].filter(Boolean).join(', '), declared] as const,
);

describe.each(titled)('%s', (_title, declaration) => {
  const { model, reference, offset } = loadPosterior(declaration);
  let density: UnconstrainedModel;
  beforeAll(() => {
    density = unconstrainEnumerated(model, []).model;
  });

  const rel = declaration.name === illConditioned ? 1e-8 : 1e-10;

  it(`has the log joint density of the reference to ${rel}`, () => {
    for (const [i, { values, log_joint }] of reference.log_joint_checks.points.entries()) {
      const terms = density.terms(density.unconstrain(values));
      const actual = terms.reduce((sum, { logProb }) => sum + logProb, 0);
      expectClose(actual, log_joint + offset, { rel });
      if (rel > 1e-10) expectClose(actual, exactLogJoint[i] + offset, { rel: 1e-10 });
    }
  });

  it(`has the density and the gradient of the reference on unconstrained space to ${rel}, compiled too`, () => {
    const { program } = compileDensity(density.logDensity, density.dim);
    const compiled = (q: Float64Array): { value: number; gradient: Float64Array } => {
      const [value, gradient] = program.run([q]);
      return { value: value[0], gradient: Float64Array.from(gradient) };
    };
    for (const { u, log_density: expected, gradient } of reference.unconstrained_checks.points) {
      const q = new Float64Array(density.dim);
      const expectedGradient = new Float64Array(density.dim);
      for (const [scalar, value] of Object.entries(u)) {
        q[position(density, scalar)] = value;
        expectedGradient[position(density, scalar)] = gradient[scalar];
      }
      const check = (actual: { value: number; gradient: Float64Array }, bound: number): void => {
        expectClose(actual.value, expected + offset, { rel: bound });
        // Near the mode the terms of a gradient cancel, up to their rounding.
        expectClose(actual.gradient, expectedGradient, {
          rel: bound,
          abs: 1e-4 * bound * Math.abs(expected),
        });
      };
      check(evaluate(density.logDensity, q), rel);
      // Sums are ordered otherwise: where the condition number is 1e10, a rounding error of 1e-16 may become 1e-6.
      check(compiled(q), declaration.name === illConditioned ? 1e-6 : rel);
    }
    program.dispose();
  });
});
