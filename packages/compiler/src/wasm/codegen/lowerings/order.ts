/** Kernels that order, count or look up values, number by number. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import { operandNumbers, outputNumbers } from './numbers';

/** Indices of a row by a merge sort from the bottom: larger first, NaN first of all, of equal values the lower index first. */
const topK: Loops = {
  kind: 'loops',
  scratch: ({ inputs: [{ shape }] }) => {
    const n = shape.at(-1) as number;
    return [
      { shape: [n], dtype: 'int' },
      { shape: [n], dtype: 'int' },
    ];
  },
  emit: (c) => {
    const { f } = c;
    const { shape } = c.inputType(0);
    const n = shape.at(-1) as number;
    const { k = 1 } = c.attrs as { k?: number };
    const [x, values, indices] = [operandNumbers(c, 0), outputNumbers(c, 0), outputNumbers(c, 1)];
    const buffers = [2, 3].map((i) => c.output(i));
    const place = (side: number, i: Value): { pointer: Value; offset: number } =>
      c.moved(buffers[side], c.scaled(i, 4));
    const get = (side: number, i: Value): Value => {
      const { pointer, offset } = place(side, i);
      return f.load('i32.load', pointer, offset);
    };
    const put = (side: number, i: Value, index: Value): void => {
      const { pointer, offset } = place(side, i);
      f.store('i32.store', pointer, index, offset);
    };
    const add = (a: Value, b: Value): Value => f.op('i32.add', a, b);
    const least = (a: Value, b: Value): Value => f.op('select.i32', a, b, f.op('i32.lt_s', a, b));
    const passes = Math.ceil(Math.log2(Math.max(n, 1)));
    c.range(sizeOf(shape.slice(0, -1)), 1, (r) => {
      const row = f.variable(c.scaled(r(), n));
      const rank = (index: Value): Value => {
        const value = f.variable(x.read(add(f.get(row), index)));
        return f.op('select.f64', f.f64(Infinity), f.get(value), f.op('f64.ne', f.get(value), f.get(value)));
      };
      c.range(n, 1, (i) => put(0, i(), i()));
      for (let pass = 0; pass < passes; pass++) {
        const width = 2 ** pass;
        const [from, to] = [pass % 2, 1 - (pass % 2)];
        c.range(n, 2 * width, (start) => {
          const left = f.variable(start());
          const middle = f.variable(least(add(start(), f.i32(width)), f.i32(n)));
          const right = f.variable(f.get(middle));
          const end = f.variable(least(add(start(), f.i32(2 * width)), f.i32(n)));
          const at = f.variable(start());
          f.block((exit) =>
            f.loop((again) => {
              f.branchIf(exit, f.op('i32.ge_s', f.get(at), f.get(end)));
              const takesRight = f.variable(f.i32(0));
              f.if(f.op('i32.lt_s', f.get(right), f.get(end)), () =>
                f.if(
                  f.op('i32.ge_s', f.get(left), f.get(middle)),
                  () => f.set(takesRight, f.i32(1)),
                  () => {
                    const larger = f.op(
                      'f64.gt',
                      rank(get(from, f.get(right))),
                      rank(get(from, f.get(left))),
                    );
                    f.set(takesRight, larger);
                  },
                ),
              );
              f.if(
                f.get(takesRight),
                () => {
                  put(to, f.get(at), get(from, f.get(right)));
                  f.set(right, add(f.get(right), f.i32(1)));
                },
                () => {
                  put(to, f.get(at), get(from, f.get(left)));
                  f.set(left, add(f.get(left), f.i32(1)));
                },
              );
              f.set(at, add(f.get(at), f.i32(1)));
              f.branch(again);
            }),
          );
        });
      }
      c.range(k, 1, (i) => {
        const index = f.variable(get(passes % 2, i()));
        const target = (): Value => add(c.scaled(r(), k), i());
        values.write(target(), x.read(add(f.get(row), f.get(index))));
        indices.write(target(), f.op('f64.convert_i32_s', f.get(index)));
      });
    });
  },
};

/** First place in a sorted row whose value is not below (lower) or is above (upper) the one looked up. */
function bound(isUpper: (attrs: KernelContext['attrs']) => boolean): Loops {
  return {
    kind: 'loops',
    emit: (c) => {
      const { f } = c;
      const n = c.inputType(0).shape.at(-1) as number;
      const m = c.inputType(1).shape.at(-1) as number;
      const [sorted, values, out] = [operandNumbers(c, 0), operandNumbers(c, 1), outputNumbers(c)];
      const after = isUpper(c.attrs) ? 'f64.gt' : 'f64.ge';
      c.range(sizeOf(c.outputType().shape), 1, (i) => {
        const start = f.variable(c.scaled(f.op('i32.div_u', i(), f.i32(m)), n));
        const value = f.variable(values.read(i()));
        const [low, high] = [f.variable(f.i32(0)), f.variable(f.i32(n))];
        f.block((exit) =>
          f.loop((again) => {
            f.branchIf(exit, f.op('i32.ge_s', f.get(low), f.get(high)));
            const middle = f.variable(f.op('i32.shr_u', f.op('i32.add', f.get(low), f.get(high)), f.i32(1)));
            f.if(
              f.op(after, sorted.read(f.op('i32.add', f.get(start), f.get(middle))), f.get(value)),
              () => f.set(high, f.get(middle)),
              () => f.set(low, f.op('i32.add', f.get(middle), f.i32(1))),
            );
            f.branch(again);
          }),
        );
        out.write(i(), f.op('f64.convert_i32_s', f.get(low)));
      });
    },
  };
}

/** Counts, or sums of weights, of 0 … size − 1 in each row; other numbers are ignored. */
const bincount: Loops = {
  kind: 'loops',
  takesEmpty: true,
  emit: (c) => {
    const { f } = c;
    const [x, weights] = [c.inputType(0), c.inputType(1)];
    const { shape } = c.outputType();
    const size = shape.at(-1) as number;
    const rows = sizeOf(shape.slice(0, -1));
    const n = sizeOf(x.shape) / rows;
    const isWeighted = sizeOf(weights.shape) > 0;
    c.fill(0);
    const [numbers, out] = [operandNumbers(c, 0), outputNumbers(c)];
    const given = isWeighted ? operandNumbers(c, 1) : undefined;
    c.range(rows, 1, (r) =>
      c.range(n, 1, (i) => {
        const at = f.variable(f.op('i32.add', c.scaled(r(), n), i()));
        const number = f.variable(numbers.read(f.get(at)));
        const isCounted = f.op('i32.and', f.op('f64.ge', f.get(number), f.f64(0)), f.op('f64.lt', f.get(number), f.f64(size))); // prettier-ignore
        f.if(isCounted, () => {
          const bin = f.op('i32.trunc_sat_f64_s', f.get(number));
          const place = f.variable(f.op('i32.add', c.scaled(r(), size), bin));
          const more = given?.read(f.get(at)) ?? f.f64(1);
          out.write(f.get(place), f.op('f64.add', out.read(f.get(place)), more));
        });
      }),
    );
    if (c.attrs['binaryOutput'] !== true) return;
    c.range(sizeOf(shape), 1, (i) => {
      const isThere = f.op('f64.ne', out.read(i()), f.f64(0));
      out.write(i(), f.op('f64.convert_i32_s', isThere));
    });
  },
};

export const order = {
  TopK: topK,
  LowerBound: bound(() => false),
  UpperBound: bound(() => true),
  SearchSorted: bound((attrs) => attrs['side'] === 'right'),
  Bincount: bincount,
  DenseBincount: bincount,
};
