import { ModuleBuilder } from './module-builder';
import { instructions, type InstructionName } from './instructions';
import type { FunctionBuilder } from './function-builder';
import type { Value } from './instr-tree';
import type { Signature, ValType } from './types';

const memory = { module: 'env', name: 'memory', initialPages: 1 };

function instantiate(m: ModuleBuilder, imports: Record<string, (...args: number[]) => number | void> = {}) {
  const bytes = m.toBytes(memory);
  expect(WebAssembly.validate(bytes)).toBe(true);
  const linear = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    env: { memory: linear, ...imports },
  });
  return { exports: instance.exports as Record<string, (...args: number[]) => number>, linear };
}

function single(signature: Signature, body: (f: FunctionBuilder) => void) {
  const m = new ModuleBuilder();
  const { builder } = m.function('f', signature, { exportAs: 'f' });
  body(builder);
  return { ...instantiate(m), text: () => m.toText() };
}

function vectorOf(f: FunctionBuilder, type: ValType): Value {
  switch (type) {
    case 'i32':
      return f.i32(3);
    case 'i64':
      return f.i64(-5n);
    case 'f64':
      return f.f64(1.5);
    case 'f32':
      return f.op('f32.demote_f64', f.f64(1.5));
    case 'v128':
      return f.op('f64x2.splat', f.f64(2.5));
  }
}

describe('every instruction of the table', () => {
  const relaxed = (name: string): boolean => name.includes('relaxed');
  const names = (Object.keys(instructions) as InstructionName[]).filter((n) => !relaxed(n));

  it.each(names)('%s validates with its operand and result types', (name) => {
    const { operands, result, immediate } = instructions[name];
    const m = new ModuleBuilder();
    const { builder: f } = m.function('f', { params: [], result }, { exportAs: 'f' });
    const args = operands.map((t) => vectorOf(f, t));
    let value: Value | undefined;
    if (name === 'global.get') value = f.globalGet(m.global());
    else if (name === 'global.set') f.globalSet(m.global(), args[0]);
    else if (immediate === 'shuffle') value = f.shuffle(args[0], args[1], [...Array(16).keys()]);
    else if (immediate === 'lane') value = f.lane(name, 1, ...args);
    else if (immediate === 'memory-lane' && result !== null) value = f.loadLane(name, 1, args[0], 8, args[1]);
    else if (immediate !== 'none' && result === null) f.store(name, args[0], args[1], 8, { lane: 1 });
    else if (immediate === 'memory') value = f.load(name, args[0], 8);
    else value = f.op(name, ...args);
    if (value) f.return(value);
    expect(WebAssembly.validate(m.toBytes(memory))).toBe(true);
  });

  it('refuses operands of another type', () => {
    const m = new ModuleBuilder();
    const { builder: f } = m.function('f', { params: [], result: null });
    expect(() => f.op('f64.add', f.f64(1), f.i32(1))).toThrow('operand 1 of f64.add is i32, not f64');
  });
});

