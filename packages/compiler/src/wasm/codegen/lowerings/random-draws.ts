/** Draws that reject or search: number by number, with the functions of ops translated, so that the bits are the same. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../../assembler';
import type { KernelContext } from '../kernel-context';
import type { Loops } from '../lowering';
import { loop } from './linalg-loops';
import { doubles, operandNumbers, outputNumbers, scratchDoubles } from './numbers';

/** A generator on the key of operand 0 and the node's stream. */
function generator(c: KernelContext): {
  readonly load: (element: Value, attempt: Value) => void;
  /** k = 0, 1: the uniforms of the loaded block. */
  readonly value: (k: number) => Value;
} {
  const { f } = c;
  const { math } = c.e.context;
  const key = operandNumbers(c, 0);
  const stream = c.attrs['stream'] as readonly [number, number];
  // The words as unsigned numbers.
  const unsigned = (x: Value): Value => f.op('f64.convert_i32_u', f.op('i32.trunc_sat_f64_s', x));
  for (const k of [0, 1]) {
    f.globalSet(math.randomGlobal(k), unsigned(key.read(f.i32(k))));
    f.globalSet(math.randomGlobal(2 + k), f.f64(stream[k] >>> 0));
  }
  return {
    load: (element, attempt) => f.drop(f.call(math.scalar('philox'), element, attempt)),
    value: (k) => f.globalGet(math.randomGlobal(4 + k)),
  };
}

/** One draw for each element of the parameters. */
function draws(name: string): Loops {
  return {
    kind: 'loops',
    emit: (c) => {
      const { f } = c;
      generator(c);
      const parameters = c.node.operands.slice(1).map((_, i) => operandNumbers(c, i + 1));
      const out = outputNumbers(c);
      c.range(sizeOf(c.outputType().shape), 1, (i) => {
        const element = f.op('f64.convert_i32_s', i());
        const drawn = f.call(c.e.context.math.scalar(name), element, ...parameters.map((p) => p.read(i())));
        out.write(i(), drawn);
      });
    },
  };
}

/** By inversion: running sums of the weights of each batch element, then a binary search for each draw. */
const categorical: Loops = {
  kind: 'loops',
  scratch: ({ inputs: [, { shape }] }) => [doubles(sizeOf(shape))],
  emit: (c) => {
    const { f } = c;
    const random = generator(c);
    const { shape } = c.inputType(1);
    const count = shape.at(-1) as number;
    const batch = sizeOf(shape.slice(0, -1));
    const [logits, out, sums] = [operandNumbers(c, 1), outputNumbers(c), scratchDoubles(c, 1)];
    const exp = c.e.context.math.scalar('exp');
    c.range(batch, 1, (b) => {
      const start = f.variable(c.scaled(b(), count));
      const at = (k: () => Value): Value => f.op('i32.add', f.get(start), k());
      const max = f.variable(f.f64(-Infinity));
      c.range(count, 1, (k) => f.set(max, f.op('f64.max', f.get(max), logits.read(at(k)))));
      const sum = f.variable(f.f64(0));
      c.range(count, 1, (k) => {
        const weight = f.call(exp, f.op('f64.sub', logits.read(at(k)), f.get(max)));
        f.set(sum, f.op('f64.add', f.get(sum), weight));
        sums.write(at(k), f.get(sum));
      });
    });
    c.range(sizeOf(c.outputType().shape), 1, (i) => {
      const isOdd = f.variable(f.op('i32.and', i(), f.i32(1)));
      f.if(f.op('i32.eqz', f.get(isOdd)), () =>
        random.load(f.op('f64.convert_i32_s', f.op('i32.shr_u', i(), f.i32(1))), f.f64(0)),
      );
      const u = f.op('select.f64', random.value(1), random.value(0), f.get(isOdd));
      const start = f.variable(c.scaled(f.op('i32.rem_u', i(), f.i32(batch)), count));
      const total = sums.read(f.op('i32.add', f.get(start), f.i32(count - 1)));
      const threshold = f.variable(f.op('f64.mul', u, total));
      const [low, high] = [f.variable(f.i32(0)), f.variable(f.i32(count - 1))];
      f.block((exit) =>
        f.loop((again) => {
          f.branchIf(exit, f.op('i32.ge_s', f.get(low), f.get(high)));
          const middle = f.variable(f.op('i32.shr_u', f.op('i32.add', f.get(low), f.get(high)), f.i32(1)));
          const beyond = f.op(
            'f64.gt',
            sums.read(f.op('i32.add', f.get(start), f.get(middle))),
            f.get(threshold),
          );
          f.if(
            beyond,
            () => f.set(high, f.get(middle)),
            () => f.set(low, f.op('i32.add', f.get(middle), f.i32(1))),
          );
          f.branch(again);
        }),
      );
      const found = f.op('f64.convert_i32_s', f.get(low));
      out.write(i(), f.op('select.f64', found, f.f64(-1), f.op('f64.ge', f.get(threshold), f.f64(0))));
    });
  },
};

