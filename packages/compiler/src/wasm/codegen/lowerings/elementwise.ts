/** Shorthands for elementwise rows. */
import type { Value } from '../../assembler';
import type { ElementaryName } from '../../math';
import type { Lane, Lanes } from '../lanes';
import type { Elementwise, NodeTypes } from '../lowering';

type Emit = Elementwise['emit'];

export const floatOutput = ({ outputs }: NodeTypes): boolean => outputs[0].dtype === 'float';

/** All operands as floats, the result a float. */
export function floats(emit: (l: Lanes, ...args: Value[]) => Value): Elementwise {
  return {
    kind: 'elementwise',
    accepts: floatOutput,
    emit: (l, args) => emit(l, ...args.map((a) => l.convert(a, 'float'))),
  };
}

/** A vectorised function of the math table. */
export const mathFunction = (name: ElementaryName): Elementwise =>
  floats((l, ...args) => l.math(name, ...args));

/** Operands and result of the output's type: one rule for floats, one for ints (bools count as ints). */
export function numbers(
  float: (l: Lanes, args: readonly Value[], attrs: Parameters<Emit>[3]) => Value,
  int: ((l: Lanes, args: readonly Value[], attrs: Parameters<Emit>[3]) => Value) | null,
): Elementwise {
  return {
    kind: 'elementwise',
    accepts: ({ outputs: [{ dtype }] }) => dtype === 'float' || (dtype === 'int' && int !== null),
    emit: (l, args, out, attrs) => {
      const values = args.map((a) => l.convert(a, out));
      return out === 'float' || int === null ? float(l, values, attrs) : int(l, values, attrs);
    },
  };
}

/** Comparisons and tests: a mask. Ints are compared as ints where both are. */
export function test(
  float: (l: Lanes, ...args: Value[]) => Value,
  int?: (l: Lanes, ...args: Value[]) => Value,
): Elementwise {
  return {
    kind: 'elementwise',
    emit: (l, args) => {
      const ints = int !== undefined && args.every(({ dtype }) => dtype !== 'float');
      const values = args.map((a: Lane) => l.convert(a, ints ? 'int' : 'float'));
      return ints ? l.boolOfIntMask(int(l, ...values)) : float(l, ...values);
    },
  };
}

/** Operands as bools. */
export function logic(emit: (l: Lanes, ...args: Value[]) => Value): Elementwise {
  return { kind: 'elementwise', emit: (l, args) => emit(l, ...args.map((a) => l.convert(a, 'bool'))) };
}