describe('values', () => {
  it('evaluates a value that is used twice once and keeps it in a local', () => {
    const { exports, text } = single({ params: ['f64'], result: 'f64' }, (f) => {
      const y = f.op('f64.add', f.params[0], f.f64(1));
      f.return(f.op('f64.mul', y, y));
    });
    expect(exports['f'](4)).toBe(25);
    expect(text()).toMatchInlineSnapshot(`
"func $f(f64) -> f64
  locals 1 f64
  %1 = f64.add(%0, 1)
  return(f64.mul(%1, %1))"
`);
  });

  it('keeps operand order when a value was made earlier than its left neighbour', () => {
    const { exports } = single({ params: ['f64', 'f64'], result: 'f64' }, (f) => {
      const right = f.op('f64.mul', f.params[0], f.f64(10));
      const left = f.op('f64.mul', f.params[1], f.f64(3));
      f.return(f.op('f64.sub', left, right));
    });
    expect(exports['f'](1, 7)).toBe(11);
  });

  it('does not move a load past a store', () => {
    const { exports } = single({ params: ['i32'], result: 'f64' }, (f) => {
      const before = f.load('f64.load', f.params[0]);
      f.store('f64.store', f.params[0], f.f64(9));
      const after = f.load('f64.load', f.params[0]);
      f.return(f.op('f64.sub', after, before));
    });
    expect(exports['f'](16)).toBe(9);
  });

  it('drops values that nothing uses and stores that are not needed', () => {
    const keep = { needed: false };
    const { text } = single({ params: ['f64'], result: null }, (f) => {
      const y = f.op('f64.sqrt', f.op('f64.add', f.params[0], f.f64(1)));
      f.store('f64.store', f.i32(0), y, 0, { keep });
    });
    expect(text()).toBe('func $f(f64)');
  });

  it('cuts very deep expressions so that encoding does not overflow the stack', () => {
    const { exports } = single({ params: ['f64'], result: 'f64' }, (f) => {
      let x: Value = f.params[0];
      for (let i = 0; i < 20000; i++) x = f.op('f64.add', x, f.f64(1));
      f.return(x);
    });
    expect(exports['f'](0.5)).toBe(20000.5);
  });

  it('reuses locals whose values are dead', () => {
    const { exports, text } = single({ params: ['f64'], result: 'f64' }, (f) => {
      let x: Value = f.params[0];
      for (let i = 0; i < 100; i++) {
        const y = f.op('f64.add', x, f.f64(1));
        x = f.op('f64.sub', f.op('f64.mul', y, y), f.op('f64.mul', y, y));
        x = f.op('f64.add', x, y);
      }
      f.return(x);
    });
    expect(exports['f'](1)).toBe(101);
    expect(text()).toContain('locals 1 f64');
  });
});

describe('control flow', () => {
  it('sums 1..n in a loop with variables that survive the back edge', () => {
    const { exports } = single({ params: ['i32'], result: 'f64' }, (f) => {
      const i = f.variable(f.i32(0));
      const sum = f.variable(f.f64(0));
      f.block((exit) => {
        f.loop((again) => {
          f.branchIf(exit, f.op('i32.ge_s', f.get(i), f.params[0]));
          const two = f.invariant('two', () => f.op('f64.sqrt', f.f64(4)));
          f.set(i, f.op('i32.add', f.get(i), f.i32(1)));
          const term = f.op('f64.mul', two, f.op('f64.convert_i32_s', f.get(i)));
          f.set(sum, f.op('f64.add', f.get(sum), term));
          f.branch(again);
        });
      });
      f.return(f.get(sum));
    });
    expect(exports['f'](100)).toBe(10100);
    expect(exports['f'](0)).toBe(0);
  });

  it('takes one arm of an if, and calls imported functions in order', () => {
    const m = new ModuleBuilder();
    const log = m.importFunction('env', 'log', { params: ['i32'], result: 'i32' });
    const { builder: f } = m.function('f', { params: ['i32'], result: 'i32' }, { exportAs: 'f' });
    const r = f.variable(f.i32(0));
    f.if(
      f.op('i32.gt_s', f.params[0], f.i32(0)),
      () => f.set(r, f.call(log, f.i32(1))),
      () => f.set(r, f.call(log, f.i32(2))),
    );
    f.call(log, f.i32(3));
    f.return(f.get(r));
    const seen: number[] = [];
    const { exports } = instantiate(m, { log: (x) => seen.push(x) && x * 10 });
    expect(exports['f'](1)).toBe(10);
    expect(exports['f'](-1)).toBe(20);
    expect(seen).toEqual([1, 3, 2, 3]);
  });
});

describe('numbers in the binary format', () => {
  it('round-trips i32, i64 and f64 constants of every magnitude', () => {
    const integers = [0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, 2 ** 31 - 1, -(2 ** 31)];
    for (const x of integers) {
      const { exports } = single({ params: [], result: 'i32' }, (f) => f.return(f.i32(x)));
      expect(exports['f']()).toBe(x);
    }
    for (const x of [0n, -1n, 1n << 62n, -(1n << 63n), 123456789012345678n]) {
      const { exports } = single({ params: [], result: 'i64' }, (f) => f.return(f.i64(x)));
      expect(exports['f']()).toBe(x);
    }
    for (const x of [0, -0, 5e-324, 1.7976931348623157e308, Infinity, NaN, Math.PI]) {
      const { exports } = single({ params: [], result: 'f64' }, (f) => f.return(f.f64(x)));
      expect(exports['f']()).toBe(x);
    }
  });
});
