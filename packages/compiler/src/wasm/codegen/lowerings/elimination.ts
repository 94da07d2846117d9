/** General square matrices by Gaussian elimination with partial pivoting, as in ops/linalg/lu-kernels.ts, in doubles. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value, Variable } from '../../assembler';
import { elementary } from '../../math';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import { loop } from './linalg-loops';
import { doubles, operandNumbers, outputNumbers, scratchDoubles, type Numbers } from './numbers';

interface Elimination {
  readonly lu: Numbers;
  /** Which row of the matrix each row of the factors is. */
  readonly rows: Numbers;
  /** 1 or −1 by the parity of the exchanges. */
  readonly sign: Variable;
  readonly at: (row: Value, column: Value) => Value;
}

/** Factors the matrix that begins at an element; work space in scratch outputs `first` (LU) and `first` + 1 (rows). */
function eliminate(c: KernelContext, n: number, start: Value, first: number): Elimination {
  const { f } = c;
  const [a, lu, rows] = [operandNumbers(c, 0), scratchDoubles(c, first), outputNumbers(c, first + 1)];
  const at = (row: Value, column: Value): Value => f.op('i32.add', c.scaled(row, n), column);
  const next = (k: Value): Value => f.op('i32.add', k, f.i32(1));
  const begin = f.variable(start);
  c.range(n * n, 1, (i) => lu.write(i(), a.read(f.op('i32.add', f.get(begin), i()))));
  c.range(n, 1, (i) => rows.write(i(), f.op('f64.convert_i32_s', i())));
  const sign = f.variable(f.f64(1));
  const exchange = (numbers: Numbers, i: () => Value, j: () => Value): void => {
    const kept = f.variable(numbers.read(i()));
    numbers.write(i(), numbers.read(j()));
    numbers.write(j(), f.get(kept));
  };
  c.range(n, 1, (k) => {
    const pivot = f.variable(k());
    const size = (i: Value): Value => f.op('f64.abs', lu.read(at(i, k())));
    loop(c, next(k()), f.i32(n), 1, (i) =>
      f.if(f.op('f64.gt', size(i()), size(f.get(pivot))), () => f.set(pivot, i())),
    );
    f.if(f.op('i32.ne', f.get(pivot), k()), () => {
      f.set(sign, f.op('f64.neg', f.get(sign)));
      exchange(rows, k, () => f.get(pivot));
      c.range(n, 1, (j) =>
        exchange(
          lu,
          () => at(k(), j()),
          () => at(f.get(pivot), j()),
        ),
      );
    });
    const diagonal = f.variable(lu.read(at(k(), k())));
    f.if(f.op('f64.ne', f.get(diagonal), f.f64(0)), () =>
      loop(c, next(k()), f.i32(n), 1, (i) => {
        const factor = f.variable(f.op('f64.div', lu.read(at(i(), k())), f.get(diagonal)));
        lu.write(at(i(), k()), f.get(factor));
        loop(c, next(k()), f.i32(n), 1, (j) => {
          const less = f.op('f64.mul', f.get(factor), lu.read(at(k(), j())));
          lu.write(at(i(), j()), f.op('f64.sub', lu.read(at(i(), j())), less));
        });
      }),
    );
  });
  return { lu, rows, sign, at };
}

const scratchOf = (n: number): readonly { shape: readonly number[]; dtype: 'int' }[] => [
  doubles(n * n),
  { shape: [n], dtype: 'int' },
];

/** sign(det A) and log|det A|. */
const logDeterminant: Loops = {
  kind: 'loops',
  scratch: ({ inputs: [{ shape }] }) => scratchOf(shape.at(-1) as number),
  emit: (c) => {
    const { f } = c;
    const { shape } = c.inputType(0);
    const n = shape.at(-1) as number;
    const [signs, logs] = [outputNumbers(c, 0), outputNumbers(c, 1)];
    c.range(sizeOf(shape.slice(0, -2)), 1, (m) => {
      const { lu, sign, at } = eliminate(c, n, c.scaled(m(), n * n), 2);
      const total = f.variable(f.f64(0));
      c.range(n, 1, (i) => {
        const d = f.variable(lu.read(at(i(), i())));
        const isSigned = f.op('f64.ne', f.get(d), f.f64(0));
        const unit = f.op('f64.copysign', f.f64(1), f.get(d));
        const isNaN = f.op('f64.ne', f.get(d), f.get(d));
        const own = f.op('select.f64', f.get(d), f.op('select.f64', unit, f.f64(0), isSigned), isNaN);
        f.set(sign, f.op('f64.mul', f.get(sign), own));
        const size = f.op('f64x2.splat', f.op('f64.abs', f.get(d)));
        const log = f.lane('f64x2.extract_lane', 0, elementary.log(c.lanes.f64x2, size));
        f.set(total, f.op('f64.add', f.get(total), log));
      });
      // No −0.
      signs.write(m(), f.op('f64.add', f.get(sign), f.f64(0)));
      logs.write(m(), f.get(total));
    });
  },
};

/** A⁻¹, column by column: forward and backward substitution. */
const inverse: Loops = {
  kind: 'loops',
  scratch: ({ inputs: [{ shape }] }) => {
    const n = shape.at(-1) as number;
    return [...scratchOf(n), doubles(n)];
  },
  emit: (c) => {
    const { f } = c;
    const { shape } = c.inputType(0);
    const n = shape.at(-1) as number;
    const [out, column] = [outputNumbers(c), scratchDoubles(c, 3)];
    c.range(sizeOf(shape.slice(0, -2)), 1, (m) => {
      const start = f.variable(c.scaled(m(), n * n));
      const { lu, rows, at } = eliminate(c, n, f.get(start), 1);
      c.range(n, 1, (j) => {
        const substitute = (i: () => Value, from: Value, to: Value, first: Value): Value => {
          const sum = f.variable(first);
          loop(c, from, to, 1, (k) =>
            f.set(sum, f.op('f64.sub', f.get(sum), f.op('f64.mul', lu.read(at(i(), k())), column.read(k())))),
          );
          return f.get(sum);
        };
        c.range(n, 1, (i) => {
          const isOwn = f.op('f64.eq', rows.read(i()), f.op('f64.convert_i32_s', j()));
          column.write(i(), substitute(i, f.i32(0), i(), f.op('f64.convert_i32_s', isOwn)));
        });
        loop(c, f.i32(n - 1), f.i32(-1), -1, (i) => {
          const next = f.op('i32.add', i(), f.i32(1));
          const sum = substitute(i, next, f.i32(n), column.read(i()));
          column.write(i(), f.op('f64.div', sum, lu.read(at(i(), i()))));
        });
        c.range(n, 1, (i) => out.write(f.op('i32.add', f.get(start), at(i(), j())), column.read(i())));
      });
    });
  },
};

export const elimination = { LogMatrixDeterminant: logDeterminant, MatrixInverse: inverse };
