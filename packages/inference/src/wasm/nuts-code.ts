/** A NUTS transition: `nuts/nuts.ts` and `nuts/subtree.ts`, without copies of momenta. */
import type { wasmKit } from '@pyro-ts/compiler';
import type { BufferCode } from './buffer-code';
import type { DynamicsCode } from './dynamics-code';
import type { RandomCode } from './random-code';
import type { SegmentCode } from './segment-code';
import { startStatistics } from './weight-code';
import { define, type Context, type Value, type Writer } from './writer';

type Callee = wasmKit.Callee;

export interface Parts {
  readonly random: RandomCode;
  readonly dynamics: DynamicsCode;
  readonly segments: SegmentCode;
  readonly buffers: BufferCode;
  readonly weigh: Callee;
}

/** Bytes of a row of the table of levels: addresses of first momentum, last momentum, sum of momenta. */
const row = 12;

/**
 * (depth, momentum, gradient, signed step) → whether the subtree is whole. Grows 2^depth points from the position in
 * the program's input; leaves a draw from them in the candidate, their segment in row `depth` of the levels.
 */
function subtreeCode(context: Context, parts: Parts): Callee {
  const { dynamics, random, segments, buffers, weigh } = parts;
  const { layout, density } = context;
  return define(context, 'subtree', ['i32', 'i32', 'i32', 'f64'], 'i32', (w, [depth, first, slope, step]) => {
    const { f } = w;
    const momentum = f.variable(first);
    const gradient = f.variable(slope);
    const leaf = f.variable(f.i32(0));
    w.setDouble('subtreeWeight', f.f64(0));
    f.loop((again) => {
      const next = f.call(buffers.take);
      const energy = f.call(dynamics.leapfrog, f.get(momentum), f.get(gradient), next, step);
      f.set(momentum, next);
      f.set(gradient, f.i32(density.gradient));
      const weight = f.call(weigh, energy);
      f.if(f.op('f64.lt', weight, f.f64(0)), () => f.return(f.i32(0)));
      const sum = f.op('f64.add', w.double('subtreeWeight'), weight);
      w.setDouble('subtreeWeight', sum);
      f.if(f.op('f64.lt', f.op('f64.mul', f.call(random.uniform), sum), weight), () => {
        w.copy(w.fixed(layout.candidate), w.fixed(density.position));
        w.copy(w.fixed(layout.candidate + layout.vector), w.fixed(density.gradient));
        w.setDouble('candidateLogDensity', f.load('f64.load', f.i32(0), density.value));
        w.setDouble('candidateEnergy', energy);
      });
      const finished = joinFinished(w, segments, buffers, f.get(leaf), next);
      f.store('i32.store', finished.level, finished.begin, layout.levels);
      f.store('i32.store', finished.level, next, layout.levels + 4);
      f.store('i32.store', finished.level, finished.sum, layout.levels + 8);
      f.set(leaf, f.op('i32.add', f.get(leaf), f.i32(1)));
      f.branchIf(again, f.op('i32.lt_u', f.get(leaf), f.op('i32.shl', f.i32(1), depth)));
    });
    f.return(f.i32(1));
  });
}

/** Joins a leaf to the pieces that it completes; returns 0 from the function if one turns. */
function joinFinished(
  w: Writer,
  { joinPoints, join }: SegmentCode,
  { take, give }: BufferCode,
  leaf: Value,
  point: Value,
): { readonly begin: Value; readonly sum: Value; readonly level: Value } {
  const { f } = w;
  const { levels } = w.layout;
  const begin = f.variable(point);
  const sum = f.variable(point);
  const level = f.variable(f.i32(0));
  const bits = f.variable(leaf);
  f.block((exit) => {
    f.loop((again) => {
      f.branchIf(exit, f.op('i32.eqz', f.op('i32.and', f.get(bits), f.i32(1))));
      const [leftBegin, leftEnd, leftSum] = [0, 4, 8].map((at) =>
        f.load('i32.load', f.get(level), levels + at),
      );
      const straight = f.variable(f.i32(0));
      f.if(
        f.op('i32.eqz', f.get(level)),
        () => {
          f.set(sum, f.call(take));
          f.set(straight, f.call(joinPoints, leftBegin, point, f.get(sum)));
        },
        () => {
          const left = [leftBegin, leftEnd, leftSum];
          f.set(straight, f.call(join, ...left, f.get(begin), point, f.get(sum)));
          for (const unused of [leftEnd, leftSum, f.get(begin)]) f.call(give, unused);
        },
      );
      f.if(f.op('i32.eqz', f.get(straight)), () => f.return(f.i32(0)));
      f.set(begin, leftBegin);
      f.set(level, f.op('i32.add', f.get(level), f.i32(row)));
      f.set(bits, f.op('i32.shr_u', f.get(bits), f.i32(1)));
      f.branch(again);
    });
  });
  return { begin: f.get(begin), sum: f.get(sum), level: f.get(level) };
}

