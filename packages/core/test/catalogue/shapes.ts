/** Shapes that do not fit. */
import { Normal } from '@pyro-ts/distributions';
import { tf } from '@pyro-ts/ops';
import { checkPlates, factor, plate, sample } from '../../src';
import { tracing, type Failure } from './failure';

export const shapes: readonly Failure[] = [
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
      "ShapeError at site 'y': observed value has shape [4]; Normal(loc: 0, scale: 1).expand([2]) has batch shape [2]",
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
    title: 'an error of TensorFlow.js inside the model',
    run: () =>
      tracing(() => {
        const w = sample('w', Normal(0, 1).expand([3]).toEvent(1));
        return tf.matMul(tf.zeros([2, 2]), tf.reshape(w, [3, 1]));
      }),
    message: [
      'ShapeError: matMul: inner dimensions 2 and 3 of [2, 2] and [3, 1] differ',
      '  Fix: the columns of the first must be the rows of the second; to transpose one, pass transposeA or transposeB.',
      "  Raised in the model after site 'w'.",
      '  Shapes of the sites before:',
      '    w  dist   | 3',
      '       value  | 3',
    ],
  },
];
