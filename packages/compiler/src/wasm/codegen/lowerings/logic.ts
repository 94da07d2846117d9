/** Comparisons, logic, selection, conversion. */
import type { Elementwise } from '../lowering';
import { logic, test } from './elementwise';

const select: Elementwise = {
  kind: 'elementwise',
  emit: (l, [c, t, e], out) => {
    const mask = out === 'int' ? l.intMask(l.convert(c, 'bool')) : l.convert(c, 'bool');
    if (Object.is(e.literal, 0)) return l.and(mask, l.convert(t, out));
    if (Object.is(t.literal, 0)) return l.without(mask, l.convert(e, out));
    return l.select(mask, l.convert(t, out), l.convert(e, out));
  },
};

/** Truncates floats towards zero; anything but 0 becomes true. */
const cast: Elementwise = { kind: 'elementwise', emit: (l, [x], out) => l.convert(x, out) };

export const copyLowering: Elementwise = cast;

export const logicRows = {
  BitwiseAnd: {
    kind: 'elementwise',
    accepts: ({ outputs: [{ dtype }] }) => dtype === 'int',
    emit: (l, [a, b]) => l.and(l.convert(a, 'int'), l.convert(b, 'int')),
  } satisfies Elementwise,
  Equal: test(
    (l, a, b) => l.op('eq', a, b),
    (l, a, b) => l.int('eq', a, b),
  ),
  NotEqual: test(
    (l, a, b) => l.op('ne', a, b),
    (l, a, b) => l.int('ne', a, b),
  ),
  Greater: test(
    (l, a, b) => l.op('gt', a, b),
    (l, a, b) => l.int('gt_s', a, b),
  ),
  GreaterEqual: test(
    (l, a, b) => l.op('ge', a, b),
    (l, a, b) => l.int('ge_s', a, b),
  ),
  Less: test(
    (l, a, b) => l.op('lt', a, b),
    (l, a, b) => l.int('lt_s', a, b),
  ),
  LessEqual: test(
    (l, a, b) => l.op('le', a, b),
    (l, a, b) => l.int('le_s', a, b),
  ),
  LogicalAnd: logic((l, a, b) => l.and(a, b)),
  LogicalOr: logic((l, a, b) => l.or(a, b)),
  LogicalXor: logic((l, a, b) => l.f.op('v128.xor', a, b)),
  LogicalNot: logic((l, a) => l.not(a)),
  IsNan: test((l, x) => l.op('ne', x, x)),
  IsInf: test((l, x) => l.op('eq', l.unary('abs', x), l.float(Infinity))),
  IsFinite: test((l, x) => l.op('lt', l.unary('abs', x), l.float(Infinity))),
  Select: select,
  Cast: cast,
};
