import { unconstrainModel, type UnconstrainedModel } from '@pyro-ts/core';
import { lift, scoped, tf } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import { loadPosterior, posteriors } from '.';

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

describe.each(posteriors)('$name', (declaration) => {
  const { model, reference, offset } = loadPosterior(declaration);
  let density: UnconstrainedModel;
  beforeAll(() => {
    density = unconstrainModel(model, []);
  });

  it('has the log joint density of the reference to 1e-10', () => {
    for (const { values, log_joint: expected } of reference.log_joint_checks.points) {
      const terms = density.terms(density.unconstrain(values));
      const actual = terms.reduce((sum, { logProb }) => sum + logProb, 0);
      expectClose(actual, expected + offset, { rel: 1e-10 });
    }
  });

  it('has the density and the gradient of the reference on unconstrained space to 1e-10', () => {
    for (const { u, log_density: expected, gradient } of reference.unconstrained_checks.points) {
      const q = new Float64Array(density.dim);
      const expectedGradient = new Float64Array(density.dim);
      for (const [scalar, value] of Object.entries(u)) {
        q[position(density, scalar)] = value;
        expectedGradient[position(density, scalar)] = gradient[scalar];
      }
      const actual = evaluate(density.logDensity, q);
      expectClose(actual.value, expected + offset, { rel: 1e-10 });
      // A coordinate near its mode may have a gradient of 0, up to the rounding of the terms that cancel there.
      const scale = Math.max(...expectedGradient.map(Math.abs));
      expectClose(actual.gradient, expectedGradient, { rel: 1e-10, abs: 1e-13 * scale });
    }
  });
});
