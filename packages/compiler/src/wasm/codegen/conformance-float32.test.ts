import { expectClose } from '@pyro-ts/testing';
import { interpret } from '../../reference/executor';
import { wasmExecutor } from '../executor';
import { bool, float, int, singleNode } from './cases';
import {
  binary,
  describeCase,
  fixed,
  indices,
  key,
  on,
  positiveDefinite,
  products,
  reduced,
  unary,
  type Case,
} from './case-tables';

describe('float32', () => {
  const rows: readonly Case[] = [
    ...unary.map(([k, domain]): Case => [k, [on(domain, 37)]]),
    ...unary.map(([k, domain]): Case => [k, [on(domain, 5)]]),
    ...binary.map((k): Case => [k, [on('positive', 6, 7), on('positive', 7)]]),
    ...['Sum', 'Max', 'Prod'].flatMap((k) =>
      reduced.map(([shape, axis]): Case => [k, [on('unit', ...shape)], { axis, keepDims: false }]),
    ),
    ...products.map(([m, k, n]): Case => ['BatchMatMul', [float(m, k), float(k, n)], {}]),
    ...products.map(([m, k, n]): Case => ['BatchMatMul', [float(k, m), float(k, n)], { transposeA: true }]),
    ['Select', [bool(37), float(37), float(37)]],
    ['Cast', [bool(37)], { dtype: 'int32' }],
    ['Cast', [int(37)], { dtype: 'float32' }],
    ['Cast', [float(37)], { dtype: 'bool' }],
    ['LogicalAnd', [bool(3, 7), bool(7)]],
    ['Transpose', [float(13, 7)], { perm: [1, 0] }],
    ['Transpose', [bool(13, 7)], { perm: [1, 0] }],
    ['Concat', [float(3, 4), float(3, 7)], { axis: 1 }],
    ['GatherV2', [float(9), fixed(indices(9, 20))], { axis: 0 }],
    ['GatherV2', [float(9, 3), indices(9, 20)], { axis: 0 }],
    ['Cumsum', [on('unit', 5, 9)], { axis: 1 }],
    ['ArgMax', [float(5, 9)], { axis: 1 }],
    ['Cholesky', [positiveDefinite(9, 9)]],
    ['TriangularSolve', [positiveDefinite(9, 9), float(9, 7)], { lower: true, adjoint: true }],
    ['PhiloxNormal', [key], { shape: [21], stream: [5, 6] }],
    ['TopK', [float(5, 9)], { k: 3, sorted: true }],
  ];

  it.each(rows.map((r) => [r[0], describeCase(r[1], r[2] ?? {}), r] as const))(
    '%s of %s',
    (_k, _d, [k, ins, attrs]) => {
      const { graph, data } = singleNode(k, ins, attrs);
      const rounded = data.map((d) => (d instanceof Float64Array ? Float64Array.from(d, Math.fround) : d));
      const expected = interpret(graph, rounded);
      const actual = wasmExecutor.compile(graph, { precision: 'float32' }).run(rounded);
      // The reference computes in double: what differs is single rounding, and its growth in sums.
      actual.forEach((a, i) => expectClose(a, expected[i], { rel: 4e-5, abs: 4e-5 }, `${k} output ${i}`));
    },
  );
});
