import { lift, tf, toNdArray } from '@pyro-ts/ops';
import { expectClose, loadGolden } from '@pyro-ts/testing';
import { Normal } from '..';
import {
  otherChart,
  transformOfRow,
  uncountedEventDims,
  type MakeDistribution,
  type Numbers,
  type TransformRow,
} from '../../test/transform-rows';

/** |a − b| ≤ 1e-12 (1 + |b|) */
function expectGolden(actual: tf.Tensor, expected: Numbers, shape: readonly number[], what: string): void {
  const wanted = toNdArray(lift(expected));
  expect(`${what} ${actual.shape.join('×')}`).toBe(`${what} ${shape.join('×')}`);
  const { data } = toNdArray(actual);
  data.forEach((value, i) => {
    const b = wanted.data[i];
    expectClose(value, b, { abs: 1e-12 * (1 + Math.abs(b)) }, `${what}[${i}]`);
  });
}

const rows = loadGolden<TransformRow[]>('transforms');
const makeNormal: MakeDistribution = ({ dist, params }) =>
  dist === 'Normal' ? Normal(params as { loc: number; scale: number }) : undefined;
const implemented = rows.filter((row) => transformOfRow(row, makeNormal) !== undefined);

describe('golden table of transforms, |error| ≤ 1e-12 (1 + |value|)', () => {
  it('covers all but complex-valued transforms', () => {
    const absent = rows.filter((row) => !implemented.includes(row)).map((row) => row.transform);
    expect([...new Set(absent)].sort()).toEqual([
      'ComplexTransform',
      'PackRealFastFourierCoefficientsTransform',
      'RealFastFourierTransform',
    ]);
  });

  it.each(
    implemented
      .filter((row) => !((row.params?.['constraint'] as string) in otherChart))
      .map((row) => [row.id, row] as const),
  )('%s', (_, row) => {
    const transform = transformOfRow(row, makeNormal)!;
    tf.tidy(() => {
      const x = lift(row.x);
      const y = lift(row.y);
      if (!uncountedEventDims.has(row.transform)) {
        expect(transform.domain.eventDim).toBe(row.domain_event_dim);
        expect(transform.codomain.eventDim).toBe(row.codomain_event_dim);
      }
      expect(transform.forwardShape(row.x_shape)).toEqual(row.y_shape);
      expectGolden(transform.call(x), row.y, row.y_shape, 'y');
      if (row.x_from_y !== null) {
        expect(transform.inverseShape(row.y_shape)).toEqual(row.x_shape);
        expectGolden(transform.inverse(y), row.x_from_y, row.x_shape, 'x');
      }
      if (row.log_abs_det_jacobian === null) return;
      const batch = row.x_shape.slice(0, row.x_shape.length - transform.domain.eventDim);
      expectGolden(transform.logAbsDetJacobian(x, y), row.log_abs_det_jacobian, batch, 'log|J|');
      const kept = transform.callWithIntermediates(x);
      expectGolden(
        transform.logAbsDetJacobian(x, kept.y, kept.intermediates),
        row.log_abs_det_jacobian,
        batch,
        'log|J| with intermediates',
      );
    });
  });
});
