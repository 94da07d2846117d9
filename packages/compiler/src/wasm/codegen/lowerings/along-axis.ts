/** Kernels that walk along one axis: cumulative sums and products, positions of extremes. */
import { sizeOf } from '@pyro-ts/ops';
import type { InstructionName, Value } from '../../assembler';
import { axisAttr } from '../axes';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import { loadVector, storeLanes } from '../memory-lanes';

/** Runs the body for every line along the axis, with the byte offset of its first element (for `bytes` per element). */
function eachLine(
  c: KernelContext,
  body: (start: (bytes: number) => Value, stride: number, n: number, line: () => Value) => void,
): void {
  const { f } = c;
  const { shape } = c.inputType(0);
  const axis = axisAttr(c.attrs, 'axis', shape.length);
  const n = shape[axis] ?? 1;
  const stride = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  c.range(outer, 1, (o) =>
    c.range(stride, 1, (s) => {
      const start = (bytes: number): Value =>
        f.op('i32.add', c.scaled(o(), n * stride * bytes), c.scaled(s(), bytes));
      body(start, stride, n, () => f.op('i32.add', c.scaled(o(), stride), s()));
    }),
  );
}

function cumulative(op: 'add' | 'mul', unit: number): Loops {
  return {
    kind: 'loops',
    accepts: ({ inputs: [x], outputs: [y] }) => x.dtype === y.dtype && y.dtype !== 'bool',
    emit: (c) => {
      const { f, lanes: l } = c;
      const { dtype } = c.outputType();
      const bytes = c.bytes(dtype);
      const [exclusive, reverse] = [c.attrs['exclusive'] === true, c.attrs['reverse'] === true];
      const [source, target] = [c.input(0), c.output()];
      eachLine(c, (start, stride, n) => {
        const step = (reverse ? -1 : 1) * stride * bytes;
        const first = f.op('i32.add', start(bytes), f.i32(reverse ? (n - 1) * stride * bytes : 0));
        const at = f.variable(first);
        const total = f.variable(l.constant(dtype, unit));
        c.range(n, 1, () => {
          const x = loadVector(l, dtype, c.moved(source, f.get(at)), 'first');
          const before = f.get(total);
          const after = dtype === 'float' ? l.op(op, before, x) : l.int(op, before, x);
          storeLanes(l, dtype, c.moved(target, f.get(at)), exclusive ? before : after, 1);
          f.set(total, after);
          f.set(at, f.op('i32.add', f.get(at), f.i32(step)));
        });
      });
    },
  };
}

function argExtreme(better: InstructionName): Loops {
  return {
    kind: 'loops',
    accepts: ({ inputs: [x] }) => x.dtype === 'float',
    emit: (c) => {
      const { f } = c;
      const bytes = c.bytes('float');
      const [source, target] = [c.input(0), c.output()];
      const load = (offset: Value): Value => {
        const { pointer, offset: constant } = c.moved(source, offset);
        if (bytes === 8) return f.load('f64.load', pointer, constant);
        return f.op('f64.promote_f32', f.load('f32.load', pointer, constant));
      };
      eachLine(c, (start, stride, n, line) => {
        const at = f.variable(start(bytes));
        const best = f.variable(load(f.get(at)));
        const index = f.variable(f.i32(0));
        const here = f.variable(f.i32(0));
        c.range(n - 1, 1, () => {
          f.set(at, f.op('i32.add', f.get(at), f.i32(stride * bytes)));
          f.set(here, f.op('i32.add', f.get(here), f.i32(1)));
          const x = load(f.get(at));
          f.if(f.op(better, x, f.get(best)), () => {
            f.set(best, x);
            f.set(index, f.get(here));
          });
        });
        const { pointer, offset } = c.moved(target, c.scaled(line(), 4));
        f.store('i32.store', pointer, f.get(index), offset);
      });
    },
  };
}

export const alongAxis = {
  Cumsum: cumulative('add', 0),
  Cumprod: cumulative('mul', 1),
  ArgMax: argExtreme('f64.gt'),
  ArgMin: argExtreme('f64.lt'),
};
