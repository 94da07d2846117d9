/** Arithmetic of one and two operands. */
import type { Attrs } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { Lanes } from '../lanes';
import type { Composite, Elementwise } from '../lowering';
import { floats, numbers } from './elementwise';

const attr = (attrs: Attrs, name: string, otherwise = 0): number =>
  (attrs[name] as number | undefined) ?? otherwise;

const both = (op: 'add' | 'sub' | 'mul'): Elementwise =>
  numbers(
    (l, [a, b]) => l.op(op, a, b),
    (l, [a, b]) => l.int(op, a, b),
  );

const negative = (l: Lanes, x: Value): Value => l.op('lt', x, l.float(0));

/** Keeps NaN, as x < 0 ? 0 : x does. */
const relu = (l: Lanes, x: Value): Value => l.select(negative(l, x), l.float(0), x);

/** Klambauer et al. 2017, "Self-normalizing neural networks", appendix. */
const seluScale = 1.0507009873554805;
const seluScaleAlpha = 1.7580993408473768;

const addN: Composite = {
  kind: 'composite',
  build: (g, inputs) => [inputs.reduce((sum, x) => g.node('Add', [sum, x]))],
};

export const arithmetic = {
  Add: both('add'),
  Sub: both('sub'),
  Multiply: {
    kind: 'elementwise',
    emit: (l, args, out) => {
      const [a, b] = args.map((x) => l.convert(x, out));
      if (out === 'bool') return l.and(a, b);
      return out === 'float' ? l.op('mul', a, b) : l.int('mul', a, b);
    },
  } satisfies Elementwise,
  RealDiv: {
    ...floats((l, a, b) => l.op('div', a, b)),
    byReciprocal: (l, a, r) => l.op('mul', a, r),
  } satisfies Elementwise,
  Maximum: numbers(
    (l, [a, b]) => l.extreme('max', a, b),
    (l, [a, b]) => l.int('max_s', a, b),
  ),
  Minimum: numbers(
    (l, [a, b]) => l.extreme('min', a, b),
    (l, [a, b]) => l.int('min_s', a, b),
  ),
  FloorDiv: {
    kind: 'elementwise',
    accepts: ({ outputs: [{ dtype }] }) => dtype === 'int',
    emit: (l, args) => {
      const [a, b] = args.map((x) => l.convert(x, 'float'));
      return l.convert({ value: l.unary('floor', l.op('div', a, b)), dtype: 'float' }, 'int');
    },
  } satisfies Elementwise,
  SquaredDifference: numbers(
    (l, [a, b]) => {
      const d = l.op('sub', a, b);
      return l.op('mul', d, d);
    },
    (l, [a, b]) => {
      const d = l.int('sub', a, b);
      return l.int('mul', d, d);
    },
  ),
  Abs: numbers(
    (l, [x]) => l.unary('abs', x),
    (l, [x]) => l.f.op('i32x4.abs', x),
  ),
  Neg: numbers(
    (l, [x]) => l.unary('neg', x),
    (l, [x]) => l.f.op('i32x4.neg', x),
  ),
  Square: numbers(
    (l, [x]) => l.op('mul', x, x),
    (l, [x]) => l.int('mul', x, x),
  ),
  Sqrt: floats((l, x) => l.unary('sqrt', x)),
  Rsqrt: floats((l, x) => l.op('div', l.float(1), l.unary('sqrt', x))),
  Reciprocal: floats((l, x) => l.op('div', l.float(1), x)),
  Floor: numbers(
    (l, [x]) => l.unary('floor', x),
    (_l, [x]) => x,
  ),
  Ceil: numbers(
    (l, [x]) => l.unary('ceil', x),
    (_l, [x]) => x,
  ),
  Round: numbers(
    (l, [x]) => l.unary('nearest', x),
    (_l, [x]) => x,
  ),
  Sign: numbers((l, [x]) => {
    const one = l.float(1);
    const sign = l.op('sub', l.and(l.op('gt', x, l.float(0)), one), l.and(negative(l, x), one));
    return l.select(l.op('ne', x, x), x, sign);
  }, null),
  Relu: numbers(
    (l, [x]) => relu(l, x),
    (l, [x]) => l.int('max_s', x, l.constant('int', 0)),
  ),
  Relu6: numbers((l, [x]) => l.op('min', relu(l, x), l.float(6)), null),
  LeakyRelu: {
    kind: 'elementwise',
    emit: (l, [a], _out, attrs) => {
      const x = l.convert(a, 'float');
      return l.select(negative(l, x), l.op('mul', l.float(attr(attrs, 'alpha', 0.2)), x), x);
    },
  } satisfies Elementwise,
  Prelu: floats((l, x, alpha) => l.select(negative(l, x), l.op('mul', alpha, x), x)),
  Elu: floats((l, x) => l.select(l.op('ge', x, l.float(0)), x, l.math('expm1', x))),
  Selu: floats((l, x) =>
    l.select(
      l.op('ge', x, l.float(0)),
      l.op('mul', l.float(seluScale), x),
      l.op('mul', l.float(seluScaleAlpha), l.math('expm1', x)),
    ),
  ),
  EluGrad: floats((l, dy, y) =>
    l.select(l.op('ge', y, l.float(0)), dy, l.op('mul', dy, l.op('add', y, l.float(1)))),
  ),
  Step: numbers((l, [x], attrs) => {
    const step = l.select(l.op('gt', x, l.float(0)), l.float(1), l.float(attr(attrs, 'alpha')));
    return l.select(l.op('ne', x, x), x, step);
  }, null),
  ClipByValue: numbers((l, [x], attrs) => {
    const low = l.float(attr(attrs, 'clipValueMin'));
    const high = l.float(attr(attrs, 'clipValueMax'));
    return l.select(l.op('gt', x, high), high, l.select(l.op('lt', x, low), low, x));
  }, null),
  AddN: addN,
};
