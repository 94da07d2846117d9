/** Elementary functions inside a module under construction. */
import { findKernel, type NdArray, type TensorSpec } from '@pyro-ts/ops';
import type { Callee, ModuleBuilder, Value } from '../assembler';
import type { ConstantMemory } from './constant-memory';
import { ScalarFunctions } from '../scalar/link';
import { elementary, type Elementary } from './elementary';
import { F64x2, type MathEnvironment } from './f64x2';

/**
 * The import `env.scalarMath`: kernels of the ops table for one element, by their index in `names`. The last resort
 * for functions, or ranges of them, that are too rare to be written in vectors.
 */
export function scalarMath(names: readonly string[]): (index: number, x: number, y: number) => number {
  const operands: readonly NdArray[] = [0, 1].map(() => ({
    data: new Float64Array(1),
    shape: [],
    dtype: 'float32',
  }));
  const output: readonly TensorSpec[] = [{ shape: [], dtype: 'float32' }];
  const rows = names.map((name) => {
    const spec = findKernel(name);
    if (spec === undefined) throw new Error(`internal: no kernel ${name}`);
    return { spec, inputs: operands.slice(0, spec.inputs.length) };
  });
  return (index, x, y) => {
    operands[0].data[0] = x;
    operands[1].data[0] = y;
    return rows[index].spec.compute(rows[index].inputs, {}, output)[0][0];
  };
}

export class ModuleMath implements MathEnvironment {
  readonly scalarMath: Callee;
  /** Kernels that the module computes in JavaScript, one element at a time. */
  readonly scalarKernels: string[] = [];
  private readonly functions = new Map<string, Callee>();

  /** Functions of single numbers, translated from those of ops. */
  readonly scalars: ScalarFunctions;

  /** Adds an import, so it comes before the module's first function. */
  constructor(
    private readonly module: ModuleBuilder,
    readonly memory: ConstantMemory,
    readonly relaxed: boolean,
  ) {
    const imported = module.importFunction('env', 'scalarMath', {
      params: ['i32', 'f64', 'f64'],
      result: 'f64',
    });
    this.scalarMath = { ...imported, pure: true };
    this.scalars = new ScalarFunctions({
      module,
      place: (key, make) => memory.place(key, make),
      vectors: (f) => new F64x2(f, this),
      math: (v, name, args) => (elementary as Readonly<Record<string, Elementary>>)[name](v, ...args),
    });
  }

  scalar(name: string): Callee {
    return this.scalars.get(name);
  }

  randomGlobal(k: number): number {
    return this.scalars.random(k);
  }

  scalarIndex(kernel: string): number {
    const known = this.scalarKernels.indexOf(kernel);
    return known >= 0 ? known : this.scalarKernels.push(kernel) - 1;
  }

  outOfLine(name: string, arity: number, body: (v: F64x2, args: readonly Value[]) => Value): Callee {
    const known = this.functions.get(name);
    if (known !== undefined) return known;
    const params = Array.from({ length: arity }, () => 'v128' as const);
    const { builder, callee } = this.module.function(name, { params, result: 'v128' }, { pure: true });
    this.functions.set(name, callee);
    builder.return(body(new F64x2(builder, this), builder.params));
    return callee;
  }
}
