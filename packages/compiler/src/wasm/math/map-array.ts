/** Runs an elementary function over arrays, as tests and benchmarks want it. */
import { ModuleBuilder } from '../assembler';
import { ConstantMemory } from './constant-memory';
import { ModuleMath, scalarMath } from './environment';
import { elementary, type ElementaryName } from './elementary';
import { F64x2 } from './f64x2';

export interface ArrayFunction {
  (...args: Float64Array[]): Float64Array;
  /** The loop without copies, `count` elements, for timing. */
  readonly time: (count: number) => void;
}

/** `capacity` is the largest array; odd lengths are padded with zeros. */
export function arrayFunction(
  name: ElementaryName,
  arity = 1,
  capacity = 1 << 16,
  relaxed = false,
): ArrayFunction {
  const module = new ModuleBuilder();
  const constants = new ConstantMemory();
  const math = new ModuleMath(module, constants, relaxed);
  const bytes = capacity * 8;
  const { builder: f } = module.function(
    'map',
    { params: ['i32', 'i32'], result: null },
    { exportAs: 'map' },
  );
  const [base, count] = f.params;
  const at = f.variable(base);
  const end = f.op('i32.add', base, f.op('i32.shl', count, f.i32(3)));
  const v = new F64x2(f, math);
  f.loop((again) => {
    const args = Array.from({ length: arity }, (_, i) => f.load('v128.load', f.get(at), i * bytes));
    const body = elementary[name] as (v: F64x2, ...args: unknown[]) => ReturnType<F64x2['const']>;
    f.store('v128.store', f.get(at), body(v, ...args), arity * bytes);
    f.set(at, f.op('i32.add', f.get(at), f.i32(16)));
    f.branchIf(again, f.op('i32.lt_u', f.get(at), end));
  });

  const start = constants.byteLength;
  const pages = Math.ceil((start + (arity + 1) * bytes) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages });
  const code = module.toBytes({ module: 'env', name: 'memory', initialPages: pages });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), {
    env: { memory, scalarMath: scalarMath(math.scalarKernels) },
  });
  new Uint8Array(memory.buffer).set(constants.image());
  const map = instance.exports['map'] as (base: number, count: number) => void;

  const run = (...args: Float64Array[]): Float64Array => {
    const n = args[0].length;
    if (n > capacity) throw new RangeError(`at most ${capacity} elements`);
    args.forEach((a, i) => new Float64Array(memory.buffer, start + i * bytes, n).set(a));
    map(start, n);
    return new Float64Array(memory.buffer, start + arity * bytes, n).slice();
  };
  return Object.assign(run, { time: (n: number) => map(start, n) });
}