/** A chain of binomials, each given what is left of the total. */
const multinomial: Loops = {
  kind: 'loops',
  scratch: ({ inputs: [, , { shape }] }) => [doubles((shape.at(-1) as number) + 1)],
  emit: (c) => {
    const { f } = c;
    generator(c);
    const { shape } = c.outputType();
    const count = shape.at(-1) as number;
    const [totals, probs, out, rest] = [
      operandNumbers(c, 1),
      operandNumbers(c, 2),
      outputNumbers(c),
      scratchDoubles(c, 1),
    ];
    const binomial = c.e.context.math.scalar('drawBinomial');
    const zero = f.f64(0);
    c.range(sizeOf(shape.slice(0, -1)), 1, (r) => {
      const start = f.variable(c.scaled(r(), count));
      const at = (k: Value): Value => f.op('i32.add', f.get(start), k);
      const next = (k: Value): Value => f.op('i32.add', k, f.i32(1));
      rest.write(f.i32(count), zero);
      loop(c, f.i32(count - 1), f.i32(-1), -1, (k) =>
        rest.write(k(), f.op('f64.add', rest.read(next(k())), probs.read(at(k())))),
      );
      const left = f.variable(totals.read(r()));
      c.range(count, 1, (k) => {
        f.if(f.op('f64.ge', f.get(left), zero), () => {
          const all = f.variable(rest.read(k()));
          const later = rest.read(next(k()));
          const isLast = f.op('i32.and', f.op('f64.eq', later, zero), f.op('f64.gt', f.get(all), zero));
          const share = f.op('f64.div', probs.read(at(k())), f.get(all));
          const usual = f.op('select.f64', zero, share, f.op('f64.eq', f.get(all), zero));
          const p = f.op('select.f64', f.f64(1), usual, isLast);
          const element = f.op('f64.convert_i32_s', at(k()));
          const drawn = f.variable(f.call(binomial, element, f.get(left), p));
          out.write(at(k()), f.get(drawn));
          const less = f.op('f64.sub', f.get(left), f.get(drawn));
          f.set(left, f.op('select.f64', f.f64(-1), less, f.op('f64.lt', f.get(drawn), zero)));
        });
      });
      f.if(f.op('i32.eqz', f.op('f64.ge', f.get(left), zero)), () =>
        c.range(count, 1, (k) => out.write(at(k()), f.f64(-1))),
      );
    });
  },
};

export const randomDraws = {
  PhiloxGamma: draws('drawGamma'),
  PhiloxLogGamma: draws('drawLogGamma'),
  PhiloxPoisson: draws('drawPoisson'),
  PhiloxBinomial: draws('drawBinomial'),
  PhiloxCategorical: categorical,
  PhiloxMultinomial: multinomial,
};
