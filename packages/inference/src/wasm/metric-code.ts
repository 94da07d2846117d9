/** Velocities and momenta under each metric, operation by operation as in `metrics/`. */
import type { wasmKit } from '@pyro-ts/compiler';
import { define, type Context, type Pointer, type Value, type Writer } from './writer';

export interface MetricCode {
  /**
   * (momentum buffer): writes the velocity behind the momentum. Undefined where the velocity is computed from the
   * momentum whenever it is needed.
   */
  readonly velocity: wasmKit.Callee | undefined;
  /** (momentum buffer): turns standard normals into a momentum. */
  readonly scale: wasmKit.Callee;
}

/** Pointers that `velocityAt` needs for a momentum at `p`. */
export function velocityPointers(w: Writer, p: Pointer): readonly Pointer[] {
  const { metric, vector } = w.layout;
  return metric.kind === 'diagonal' ? [w.fixed(metric.first)] : [{ ...p, offset: p.offset + vector }];
}

/** Velocity of the momentum `p`, given where those pointers are now. */
export function velocityAt(w: Writer, p: Value, pointer: Pointer, pair: boolean): Value {
  const here = w.load(pointer, pair);
  return w.layout.metric.kind === 'diagonal' ? w.v.mul(here, p) : here;
}

export function metricCode(context: Context): MetricCode {
  const { kind } = context.layout.metric;
  switch (kind) {
    case 'diagonal':
      return diagonal(context);
    case 'dense':
      return dense(context);
    case 'lowRank':
      return lowRank(context);
    default:
      return kind satisfies never;
  }
}

function diagonal(context: Context): MetricCode {
  const { second } = context.layout.metric;
  const scale = define(context, 'scale', ['i32'], null, (w, [p]) => {
    w.each([w.at(p), w.fixed(second)], ([momentum, s], pair) =>
      w.store(momentum, w.v.mul(w.load(s, pair), w.load(momentum, pair)), pair),
    );
  });
  return { velocity: undefined, scale };
}

/** Pairs of the product M⁻¹ p that are summed at a time, in registers. */
const tile = 4;

function dense(context: Context): MetricCode {
  const { dim, vector, metric } = context.layout;

  const velocity = define(context, 'velocity', ['i32'], null, (w, [p]) => {
    const { f } = w;
    const pairs = vector / 16;
    const product = (column: Value, count: number, offset: number): void => {
      const sums = Array.from({ length: count }, () => w.zero());
      const j = f.variable(f.i32(0));
      const row = f.variable(column);
      f.loop((again) => {
        const factor = f.load('v128.load64_splat', f.op('i32.add', p, f.get(j)));
        sums.forEach((sum, u) =>
          w.accumulate(sum, factor, f.load('v128.load', f.get(row), metric.first + offset + 16 * u)),
        );
        f.set(row, f.op('i32.add', f.get(row), f.i32(vector)));
        f.set(j, f.op('i32.add', f.get(j), f.i32(8)));
        f.branchIf(again, f.op('i32.lt_u', f.get(j), f.i32(8 * dim)));
      });
      const target = f.op('i32.add', p, column);
      sums.forEach((sum, u) => f.store('v128.store', target, f.get(sum), vector + offset + 16 * u));
    };
    const whole = pairs - (pairs % tile);
    if (whole > 0) {
      const column = f.variable(f.i32(0));
      f.loop((again) => {
        product(f.get(column), tile, 0);
        f.set(column, f.op('i32.add', f.get(column), f.i32(16 * tile)));
        f.branchIf(again, f.op('i32.lt_u', f.get(column), f.i32(16 * whole)));
      });
    }
    if (pairs > whole) product(f.i32(0), pairs - whole, 16 * whole);
  });

  // Backward substitution with Lᵀ; the factor is stored with zeros on its diagonal and above.
  const scale = define(context, 'scale', ['i32'], null, (w, [p]) => {
    const { f, v } = w;
    const i = f.variable(f.i32(dim - 1));
    f.loop((again) => {
      const at = f.op('i32.shl', f.get(i), f.i32(3));
      const entry = f.op('i32.add', p, at);
      const x = f.op('f64.div', f.load('f64.load', entry), f.load('f64.load', at, metric.third));
      f.store('f64.store', entry, x);
      const factor = w.splat(x);
      const row = f.op('i32.mul', f.get(i), f.i32(vector));
      const end = f.op('i32.shl', f.op('i32.shr_u', f.op('i32.add', f.get(i), f.i32(1)), f.i32(1)), f.i32(4));
      const k = f.variable(f.i32(0));
      f.block((exit) => {
        f.loop((more) => {
          f.branchIf(exit, f.op('i32.ge_u', f.get(k), end));
          const to = f.op('i32.add', p, f.get(k));
          const l = f.load('v128.load', f.op('i32.add', row, f.get(k)), metric.second);
          f.store('v128.store', to, v.sub(f.load('v128.load', to), v.mul(l, factor)));
          f.set(k, f.op('i32.add', f.get(k), f.i32(16)));
          f.branch(more);
        });
      });
      f.set(i, f.op('i32.sub', f.get(i), f.i32(1)));
      f.branchIf(again, f.op('i32.ge_s', f.get(i), f.i32(0)));
    });
  });
  return { velocity, scale };
}

