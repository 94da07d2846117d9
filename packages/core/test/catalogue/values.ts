/** Values that cannot be. */
import { constraints, HalfNormal, Normal } from '@pyro-ts/distributions';
import { param, plate, sample } from '../../src';
import { scoring, tracing, type Failure } from './failure';

export const values: readonly Failure[] = [
  {
    title: 'a parameter of a distribution outside its constraint',
    run: () => tracing(() => [sample('mu', Normal(0, 1)), sample('y', Normal(0, -1))]),
    message: [
      "ConstraintError at site 'y': parameter 'scale' of Normal(loc: 0, scale: -1) must satisfy `positive`, got -1",
      "  Fix: give 'scale' values in `positive`, e.g. map unconstrained numbers there with transformTo(constraint); { validateArgs: false } skips the check.",
    ],
  },
  {
    title: 'an observation outside the support',
    run: () => scoring(() => plate('data', 3, () => sample('y', HalfNormal(1), { obs: [1, -2, 3] }))),
    message: [
      "ConstraintError at site 'y': value must lie in the support `nonnegative` of HalfNormal(scale: 1).expand([3]), got -2 at index [1] of shape [3]",
      '  Fix: correct the value or choose a distribution with that support; { validateArgs: false } gives it the log density −Infinity.',
    ],
  },
  {
    title: 'a NaN in the data',
    run: () => scoring(() => plate('data', 3, () => sample('y', Normal(0, 1), { obs: [1, NaN, 3] }))),
    message: [
      "ConstraintError at site 'y': value must lie in the support `real` of Normal(loc: 0, scale: 1).expand([3]), got NaN at index [1] of shape [3]",
      '  Fix: remove missing values, or mask them out (obsMask, or .mask(…)).',
    ],
  },
  {
    title: 'an initial value outside its constraint',
    run: () => tracing(() => param('scale', -1, { constraint: constraints.positive })),
    message: [
      "ParamError at site 'scale': the initial value -1 is outside its constraint positive",
      '  Fix: give an initial value inside the constraint (constrained space), or another constraint.',
    ],
  },
  {
    title: 'a parameter that nobody has a value for',
    run: () => tracing(() => param('w')),
    message: [
      "ParamError at site 'w': the parameter has no value: no handler supplies one and no initial value is given",
      "  Fix: pass one: param('w', 0), or substitute one.",
    ],
  },
  {
    title: 'a family in place of a distribution',
    run: () => tracing(() => sample('x', Normal as never)),
    message: [
      "ArgumentError at site 'x': the second argument of sample must be a distribution; it is the function Normal",
      '  Fix: call the family with its parameters: dist.Normal(0, 1).',
    ],
  },
  {
    title: 'obsMask without obs',
    run: () => tracing(() => sample('x', Normal(0, 1), { obsMask: [true] })),
    message: [
      "HandlerError at site 'x': obsMask is given without obs",
      '  Fix: pass the observed values as obs (anything in the unobserved slots).',
    ],
  },
  {
    title: 'a tensor in JavaScript arithmetic',
    run: () => tracing(() => (sample('x', Normal(0, 1)) as unknown as number) + 1),
    message: [
      "TensorCoercionError at site 'x': a tensor of shape [] was used as a JavaScript number or in a comparison",
      '  Fix: use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0].',
    ],
  },
  {
    title: 'a tensor compared by JavaScript',
    run: () => tracing(() => ((sample('x', Normal(0, 1)) as unknown as number) > 0 ? 1 : 2)),
    message: [
      "TensorCoercionError at site 'x': a tensor of shape [] was used as a JavaScript number or in a comparison",
      '  Fix: use tensor operations: x.add(1), x.greater(0), tf.where(condition, a, b). To read a number outside a model: x.dataSync()[0].',
    ],
  },
];
