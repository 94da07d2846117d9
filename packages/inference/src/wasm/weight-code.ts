/** What is counted along a trajectory: `TrajectoryStatistics`, operation by operation. */
import { wasmKit } from '@pyro-ts/compiler';
import { maxEnergyChange, maxLogWeight } from '../hmc/trajectory-statistics';
import { define, type Context, type Value, type Writer } from './writer';

/** Sets everything to what holds at the start of a trajectory of this energy. */
export function startStatistics(w: Writer, energy: Value): void {
  const { f } = w;
  w.setDouble('energy', energy);
  w.setDouble('initialEnergy', energy);
  w.setDouble('acceptSum', f.f64(0));
  w.setDouble('treeWeight', f.f64(1));
  w.setDouble('subtreeWeight', f.f64(0));
  w.setDouble('shift', f.f64(0));
  w.setWord('counted', f.i32(0));
  w.setWord('diverging', f.i32(0));
}

/** (energy) → the weight of a leaf, or −1 if the trajectory has diverged there; counts it. */
export function weightCode(context: Context): wasmKit.Callee {
  return define(context, 'weigh', ['f64'], 'f64', (w, [energy]) => {
    const { f, v } = w;
    const exp = (x: Value): Value => f.lane('f64x2.extract_lane', 0, wasmKit.portableExp(v, w.splat(x)));
    const change = f.op('f64.sub', energy, w.double('initialEnergy'));
    w.setWord('counted', f.op('i32.add', w.word('counted'), f.i32(1)));
    // False for NaN and infinities.
    const finite = f.op('f64.lt', f.op('f64.abs', change), f.f64(Infinity));
    const small = f.op('f64.le', change, f.f64(maxEnergyChange));
    f.if(f.op('i32.eqz', f.op('i32.and', finite, small)), () => {
      w.setWord('diverging', f.i32(1));
      f.return(f.f64(-1));
    });
    const fall = f.op('f64.neg', change);
    f.if(f.op('f64.gt', f.op('f64.sub', fall, w.double('shift')), f.f64(maxLogWeight)), () => {
      const factor = exp(f.op('f64.sub', w.double('shift'), fall));
      for (const name of ['treeWeight', 'subtreeWeight'] as const)
        w.setDouble(name, f.op('f64.mul', w.double(name), factor));
      w.setDouble('shift', fall);
    });
    const weight = exp(f.op('f64.sub', fall, w.double('shift')));
    const accept = f.variable(weight);
    f.if(
      f.op('f64.le', change, f.f64(0)),
      () => f.set(accept, f.f64(1)),
      () => f.if(f.op('f64.ne', w.double('shift'), f.f64(0)), () => f.set(accept, exp(fall))),
    );
    w.setDouble('acceptSum', f.op('f64.add', w.double('acceptSum'), f.get(accept)));
    f.return(weight);
  });
}
