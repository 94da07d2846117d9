/** Makes functions of a module out of translated ones (`functions.ts`): each once, with those that it calls. */
import type {
  Callee,
  FunctionBuilder,
  InstructionName,
  Label,
  ModuleBuilder,
  Value,
  Variable,
} from '../assembler';
import type { F64x2 } from '../math';
import type { Code, ScalarFunction, Step, Table } from './code';
import { functions, tables } from './functions';
import { philox, uniform } from './philox';

/** What translated functions need of the module that they become part of. */
export interface ScalarEnvironment {
  readonly module: ModuleBuilder;
  /** Places numbers once per key; their address. */
  readonly place: (key: string, make: () => Float64Array) => number;
  /** The vocabulary of vector functions inside of another function of the module. */
  readonly vectors: (f: FunctionBuilder) => F64x2;
  /** A vector function by its name. */
  readonly math: (v: F64x2, name: string, args: readonly Value[]) => Value;
}

const revived = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('#') ? Number(value.slice(1)) : value;

const shorthand: Readonly<Record<string, InstructionName>> = {
  '+': 'f64.add',
  '-': 'f64.sub',
  '*': 'f64.mul',
  '/': 'f64.div',
};

/** Results beyond the first travel in globals of the module: one for every further double. */
const mostSlots = 8;

export class ScalarFunctions {
  private readonly known = new Map<string, Callee>();
  private slots: readonly number[] | undefined;

  constructor(private readonly env: ScalarEnvironment) {}

  static has(name: string): boolean {
    return name in functions;
  }

  /** Global `k` of the module's: 0 … for results, then those of the random generator. */
  slot(k: number): number {
    this.slots ??= Array.from({ length: mostSlots }, () => this.env.module.global());
    return this.slots[k];
  }

  get(name: string): Callee {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    if (name === 'philox') {
      const callee = philox(this.env.module, (k) => this.random(k));
      this.known.set(name, callee);
      return callee;
    }
    const { params, locals, body } = JSON.parse(functions[name], revived) as ScalarFunction;
    const signature = {
      params: Array.from({ length: params }, () => 'f64' as const),
      result: 'f64' as const,
    };
    const { builder, callee } = this.env.module.function(`scalar_${name}`, signature);
    this.known.set(name, callee);
    new Body(this, this.env, builder, params, locals).emit(body);
    return callee;
  }

  private readonly randomGlobals: number[] = [];

  /** Key (0, 1) and stream (2, 3) of the draws under way, and the two uniforms of the last block (4, 5). */
  random(k: number): number {
    while (this.randomGlobals.length <= k) this.randomGlobals.push(this.env.module.global());
    return this.randomGlobals[k];
  }

  table(name: string): number {
    const place = (key: string, read: () => Table): number =>
      this.env.place(`table:${key}`, () =>
        Float64Array.from(
          read().flatMap((item, i) =>
            typeof item === 'number' ? [item] : [place(`${key}.${i}`, () => item), item.length],
          ),
        ),
      );
    return place(name, () => JSON.parse(tables[name], revived) as Table);
  }
}

interface Turn {
  readonly exit: Label;
  readonly next: Label;
}

class Body {
  private readonly variables: Variable[];
  private readonly turns: Turn[] = [];

  constructor(
    private readonly all: ScalarFunctions,
    private readonly env: ScalarEnvironment,
    private readonly f: FunctionBuilder,
    params: number,
    locals: number,
  ) {
    const zero = f.f64(0);
    this.variables = Array.from({ length: locals }, (_, i) => f.variable(i < params ? f.params[i] : zero));
  }

  emit(steps: readonly Step[]): void {
    steps.forEach((step) => this.step(step));
    // Every way through returns; the validator wants a value all the same.
    this.f.return(this.f.f64(NaN));
  }

  private step(step: Step): void {
    const { f } = this;
    switch (step[0]) {
      case 'set':
        return f.set(this.variables[step[1]], this.code(step[2]));
      case 'call': {
        const [, name, args, results] = step;
        const value = f.call(this.all.get(name), ...args.map((arg) => this.code(arg)));
        results.forEach((local, k) =>
          f.set(this.variables[local], k === 0 ? value : f.globalGet(this.all.slot(k - 1))),
        );
        return;
      }
      case 'if': {
        const otherwise = step[3];
        return f.if(
          this.code(step[1]),
          () => step[2].forEach((s) => this.step(s)),
          otherwise.length === 0 ? undefined : () => otherwise.forEach((s) => this.step(s)),
        );
      }
      case 'loop':
        return f.block((exit) =>
          f.loop((again) => {
            f.block((next) => {
              this.turns.push({ exit, next });
              step[1].forEach((s) => this.step(s));
              this.turns.pop();
            });
            step[2].forEach((s) => this.step(s));
            f.branch(again);
          }),
        );
      case 'break':
        return f.branch((this.turns.at(-1) as Turn).exit);
      case 'continue':
        return f.branch((this.turns.at(-1) as Turn).next);
      case 'return': {
        const [first, ...others] = step[1].map((code) => f.variable(this.code(code)));
        others.forEach((value, k) => f.globalSet(this.all.slot(k), f.get(value)));
        return f.return(f.get(first));
      }
    }
  }

  private code(code: Code): Value {
    const { f } = this;
    if (typeof code === 'number') return f.f64(code);
    if (typeof code === 'string') return f.get(this.variables[Number(code)]);
    const [name, ...rest] = code;
    switch (name) {
      case 'table':
        return f.f64(this.all.table(rest[0] as string));
      case 'at':
        return f.load('f64.load', f.op('i32.trunc_sat_f64_u', this.code(rest[0])), (rest[1] as number) * 8);
      case 'uniform':
        return uniform(f, (k) => this.all.random(k), rest[0] as number);
      case 'i32.one':
        return f.i32(1);
      case 'i32.zero':
        return f.i32(0);
      case 'same':
        return f.op('i64.eq', ...rest.map((x) => f.op('i64.reinterpret_f64', this.code(x))));
      case 'math': {
        const v = this.env.vectors(f);
        const args = rest.slice(1).map((x) => f.op('f64x2.splat', this.code(x)));
        return f.lane('f64x2.extract_lane', 0, this.env.math(v, rest[0] as string, args));
      }
      case 'highWord': {
        const bits = f.op('i64.reinterpret_f64', this.code(rest[0]));
        return f.op('f64.convert_i32_u', f.op('i32.wrap_i64', f.op('i64.shr_u', bits, f.i64(32n))));
      }
      case 'withHighWord': {
        const low = f.op('i64.and', f.op('i64.reinterpret_f64', this.code(rest[0])), f.i64(0xffffffffn));
        const high = f.op('i64.shl', f.op('i64.extend_i32_u', this.word(rest[1])), f.i64(32n));
        return f.op('f64.reinterpret_i64', f.op('i64.or', high, low));
      }
      case 'word.and':
      case 'word.or':
      case 'word.shl':
      case 'word.shr': {
        const op = {
          'word.and': 'i32.and',
          'word.or': 'i32.or',
          'word.shl': 'i32.shl',
          'word.shr': 'i32.shr_u',
        } as const;
        return f.op('f64.convert_i32_u', f.op(op[name], this.word(rest[0]), this.word(rest[1])));
      }
      default:
        return f.op(shorthand[name] ?? (name as InstructionName), ...rest.map((x) => this.code(x)));
    }
  }

  private word(code: Code): Value {
    return this.f.op('i32.trunc_sat_f64_u', this.code(code));
  }
}
