/** Models that must fail, and what they must say. The wording is part of the interface. */
import { constraints, HalfNormal, Normal, Uniform } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import {
  checkPlates,
  deterministic,
  factor,
  handlers,
  LocScaleReparam,
  param,
  plate,
  sample,
  subsample,
  TransformReparam,
  type Trace,
} from '../src';

const tracing = (model: () => unknown): Trace => handlers.trace(handlers.seed(model, { seed: 0 })).getTrace();
const scoring = (model: () => unknown): unknown => tf.tidy(() => tracing(model).logProbSum());

interface Failure {
  readonly title: string;
  readonly run: () => unknown;
  /** Line by line. */
  readonly message: readonly string[];
}

const failures: readonly Failure[] = [
  {
    title: 'two sites with one name',
    run: () => tracing(() => [sample('x', Normal(0, 1)), sample('x', Normal(0, 1))]),
    message: [
      "DuplicateSiteError at site 'x': two sample sites of one run are named 'x'",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
  {
    title: 'two sites of different kinds with one name',
    run: () => tracing(() => [param('x', 1), sample('x', Normal(0, 1))]),
    message: [
      "DuplicateSiteError at site 'x': a param site and a sample site of one run are named 'x'",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
  {
    title: 'a loop over a plate that does not name its sites apart',
    run: () =>
      tracing(() => {
        for (const i of plate('steps', 3)) sample('x', Normal(i, 1));
      }),
    message: [
      "DuplicateSiteError at site 'x': two sample sites of one run are named 'x'",
      "  inside sequential plate 'steps' (size 3).",
      '  Fix: give the second one another name; in a loop, build the name from the index: `x_${i}`.',
    ],
  },
  {
    title: 'an observed value of the wrong length',
    run: () =>
      tracing(() =>
        plate('schools', 7, () => sample('y', Normal(tf.zeros([7]), 1), { obs: [1, 2, 3, 4, 5, 6, 7, 8] })),
      ),
    message: [
      "ShapeError at site 'y': observed value has shape [8]; Normal(loc: [7], scale: 1) has batch shape [7]",
      "  inside plate 'schools' (size 7, dim -1).",
      "  Fix: pass 7 observations along dim -1, or open plate 'schools' with size 8.",
      '  Shapes of the sites before:',
      '    schools  plate  7 |',
    ],
  },
  {
    title: 'a column observed against a row',
    run: () => tracing(() => sample('y', Normal(tf.zeros([4, 1]), 1), { obs: [1, 2, 3, 4] })),
    message: [
      "ShapeError at site 'y': observed value has shape [4]; Normal(loc: [4, 1], scale: 1) has batch shape [4, 1]",
      '  Fix: reshape the value to [4, 1], or open a plate of size 4 at dim -1 around the site.',
    ],
  },
  {
    title: 'a data set observed at a site without a plate',
    run: () => tracing(() => sample('y', Normal(0, 1), { obs: [1, 2, 3] })),
    message: [
      "ShapeError at site 'y': observed value has shape [3]; Normal(loc: 0, scale: 1) has batch shape []",
      '  Fix: open a plate of size 3 at dim -1 around the site, or expand the distribution to [3].',
    ],
  },
  {
    title: 'a whole data set observed in a minibatch',
    run: () =>
      tracing(() =>
        plate('data', { size: 4, subsampleSize: 2 }, () => sample('y', Normal(0, 1), { obs: [1, 2, 3, 4] })),
      ),
    message: [
      "ShapeError at site 'y': observed value has shape [4]; Normal(loc: 0, scale: 1) has batch shape [2]",
      "  inside plate 'data' (size 2 of 4, dim -1).",
      "  Fix: observe only the subsample: index the data with the indices that plate 'data' passes to its body, or use subsample(data).",
      '  Shapes of the sites before:',
      '    data  plate  2 |  2 of 4',
    ],
  },
  {
    title: 'an observation without the event dims',
    run: () => tracing(() => sample('y', Normal([0, 0, 0], 1).toEvent(1), { obs: [1, 2] })),
    message: [
      "ShapeError at site 'y': observed value has shape [2]; Normal(loc: [3], scale: 1).toEvent(1) has batch shape [] and event shape [3]",
      '  Fix: pass a value whose rightmost dims are [3].',
    ],
  },
  {
    title: 'a distribution whose batch shape is not the size of the plate',
    run: () => tracing(() => plate('data', 7, () => sample('x', Normal(tf.zeros([8]), 1)))),
    message: [
      "ShapeError at site 'x': Normal(loc: [8], scale: 1) has batch shape [8]: 8 at dim -1, where plate 'data' has size 7",
      "  inside plate 'data' (size 7, dim -1).",
      '  Fix: make dim -1 have size 7 or 1, or declare it an event dim with .toEvent(1).',
      '  Shapes of the sites before:',
      '    data  plate  7 |',
    ],
  },
  {
    title: 'a distribution that is transposed with respect to its plates',
    run: () =>
      tracing(() =>
        plate('rows', 2, () => plate('columns', 3, () => sample('x', Normal(tf.zeros([2, 3]), 1)))),
      ),
    message: [
      "ShapeError at site 'x': Normal(loc: [2, 3], scale: 1) has batch shape [2, 3]: 2 at dim -2, where plate 'columns' has size 3",
      "  inside plate 'rows' (size 2, dim -1), plate 'columns' (size 3, dim -2).",
      "  Fix: dim -2 belongs to plate 'columns', but its size is that of plate 'rows' (dim -1): swap the dims, or the plates.",
      '  Shapes of the sites before:',
      '    rows     plate  2 |',
      '    columns  plate  3 |',
    ],
  },
  {
    title: 'a factor that does not fit its plate',
    run: () => tracing(() => plate('data', 3, () => factor('f', [1, 2]))),
    message: [
      "ShapeError at site 'f': the log factor has shape [2]: 2 at dim -1, where plate 'data' has size 3",
      "  inside plate 'data' (size 3, dim -1).",
      '  Fix: make dim -1 have size 3 or 1, or declare it an event dim with .toEvent(1).',
      '  Shapes of the sites before:',
      '    data  plate  3 |',
    ],
  },
  {
    title: 'a batch dim that belongs to no plate',
    run: () => checkPlates(tracing(() => sample('x', Normal([0, 0, 0], 1)))),
    message: [
      "ShapeError at site 'x': batch shape [3] has size 3 at dim -1, which belongs to no plate",
      "  Fix: declare independence: plate('…', {size: 3, dim: -1}, () => …), or make the dim part of the event: .toEvent(1).",
    ],
  },
  {
    title: 'two plates at one dim',
    run: () =>
      tracing(() =>
        plate('a', { size: 2, dim: -1 }, () => plate('b', { size: 3, dim: -1 }, () => undefined)),
      ),
    message: [
      "PlateError: plates 'a' and 'b' collide at dim -1: plate 'a' (size 2, dim -1) is open around plate 'b' (size 3, dim -1)",
      "  Fix: give plate 'b' dim -2, or leave its dim out.",
      "  Raised in the model after site 'b'.",
    ],
  },
  {
    title: 'a plate inside itself',
    run: () => tracing(() => plate('a', 2, () => plate('a', 2, () => undefined))),
    message: [
      "PlateError: plate 'a' (size 2, dim -1) is entered inside itself",
      '  Fix: give the inner plate another name, or leave the outer one before.',
      "  Raised in the model after site 'a'.",
    ],
  },
  {
    title: 'one plate as a loop and with a body',
    run: () =>
      tracing(() => {
        const data = plate('data', 2);
        data.run(() => undefined);
        for (const i of data) sample(`x_${i}`, Normal(0, 1));
      }),
    message: [
      "PlateError: plate 'data' is used both as a loop and with a body",
      '  Fix: make two plates with different names.',
      "  Raised in the model after site 'data'.",
    ],
  },
  {
    title: 'two different plates with one name',
    run: () =>
      tracing(() => {
        plate('data', 2, () => undefined);
        plate('data', 3, () => undefined);
      }),
    message: [
      "DuplicateSiteError at site 'data': two plate sites of one run are named 'data'",
      '  Fix: keep the plate in a variable and enter it again, or give the second one another name.',
    ],
  },
  {
    title: 'a plate at dim 0',
    run: () => plate('data', { size: 2, dim: 0 }),
    message: [
      "PlateError: plate 'data': dim must be a negative integer; it is 0",
      '  Fix: count from the right: -1 is the rightmost batch dim.',
    ],
  },
  {
    title: 'a plate without elements',
    run: () => plate('data', 0),
    message: [
      "PlateError: plate 'data': size must be a positive integer; it is 0",
      '  Fix: pass the number of elements.',
    ],
  },
  {
    title: 'a subsample larger than its plate',
    run: () => plate('data', { size: 5, subsampleSize: 6 }),
    message: [
      "PlateError: plate 'data': subsampleSize must be an integer from 1 to size 5; it is 6",
      '  Fix: draw fewer elements.',
    ],
  },
  {
    title: 'different subsample sizes in the model and the guide',
    run: () => {
      const trace = tracing(() => plate('data', { size: 9, subsampleSize: 3 }));
      return tracing(handlers.replay(() => plate('data', { size: 9, subsampleSize: 4 }), { trace }));
    },
    message: [
      "PlateError: plate 'data' has subsampleSize 4, but its subsample has 3 elements",
      '  Fix: give the plate the same size and subsampleSize in the model and in the guide.',
      "  Raised in the model after site 'data'.",
    ],
  },
  {
    title: 'subsample of data that is not as long as the plate',
    run: () => tracing(() => plate('data', { size: 9, subsampleSize: 3 }, () => subsample([1, 2, 3, 4]))),
    message: [
      "ShapeError: subsample: the data has shape [4] with eventDim 0, so 4 elements along plate 'data'",
      "  inside plate 'data' (size 3 of 9, dim -1).",
      "  Fix: pass data with 9 elements along that dim, or set eventDim so that the plate's dim is counted from the batch dims.",
      "  Raised in the model after site 'data'.",
      '  Shapes of the sites before:',
      '    data  plate  3 |  3 of 9',
    ],
  },
  {
    title: 'a parameter of a distribution outside its constraint',
    run: () => tracing(() => [sample('mu', Normal(0, 1)), sample('y', Normal(0, -1))]),
    message: [
      "ConstraintError: parameter 'scale' of Normal(loc: 0, scale: -1) must satisfy `positive`, got -1",
      "  Fix: give 'scale' values in `positive`, e.g. map unconstrained numbers there with transformTo(constraint); { validateArgs: false } skips the check.",
      "  Raised in the model after site 'mu'.",
    ],
  },
  {
    title: 'an observation outside the support',
    run: () => scoring(() => plate('data', 3, () => sample('y', HalfNormal(1), { obs: [1, -2, 3] }))),
    message: [
      "ConstraintError at site 'y': value must lie in the support `nonnegative` of HalfNormal(scale: 1), got -2 at index [1] of shape [3]",
      '  Fix: correct the value or choose a distribution with that support; { validateArgs: false } gives it the log density −Infinity.',
    ],
  },
  {
    title: 'a NaN in the data',
    run: () => scoring(() => plate('data', 3, () => sample('y', Normal(0, 1), { obs: [1, NaN, 3] }))),
    message: [
      "ConstraintError at site 'y': value must lie in the support `real` of Normal(loc: 0, scale: 1), got NaN at index [1] of shape [3]",
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
      "HandlerError at site 'x': the second argument of sample must be a distribution; it is the function Normal",
      "  Fix: call the family with its parameters: sample('x', dist.Normal(0, 1)).",
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
    title: 'a model that returns a Promise',
    run: () => tracing(async () => Promise.resolve(1)),
    message: [
      'AsyncModelError: the model (or the body of a plate) returned a Promise, but handlers see only what runs synchronously.',
      '  Fix: make it a plain function: await data before the run and pass it as an argument.',
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
  {
    title: 'condition on a site that the model lacks',
    run: () =>
      tracing(
        handlers.condition(() => [sample('mu', Normal(0, 1)), sample('tau', Uniform(0, 1))], {
          data: { taus: 1 },
        }),
      ),
    message: [
      "UnknownSiteError at site 'taus': condition was given a value for 'taus', but the run had no such site; it had mu, tau",
      "  Fix: did you mean 'tau'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'do on a site that the model lacks',
    run: () => tracing(handlers.do(() => sample('mu', Normal(0, 1)), { data: { nu: 1 } })),
    message: [
      "UnknownSiteError at site 'nu': do was given a value for 'nu', but the run had no such site; it had mu",
      "  Fix: did you mean 'mu'? Rename it, or pass allowUnknown: true if the model has the site only in some runs.",
    ],
  },
  {
    title: 'lift of a parameter that the model lacks',
    run: () => tracing(handlers.lift(() => param('w', 0), { prior: { v: Normal(0, 1) } })),
    message: [
      "UnknownSiteError at site 'v': lift was given a value for 'v', but the run had no such site; it had w",
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
      "UnknownSiteError at site 'thetas': reparam was given a value for 'thetas', but the run had no such site; it had theta",
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
    title: 'an error of TensorFlow.js inside the model',
    run: () =>
      tracing(() => {
        const w = sample('w', Normal(0, 1).expand([3]).toEvent(1));
        return tf.matMul(tf.zeros([2, 2]), tf.reshape(w, [3, 1]));
      }),
    message: [
      'matMul: inner dimensions 2 and 3 of [2,2] and [3,1] differ',
      '  Fix: check transposeA = false, transposeB = false.',
      "  Raised in the model after site 'w'.",
      '  Shapes of the sites before:',
      '    w  dist   | 3',
      '       value  | 3',
    ],
  },
];

describe('models that must fail', () => {
  it.each(failures.map((failure) => [failure.title, failure] as const))('%s', (_, { run, message }) => {
    const before = tf.memory().numTensors;
    let error: unknown;
    tf.tidy(() => {
      try {
        run();
      } catch (caught) {
        error = caught;
      }
    });
    expect((error as Error | undefined)?.message.split('\n')).toEqual(message);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('models that must work', () => {
  const works: readonly (readonly [string, () => unknown])[] = [
    ['no site at all', () => 1],
    ['a full plate opened twice', () => [plate('data', 2, () => 1), plate('data', 2, () => 2)]],
    ['a parameter asked for twice', () => [param('w', 1), param('w', 1)]],
    ['batch dims without plates', () => sample('y', Normal([0, 0, 0], 1), { obs: [1, 2, 3] })],
    ['an observed table in nested plates', () => plate('columns', 3, () => plate('rows', 2, () => sample('y', Normal(0, 1), { obs: [[1, 2, 3], [4, 5, 6]] })))],
    ['a local variable of the outer plate seen in the inner one', () => plate('outer', 2, () => {
      const x = sample('x', Normal(0, 1));
      plate('inner', 3, () => sample('y', Normal(x, 1)));
    })],
    ['plates side by side share a dim', () => [plate('a', 2, () => sample('x', Normal(0, 1))), plate('b', 3, () => sample('y', Normal(0, 1)))]],
    ['a vectorised plate in a loop', () => {
      for (const i of plate('steps', 2)) plate('data', 3, () => sample(`x_${i}`, Normal(0, 1)));
    }],
    ['a loop in a vectorised plate', () => plate('data', 3, () => {
      for (const i of plate('steps', 2)) sample(`x_${i}`, Normal(0, 1));
    })],
    ['control flow on plain data', () => (new Date(0).getTime() === 0 ? sample('a', Normal(0, 1)) : sample('b', Normal(0, 1)))],
    ['recursion', () => {
      const walk = (n: number, x: tf.Tensor): tf.Tensor => (n === 0 ? x : walk(n - 1, sample(`x_${n}`, Normal(x, 1))));
      return walk(3, tf.zeros([]));
    }],
    ['a closure under handlers of its own', () => handlers.scale(() => sample('x', Normal(0, 1)), { scale: 2 })()],
    ['a size-one plate', () => plate('data', 1, () => sample('x', Normal(0, 1), { obs: [1] }))],
    ['a deterministic site in a plate', () => plate('data', 2, () => deterministic('d', [1, 2]))],
  ]; // prettier-ignore
  it.each(works)('%s', (_, model) => {
    const before = tf.memory().numTensors;
    expect(Number.isFinite(tf.tidy(() => tracing(model).logProbSum().dataSync()[0]))).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
  });
});
