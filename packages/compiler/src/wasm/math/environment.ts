/** Elementary functions inside a module under construction. */
import type { Callee, ModuleBuilder, Value } from '../assembler';
import { ConstantMemory } from './constant-memory';
import { F64x2, type MathEnvironment } from './f64x2';

/** JavaScript functions behind the imported scalar function, by number; the last resort of rare arguments. */
export const scalarMathFunctions: readonly ((x: number, y: number) => number)[] = [
  Math.sin,
  Math.cos,
  Math.tan,
];

/** The import `env.scalarMath`. */
export function scalarMath(index: number, x: number, y: number): number {
  return scalarMathFunctions[index](x, y);
}

export class ModuleMath implements MathEnvironment {
  readonly scalarMath: Callee;
  private readonly functions = new Map<string, Callee>();

  /** Adds an import, so it comes before the module's first function. */
  constructor(
    private readonly module: ModuleBuilder,
    readonly memory: ConstantMemory,
    readonly relaxed: boolean,
  ) {
    this.scalarMath = module.importFunction('env', 'scalarMath', {
      params: ['i32', 'f64', 'f64'],
      result: 'f64',
    });
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
