/** One number at a time between memory and doubles, for loops that are rare enough to be scalar. */
import type { ValueDType } from '../../../graph/graph';
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Address } from '../memory-lanes';

/** A number of any dtype as a double. */
export function readNumber(c: KernelContext, dtype: ValueDType, { pointer, offset }: Address): Value {
  const { f } = c;
  if (dtype === 'int') return f.op('f64.convert_i32_s', f.load('i32.load', pointer, offset));
  if (dtype === 'bool') return f.op('f64.convert_i32_u', f.load('i32.load8_u', pointer, offset));
  if (c.bytes('float') === 8) return f.load('f64.load', pointer, offset);
  return f.op('f64.promote_f32', f.load('f32.load', pointer, offset));
}

export function writeNumber(
  c: KernelContext,
  dtype: ValueDType,
  { pointer, offset }: Address,
  x: Value,
): void {
  const { f } = c;
  if (dtype === 'int') return f.store('i32.store', pointer, f.op('i32.trunc_sat_f64_s', x), offset);
  if (dtype === 'bool') return f.store('i32.store8', pointer, f.op('i32.trunc_sat_f64_s', x), offset);
  if (c.bytes('float') === 8) return f.store('f64.store', pointer, x, offset);
  f.store('f32.store', pointer, f.op('f32.demote_f64', x), offset);
}

/** Elements of an operand, an output or work space, by their index. */
export interface Numbers {
  readonly read: (index: Value) => Value;
  readonly write: (index: Value, x: Value) => void;
}

function numbersAt(c: KernelContext, dtype: ValueDType, start: Address): Numbers {
  const at = (index: Value): Address => c.moved(start, c.scaled(index, c.bytes(dtype)));
  return {
    read: (index) => readNumber(c, dtype, at(index)),
    write: (index, x) => writeNumber(c, dtype, at(index), x),
  };
}

export const operandNumbers = (c: KernelContext, i: number): Numbers =>
  numbersAt(c, c.inputType(i).dtype, c.input(i));

export const outputNumbers = (c: KernelContext, k = 0): Numbers =>
  numbersAt(c, c.outputType(k).dtype, c.output(k));

/** Doubles in work space, in programs of either precision: the scratch output `k` has two ints for each. */
export function scratchDoubles(c: KernelContext, k: number): Numbers {
  const start = c.output(k);
  const at = (index: Value): Address => c.moved(start, c.scaled(index, 8));
  return {
    read: (index) => {
      const { pointer, offset } = at(index);
      return c.f.load('f64.load', pointer, offset);
    },
    write: (index, x) => {
      const { pointer, offset } = at(index);
      c.f.store('f64.store', pointer, x, offset);
    },
  };
}

/** The type of work space for `count` doubles. */
export const doubles = (count: number): { readonly shape: readonly number[]; readonly dtype: 'int' } => ({
  shape: [2 * Math.max(count, 1)],
  dtype: 'int',
});
