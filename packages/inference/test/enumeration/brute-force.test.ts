import { handlers, unconstrainModel } from '@pyro-ts/core';
import { scoped } from '@pyro-ts/ops';
import { expectClose } from '@pyro-ts/testing';
import * as fc from 'fast-check';
import { compiledLogDensity } from '../../src/log-density/compiled-log-density';
import { makeLogDensity } from '../../src/log-density/model-log-density';
import { assignmentsOf, buildModel, eachAssignment, modelSpec, type ModelSpec } from './random-models';
import { unconstrainEnumerated } from '../../src/enumeration/unconstrain-enumerated';

interface Value {
  readonly value: number;
  readonly gradient: Float64Array;
}

/** log Σ over assignments of the joint density, with its gradient, assignment by assignment. */
function bruteForce(spec: ModelSpec, q: Float64Array): Value {
  const { model, discrete } = buildModel(spec);
  const terms = scoped(() =>
    [...eachAssignment(discrete)].map((data) => {
      const density = makeLogDensity(unconstrainModel(handlers.condition(model, { data }), []));
      const gradient = new Float64Array(q.length);
      return { value: density.valueAndGrad(q, gradient), gradient };
    }),
  );
  const top = Math.max(...terms.map(({ value }) => value));
  const weights = terms.map(({ value }) => Math.exp(value - top));
  const sum = weights.reduce((a, b) => a + b, 0);
  const gradient = q.map((_, k) => terms.reduce((s, t, i) => s + (weights[i] / sum) * t.gradient[k], 0));
  return { value: top + Math.log(sum), gradient };
}

const pointOf = (dim: number): Float64Array =>
  Float64Array.from({ length: dim }, (_, i) => Math.cos(3 * i + 1));

function check(spec: ModelSpec, compile?: ReturnType<typeof compiledLogDensity>): void {
  const { model } = unconstrainEnumerated(buildModel(spec).model, []);
  const q = pointOf(model.dim);
  const gradient = new Float64Array(model.dim);
  const density = makeLogDensity(model, compile === undefined ? {} : { compile });
  const value = density.valueAndGrad(q, gradient);
  density.dispose?.();
  const expected = bruteForce(spec, q);
  expectClose(value, expected.value, { rel: 1e-10 });
  expectClose(gradient, expected.gradient, { rel: 1e-10, abs: 1e-10 });
}

/** Small enough to go through assignment by assignment. */
const small = modelSpec.filter((spec) => {
  const { discrete } = buildModel(spec);
  return discrete.length > 0 && assignmentsOf(discrete) <= 256;
});

describe('the log density with discrete sites summed out, against the sum over all assignments', () => {
  it('agrees to 1e-10 with its gradient, for random models with plates, nested plates and chains', () => {
    fc.assert(
      fc.property(small, (spec) => check(spec)),
      { numRuns: 30, seed: 6 },
    );
  });

  it('agrees as a compiled program, too', () => {
    fc.assert(
      fc.property(small, (spec) => check(spec, compiledLogDensity())),
      { numRuns: 8, seed: 7 },
    );
  });
});
