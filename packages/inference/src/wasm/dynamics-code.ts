/** Momentum, energy, leapfrog. */
import type { wasmKit } from '@pyro-ts/compiler';
import { velocityAt, velocityPointers, type MetricCode } from './metric-code';
import type { RandomCode } from './random-code';
import { define, type Context } from './writer';

type Callee = wasmKit.Callee;

export interface DynamicsCode {
  /** (momentum buffer) → kinetic energy: draws a momentum, with its velocity. */
  readonly refresh: Callee;
  /**
   * (from, gradient, to, step) → energy: moves the position in the program's input by one step, from the momentum
   * buffer `from` to the buffer `to` (may be the same); leaves value and gradient in the program's outputs.
   */
  readonly leapfrog: Callee;
}

export function dynamicsCode(context: Context, random: RandomCode, metric: MetricCode): DynamicsCode {
  const { density } = context;

  const refresh = define(context, 'refresh', ['i32'], 'f64', (w, [p]) => {
    const { f } = w;
    f.call(random.normals, p);
    f.call(metric.scale, p);
    if (metric.velocity !== undefined) f.call(metric.velocity, p);
    const sum = w.zero();
    w.each([w.at(p), ...velocityPointers(w, w.at(p))], ([momentum, velocity], pair) => {
      const here = w.load(momentum, pair);
      w.accumulate(sum, here, velocityAt(w, here, velocity, pair));
    });
    f.return(f.op('f64.mul', w.total(sum), f.f64(0.5)));
  });

  const leapfrog = define(
    context,
    'leapfrog',
    ['i32', 'i32', 'i32', 'f64'],
    'f64',
    (w, [from, gradient, to, step]) => {
      const { f, v } = w;
      const half = w.splat(f.op('f64.mul', step, f.f64(0.5)));
      const whole = w.splat(step);
      const position = w.fixed(density.position);
      const pushed = (p: wasmKit.Value, g: wasmKit.Value) => v.add(p, v.mul(half, g));
      if (metric.velocity === undefined) {
        const pointers = [w.at(from), w.at(gradient), w.at(to), position, ...velocityPointers(w, w.at(to))];
        w.each(pointers, ([p, g, target, q, velocity], pair) => {
          const momentum = pushed(w.load(p, pair), w.load(g, pair));
          w.store(target, momentum, pair);
          const moved = v.mul(whole, velocityAt(w, momentum, velocity, pair));
          w.store(q, v.add(w.load(q, pair), moved), pair);
        });
      } else {
        w.each([w.at(from), w.at(gradient), w.at(to)], ([p, g, target], pair) =>
          w.store(target, pushed(w.load(p, pair), w.load(g, pair)), pair),
        );
        f.call(metric.velocity, to);
        w.each([position, ...velocityPointers(w, w.at(to))], ([q, velocity], pair) =>
          w.store(q, v.add(w.load(q, pair), v.mul(whole, w.load(velocity, pair))), pair),
        );
      }

      f.call(density.run, f.i32(density.base));

      const slope = w.fixed(density.gradient);
      const sum = w.zero();
      if (metric.velocity === undefined) {
        w.each([w.at(to), slope, ...velocityPointers(w, w.at(to))], ([p, g, velocity], pair) => {
          const momentum = pushed(w.load(p, pair), w.load(g, pair));
          w.store(p, momentum, pair);
          w.accumulate(sum, momentum, velocityAt(w, momentum, velocity, pair));
        });
      } else {
        w.each([w.at(to), slope], ([p, g], pair) =>
          w.store(p, pushed(w.load(p, pair), w.load(g, pair)), pair),
        );
        f.call(metric.velocity, to);
        w.each([w.at(to), ...velocityPointers(w, w.at(to))], ([p, velocity], pair) =>
          w.accumulate(sum, w.load(p, pair), w.load(velocity, pair)),
        );
      }
      const value = f.load('f64.load', f.i32(0), density.value);
      f.return(f.op('f64.sub', f.op('f64.mul', w.total(sum), f.f64(0.5)), value));
    },
  );
  return { refresh, leapfrog };
}