/** (maxTreeDepth): one transition from the state to the state. */
export function nutsCode(context: Context, parts: Parts): Callee {
  const { random, dynamics, segments, buffers } = parts;
  const { layout, density } = context;
  const { vector } = layout;
  const subtree = subtreeCode(context, parts);

  return define(
    context,
    'nuts',
    ['i32'],
    null,
    (w, [maxTreeDepth]) => {
      const { f } = w;
      const copyBoth = (to: number, from: number): void => {
        w.copy(w.fixed(to), w.fixed(from));
        w.copy(w.fixed(to + vector), w.fixed(from + vector));
      };
      buffers.reset(w);
      const start = f.call(buffers.take);
      const kinetic = f.call(dynamics.refresh, start);
      startStatistics(w, f.op('f64.sub', kinetic, w.double('logDensity')));
      copyBoth(layout.forward, layout.state);
      copyBoth(layout.backward, layout.state);

      const begin = f.variable(start);
      const end = f.variable(start);
      const sum = f.variable(start);
      const depth = f.variable(f.i32(0));
      f.block((exit) => {
        f.loop((again) => {
          f.branchIf(exit, f.op('i32.ge_s', f.get(depth), maxTreeDepth));
          const forward = f.op('f64.lt', f.call(random.uniform), f.f64(0.5));
          const side = f.op('select.i32', f.i32(layout.forward), f.i32(layout.backward), forward);
          const from = f.op('select.i32', f.get(end), f.get(begin), forward);
          const size = w.double('stepSize');
          const step = f.op('select.f64', size, f.op('f64.neg', size), forward);
          w.copy(w.fixed(density.position), w.at(side));
          const gradient = f.op('i32.add', side, f.i32(vector));
          f.branchIf(exit, f.op('i32.eqz', f.call(subtree, f.get(depth), from, gradient, step)));
          w.copy(w.at(side), w.fixed(density.position));
          w.copy(w.at(side, vector), w.fixed(density.gradient));

          const at = f.op('i32.mul', f.get(depth), f.i32(row));
          const [subBegin, subEnd, subSum] = [0, 4, 8].map((k) => f.load('i32.load', at, layout.levels + k));
          const isFirst = f.op('i32.eqz', f.get(depth));
          f.set(depth, f.op('i32.add', f.get(depth), f.i32(1)));

          const [treeWeight, subtreeWeight] = [w.double('treeWeight'), w.double('subtreeWeight')];
          f.if(f.op('f64.lt', f.op('f64.mul', f.call(random.uniform), treeWeight), subtreeWeight), () => {
            copyBoth(layout.state, layout.candidate);
            w.setDouble('logDensity', w.double('candidateLogDensity'));
            w.setDouble('energy', w.double('candidateEnergy'));
          });
          w.setDouble('treeWeight', f.op('f64.add', treeWeight, subtreeWeight));

          const straight = f.variable(f.i32(0));
          const tree = (): Value[] => [f.get(begin), f.get(end), f.get(sum)];
          const giveAll = (unused: readonly Value[]): void => {
            for (const buffer of unused) f.call(buffers.give, buffer);
          };
          f.if(
            isFirst,
            () => {
              f.set(sum, f.call(buffers.take));
              f.set(straight, f.call(segments.joinPoints, f.get(begin), subBegin, f.get(sum)));
            },
            () =>
              f.if(
                forward,
                () => {
                  f.set(straight, f.call(segments.join, ...tree(), subBegin, subEnd, subSum));
                  giveAll([f.get(end), f.get(sum), subBegin]);
                  f.set(sum, subSum);
                },
                () => {
                  f.set(straight, f.call(segments.join, subEnd, subBegin, subSum, ...tree()));
                  giveAll([f.get(begin), subBegin, subSum]);
                },
              ),
          );
          f.if(
            forward,
            () => f.set(end, subEnd),
            () => f.set(begin, subEnd),
          );
          f.branchIf(again, f.get(straight));
        });
      });
      w.setWord('depth', f.get(depth));
      w.setWord('leaves', w.word('counted'));
    },
    'nuts',
  );
}
