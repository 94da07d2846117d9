/** Reductions over any axes. */
import type { Composite, Reduction } from '../lowering';
import { reductionAxes } from '../axes';
import { sizeOf } from '@pyro-ts/ops';

const float = ({ outputs }: { readonly outputs: readonly { readonly dtype: string }[] }): boolean =>
  outputs[0].dtype === 'float';
const number = ({ outputs }: { readonly outputs: readonly { readonly dtype: string }[] }): boolean =>
  outputs[0].dtype !== 'bool';

const mean: Composite = {
  kind: 'composite',
  accepts: ({ inputs: [{ dtype }] }) => dtype === 'float',
  build: (g, [x], { inputs: [{ shape }], attrs }) => {
    const count = sizeOf(reductionAxes(attrs, shape).map((i) => shape[i]));
    return [g.node('RealDiv', [g.node('Sum', [x], attrs), g.constant(count)])];
  },
};

export const reductions = {
  Sum: {
    kind: 'reduction',
    accepts: number,
    identity: () => 0,
    combine: (l, a, b, dtype) => (dtype === 'float' ? l.op('add', a, b) : l.int('add', a, b)),
  },
  Prod: {
    kind: 'reduction',
    accepts: number,
    identity: () => 1,
    combine: (l, a, b, dtype) => (dtype === 'float' ? l.op('mul', a, b) : l.int('mul', a, b)),
  },
  Prod1p: {
    kind: 'reduction',
    accepts: float,
    identity: () => 0,
    combine: (l, a, b) => l.op('add', l.op('add', b, l.op('mul', a, b)), a),
  },
  Max: {
    kind: 'reduction',
    accepts: float,
    identity: () => -Infinity,
    combine: (l, a, b) => l.extreme('max', a, b),
  },
  Min: {
    kind: 'reduction',
    accepts: float,
    identity: () => Infinity,
    combine: (l, a, b) => l.extreme('min', a, b),
  },
  All: { kind: 'reduction', identity: () => 1, combine: (l, a, b) => l.and(a, b) },
  Any: { kind: 'reduction', identity: () => 0, combine: (l, a, b) => l.or(a, b) },
  Mean: mean,
} satisfies Record<string, Reduction | Composite>;