/** `first`: D^½. `second`: the eigenvectors, row after row. `third`: their factors in velocities, then in momenta. */
function lowRank(context: Context): MetricCode {
  const { vector, metric } = context.layout;

  /** (x, factors): x ← x + Σ fᵣ (uᵣ·x₀) uᵣ, with x₀ the x before, kept in the scratch vector. */
  const stretch = define(context, 'stretch', ['i32', 'i32'], null, (w, [x, factors]) => {
    const { f, v } = w;
    w.copy(w.fixed(metric.scratch), w.at(x));
    const r = f.variable(f.i32(0));
    const row = f.variable(f.i32(metric.second));
    f.block((exit) => {
      f.loop((again) => {
        f.branchIf(exit, f.op('i32.ge_u', f.get(r), w.word('rank')));
        const u = f.get(row);
        const sum = w.zero();
        w.each([w.at(u), w.fixed(metric.scratch)], ([a, b], pair) =>
          w.accumulate(sum, w.load(a, pair), w.load(b, pair)),
        );
        const own = f.load('f64.load', f.op('i32.add', factors, f.op('i32.shl', f.get(r), f.i32(3))));
        const factor = w.splat(f.op('f64.mul', own, w.total(sum)));
        w.each([w.at(x), w.at(u)], ([to, from], pair) =>
          w.store(to, v.add(w.load(to, pair), v.mul(factor, w.load(from, pair))), pair),
        );
        f.set(r, f.op('i32.add', f.get(r), f.i32(1)));
        f.set(row, f.op('i32.add', f.get(row), f.i32(vector)));
        f.branch(again);
      });
    });
  });

  const velocity = define(context, 'velocity', ['i32'], null, (w, [p]) => {
    const { f, v } = w;
    const scaled = f.op('i32.add', p, f.i32(vector));
    w.each([w.at(p), w.at(scaled), w.fixed(metric.first)], ([from, to, s], pair) =>
      w.store(to, v.mul(w.load(s, pair), w.load(from, pair)), pair),
    );
    f.call(stretch, scaled, f.i32(metric.third));
    w.each([w.at(scaled), w.fixed(metric.first)], ([to, s], pair) =>
      w.store(to, v.mul(w.load(s, pair), w.load(to, pair)), pair),
    );
  });

  const scale = define(context, 'scale', ['i32'], null, (w, [p]) => {
    w.f.call(stretch, p, w.f.i32(metric.third + vector));
    w.each([w.at(p), w.fixed(metric.first)], ([to, s], pair) =>
      w.store(to, w.v.div(w.load(to, pair), w.load(s, pair)), pair),
    );
  });
  return { velocity, scale };
}
