/** Cholesky's factorisation with its reverse mode, and triangular solves, on batches of row-major matrices. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Loops, NodeTypes } from '../lowering';
import { loadVector, storeLanes, type Address } from '../memory-lanes';
import { broadcastStrides, rowMajor, wholeView } from '../view';
import { dot, dotAndSubtract, element, entry, loop, put, rowOf, subtractScaled } from './linalg-loops';

const floats = ({ inputs, outputs }: NodeTypes): boolean =>
  [...inputs, ...outputs].every((t) => t.dtype === 'float');

/** Runs the body for each matrix of `k` operands and results of one shape. */
function eachMatrix(
  c: KernelContext,
  starts: readonly Address[],
  body: (at: Address[], n: number) => void,
): void {
  const { shape } = c.outputType();
  const n = shape.at(-1) as number;
  c.range(sizeOf(shape.slice(0, -2)), 1, (b) => {
    const offset = c.scaled(b(), n * n * c.bytes('float'));
    body(
      starts.map((s) => c.moved(s, offset)),
      n,
    );
  });
}

/** L of one matrix, row by row; NaN throughout the lower triangle if a pivot is not positive and finite. */
function factorise(c: KernelContext, a: Address, l: Address, n: number): void {
  const { f, lanes } = c;
  const failed = f.variable(f.i32(0));
  const half = lanes.float(0.5);
  loop(c, f.i32(0), f.i32(n), 1, (i) => {
    loop(c, f.i32(0), f.op('i32.add', i(), f.i32(1)), 1, (j) => {
      const mean = lanes.op(
        'add',
        lanes.op('mul', half, element(c, entry(c, a, i(), n, j()))),
        lanes.op('mul', half, element(c, entry(c, a, j(), n, i()))),
      );
      const rest = lanes.op('sub', mean, dot(c, rowOf(c, l, i(), n), rowOf(c, l, j(), n), j()));
      const target = entry(c, l, i(), n, j());
      f.if(
        f.op('i32.eq', i(), j()),
        () => {
          const good = lanes.and(
            lanes.op('gt', rest, lanes.float(0)),
            lanes.op('lt', rest, lanes.float(Infinity)),
          );
          f.set(failed, f.op('i32.or', f.get(failed), f.op('i32.eqz', f.op('v128.any_true', good))));
          put(c, target, lanes.unary('sqrt', rest));
        },
        () => put(c, target, lanes.op('div', rest, element(c, entry(c, l, j(), n, j())))),
      );
    });
  });
  f.if(f.get(failed), () => {
    loop(c, f.i32(0), f.i32(n), 1, (i) => {
      loop(c, f.i32(0), f.op('i32.add', i(), f.i32(1)), 1, (j) =>
        put(c, entry(c, l, i(), n, j()), lanes.float(NaN)),
      );
    });
  });
}

const cholesky: Loops = {
  kind: 'loops',
  accepts: floats,
  emit: (c) => {
    c.fill(0);
    eachMatrix(c, [c.input(0), c.output()], ([a, l], n) => factorise(c, a, l, n));
  },
};

/** One matrix of Smith's reverse mode (see the kernel): columns k of L and of the cotangent lie in scratch. */
function reverse(
  c: KernelContext,
  [l, f0]: readonly Address[],
  [lk, fk]: readonly Address[],
  n: number,
): void {
  const { f, lanes } = c;
  const bytes = c.bytes('float');
  const at = (base: Address, i: Value): Address => c.moved(base, c.scaled(i, bytes));
  loop(c, f.i32(n - 1), f.i32(-1), -1, (k) => {
    const below = f.op('i32.add', k(), f.i32(1));
    loop(c, k(), f.i32(n), 1, (i) => {
      put(c, at(lk, i()), element(c, entry(c, l, i(), n, k())));
      put(c, at(fk, i()), element(c, entry(c, f0, i(), n, k())));
    });
    loop(c, below, f.i32(n), 1, (i) => {
      const from = entry(c, f0, i(), n, below);
      const count = f.op('i32.sub', i(), k());
      const own = dotAndSubtract(c, from, at(lk, below), element(c, at(lk, i())), at(fk, below), count);
      put(c, at(fk, i()), lanes.op('sub', element(c, at(fk, i())), own));
    });
    const pivot = element(c, at(lk, k()));
    const diagonal = f.variable(element(c, at(fk, k())));
    loop(c, below, f.i32(n), 1, (j) => {
      const value = lanes.op('div', element(c, at(fk, j())), pivot);
      put(c, entry(c, f0, j(), n, k()), value);
      f.set(diagonal, lanes.op('sub', f.get(diagonal), lanes.op('mul', element(c, at(lk, j())), value)));
    });
    put(
      c,
      entry(c, f0, k(), n, k()),
      lanes.op('div', f.get(diagonal), lanes.op('mul', pivot, lanes.float(2))),
    );
  });
}

/** Each off-diagonal entry of the lower triangle stood for two: half to each. */
function symmetrise(c: KernelContext, f0: Address, n: number): void {
  const { f, lanes } = c;
  loop(c, f.i32(0), f.i32(n), 1, (i) => {
    loop(c, f.i32(0), i(), 1, (j) => {
      const half = lanes.op('mul', lanes.float(0.5), element(c, entry(c, f0, i(), n, j())));
      put(c, entry(c, f0, i(), n, j()), half);
      put(c, entry(c, f0, j(), n, i()), half);
    });
  });
}

