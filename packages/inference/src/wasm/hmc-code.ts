/** An HMC transition: `hmc/hmc.ts`. */
import type { wasmKit } from '@pyro-ts/compiler';
import type { Parts } from './nuts-code';
import { startStatistics } from './weight-code';
import { define, type Context } from './writer';

/** (steps): one transition of so many leapfrog steps, from the state to the state. */
export function hmcCode(context: Context, { random, dynamics, weigh }: Parts): wasmKit.Callee {
  const { layout, density } = context;
  const { vector, state } = layout;
  return define(
    context,
    'hmc',
    ['i32'],
    null,
    (w, [steps]) => {
      const { f } = w;
      const momentum = f.i32(layout.pool);
      const kinetic = f.call(dynamics.refresh, momentum);
      startStatistics(w, f.op('f64.sub', kinetic, w.double('logDensity')));
      const uniform = f.call(random.uniform);
      w.copy(w.fixed(density.position), w.fixed(state));
      const gradient = f.variable(f.i32(state + vector));
      const energy = f.variable(w.double('energy'));
      const done = f.variable(f.i32(0));
      f.loop((again) => {
        f.set(energy, f.call(dynamics.leapfrog, momentum, f.get(gradient), momentum, w.double('stepSize')));
        f.set(gradient, f.i32(density.gradient));
        f.set(done, f.op('i32.add', f.get(done), f.i32(1)));
        f.branchIf(again, f.op('i32.lt_s', f.get(done), steps));
      });
      f.drop(f.call(weigh, f.get(energy)));
      f.if(f.op('f64.lt', uniform, w.double('acceptSum')), () => {
        w.copy(w.fixed(state), w.fixed(density.position));
        w.copy(w.fixed(state + vector), w.fixed(density.gradient));
        w.setDouble('logDensity', f.load('f64.load', f.i32(0), density.value));
        w.setDouble('energy', f.get(energy));
      });
      w.setWord('leaves', steps);
      w.setWord('depth', f.i32(0));
    },
    'hmc',
  );
}
