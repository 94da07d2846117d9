/** transforms.json: forward, inverse and log-determinant; laws instead where our chart differs on purpose. */
import { lift, tf, type TensorLike } from '@pyro-ts/ops';
import { otherChart, transformOfRow, uncountedEventDims, type TransformRow } from '../transform-rows';
import { distributionFrom } from './build';
import { VALUE_BOUND } from './distribution-rows';
import { flatten, judge, NotImplemented, type Comparison, type Outcome } from './outcome';
import type { Transform } from '../../src';

function tensor(x: unknown, shape: readonly number[]): tf.Tensor {
  return tf.reshape(lift(flatten(x) as TensorLike, 'float32'), [...shape]);
}

/** A chart of another form still maps into the codomain and comes back. */
function checkLaws(c: Comparison, row: TransformRow, transform: Transform): void {
  const x = tensor(row.x, row.x_shape);
  const y = transform.call(x);
  c.shape('shape of y', y.shape, row.y_shape);
  if (Array.from(transform.codomain.check(y).dataSync()).includes(0)) c.fail('y lies outside the codomain');
  c.tensor('inverse(call(x))', transform.inverse(y), row.x, VALUE_BOUND);
}

export function runTransformRow(row: TransformRow): Outcome {
  return tf.tidy(
    () =>
      judge({ table: 'transforms', family: row.transform, id: row.id }, (c) => {
        const transform = transformOfRow(row, (spec) => distributionFrom(spec));
        if (transform === undefined) throw new NotImplemented(row.transform);
        if ((row.params?.['constraint'] as string) in otherChart) {
          checkLaws(c, row, transform);
          return;
        }
        const [x, y] = [tensor(row.x, row.x_shape), tensor(row.y, row.y_shape)];
        const forward = transform.call(x);
        c.shape('shape of y', forward.shape, row.y_shape);
        c.tensor('y', forward, row.y, VALUE_BOUND);
        if (row.x_from_y !== null) c.tensor('inverse', transform.inverse(y), row.x_from_y, VALUE_BOUND);
        if (row.log_abs_det_jacobian !== null) {
          c.tensor('log|det J|', transform.logAbsDetJacobian(x, y), row.log_abs_det_jacobian, VALUE_BOUND);
        }
        if (uncountedEventDims.has(row.transform)) return;
        c.shape('domain event dim', [transform.domain.eventDim], [row.domain_event_dim]);
        c.shape('codomain event dim', [transform.codomain.eventDim], [row.codomain_event_dim]);
      }) as never,
  );
}