const choleskyGrad: Loops = {
  kind: 'loops',
  accepts: floats,
  scratch: ({ outputs: [{ shape }] }) =>
    [1, 2].map(() => ({ shape: [shape.at(-1) as number], dtype: 'float' as const })),
  emit: (c) => {
    const { f } = c;
    const bytes = sizeOf(c.outputType().shape) * c.bytes('float');
    const absolute = ({ pointer, offset }: Address): Value => f.op('i32.add', pointer, f.i32(offset));
    f.copyMemory(absolute(c.output()), absolute(c.input(1)), bytes);
    eachMatrix(c, [c.input(0), c.output()], (matrices, n) => {
      reverse(c, matrices, [c.output(1), c.output(2)], n);
      symmetrise(c, matrices[1], n);
    });
  },
};

interface Solve {
  readonly t: Address;
  readonly x: Address;
  readonly n: number;
  readonly m: number;
  /** The equation's matrix is lower triangular: forward substitution. */
  readonly forward: boolean;
  readonly adjoint: boolean;
}

/** One column: rows of T are contiguous, as dot products or, transposed, as scaled sums. */
function solveColumn(c: KernelContext, { t, x, n, forward, adjoint }: Solve): void {
  const { f, lanes } = c;
  const at = (i: Value): Address => c.moved(x, c.scaled(i, c.bytes('float')));
  loop(c, f.i32(forward ? 0 : n - 1), f.i32(forward ? n : -1), forward ? 1 : -1, (i) => {
    const next = f.op('i32.add', i(), f.i32(1));
    // The part of row i of T beside the diagonal that belongs to the triangle.
    const [first, count] = forward !== adjoint ? [f.i32(0), i()] : [next, f.op('i32.sub', f.i32(n), next)];
    const row = entry(c, t, i(), n, first);
    const pivot = element(c, entry(c, t, i(), n, i()));
    if (!adjoint) {
      const sum = dot(c, row, at(first), count);
      put(c, at(i()), lanes.op('div', lanes.op('sub', element(c, at(i())), sum), pivot));
    } else {
      const value = lanes.op('div', element(c, at(i())), pivot);
      put(c, at(i()), value);
      subtractScaled(c, value, row, at(first), count);
    }
  });
}

/** Several columns: a block of a row of X at a time stays in registers. */
function solveColumns(c: KernelContext, s: Solve): void {
  const { f, lanes: l } = c;
  const { n, m, forward, adjoint } = s;
  const bytes = c.bytes('float');
  const block = (column: Value, widths: readonly number[]): void => {
    const place = (row: Value, v: number): Address =>
      c.moved(
        s.x,
        f.op('i32.add', c.scaled(row, m * bytes), f.op('i32.add', column, f.i32(v * l.width * bytes))),
      );
    const extent = (v: number) => (widths[v] === 1 ? 'first' : 'vector');
    loop(c, f.i32(forward ? 0 : n - 1), f.i32(forward ? n : -1), forward ? 1 : -1, (i) => {
      const sums = widths.map((_, v) => f.variable(loadVector(l, 'float', place(i(), v), extent(v))));
      const from = forward ? f.i32(0) : f.op('i32.add', i(), f.i32(1));
      loop(c, from, forward ? i() : f.i32(n), 1, (k) => {
        const factor = element(c, adjoint ? entry(c, s.t, k(), n, i()) : entry(c, s.t, i(), n, k()));
        sums.forEach((sum, v) => {
          const product = l.op('mul', factor, loadVector(l, 'float', place(k(), v), extent(v)));
          f.set(sum, l.op('sub', f.get(sum), product));
        });
      });
      const pivot = element(c, entry(c, s.t, i(), n, i()));
      sums.forEach((sum, v) =>
        storeLanes(l, 'float', place(i(), v), l.op('div', f.get(sum), pivot), widths[v]),
      );
    });
  };
  const wide = 4 * l.width;
  c.range(Math.floor(m / wide), 1, (b) =>
    block(c.scaled(b(), wide * bytes), [l.width, l.width, l.width, l.width]),
  );
  let at = Math.floor(m / wide) * wide;
  for (; at + l.width <= m; at += l.width) block(f.i32(at * bytes), [l.width]);
  for (; at < m; at++) block(f.i32(at * bytes), [1]);
}

const triangularSolve: Loops = {
  kind: 'loops',
  accepts: floats,
  emit: (c) => {
    const { f } = c;
    const { shape } = c.outputType();
    const [n, m] = shape.slice(-2);
    const batch = shape.slice(0, -2);
    const adjoint = c.attrs['adjoint'] === true;
    const lower = c.attrs['lower'] === undefined || c.attrs['lower'] === true;
    const bytes = c.bytes('float');
    const absolute = ({ pointer, offset }: Address): Value => f.op('i32.add', pointer, f.i32(offset));
    const strides = [0, 1].map((i) => {
      const own = c.inputType(i).shape.slice(0, -2);
      return broadcastStrides(wholeView(0, own), batch);
    });
    const own = rowMajor(batch);
    const walk = (axis: number, at: readonly Address[]): void => {
      if (axis < batch.length) {
        c.range(batch[axis], 1, (b) => {
          const index = b();
          const step = (k: number, size: number): Address =>
            c.moved(at[k], c.scaled(index, (k < 2 ? strides[k][axis] : own[axis]) * size * bytes));
          walk(axis + 1, [step(0, n * n), step(1, n * m), step(2, n * m)]);
        });
        return;
      }
      const [t, b, x] = at;
      f.copyMemory(absolute(x), absolute(b), n * m * bytes);
      const solve = { t, x, n, m, forward: lower !== adjoint, adjoint };
      if (m === 1) solveColumn(c, solve);
      else solveColumns(c, solve);
    };
    walk(0, [c.input(0), c.input(1), c.output()]);
  },
};

export const linalg = { Cholesky: cholesky, CholeskyGrad: choleskyGrad, TriangularSolve: triangularSolve };
