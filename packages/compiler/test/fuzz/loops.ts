/** Random programs in which a loop is written out step by step, and a second one that goes back over what it made. */
import { sizeOf, type NumericArray, type Shape } from '@pyro-ts/ops';
import { GraphBuilder } from '../../src/graph/builder';
import type { ValueId } from '../../src/graph/graph';
import { generator, randomArray } from '../../src/wasm/codegen/cases';
import type { FuzzProgram } from './generate';

/** Where an operand of a step's node comes from. */
type Source =
  | { readonly kind: 'made'; readonly back: number }
  | { readonly kind: 'carry' | 'older' | 'shared'; readonly index: number }
  | { readonly kind: 'series' | 'number' | 'pair' };

interface Step {
  readonly op: string;
  readonly sources: readonly Source[];
}

const unary = ['Tanh', 'Sigmoid', 'Sin', 'Neg', 'Sum', 'Max', 'Transpose', 'Flat'];
const binary = ['Add', 'Sub', 'Multiply', 'Maximum', 'Chosen'];
const shapes: readonly Shape[] = [[], [2], [2, 1], [1, 2], [2, 2], [3], [2, 3]];

class LoopProgram {
  readonly g = new GraphBuilder();
  readonly data: NumericArray[] = [];
  readonly length: number;
  private readonly series: ValueId;
  private readonly shared: readonly ValueId[];
  private readonly steps: readonly Step[];

  constructor(private readonly random: () => number) {
    this.length = 64 + this.below(60);
    this.series = this.input([this.length, 2]);
    this.shared = [this.input([2]), this.input([2, 2]), this.input([])];
    this.steps = Array.from({ length: 5 + this.below(9) }, () => this.step());
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  private input(shape: Shape): ValueId {
    this.data.push(randomArray(this.random, shape, 'float', 'real'));
    return this.g.input(`x${this.data.length - 1}`, shape);
  }

  private source(): Source {
    const kind = this.pick([
      'made',
      'made',
      'made',
      'carry',
      'older',
      'shared',
      'series',
      'number',
      'pair',
    ] as const);
    if (kind === 'made') return { kind, back: 1 + this.below(3) };
    if (kind === 'series' || kind === 'number' || kind === 'pair') return { kind };
    return { kind, index: this.below(3) };
  }

  private step(): Step {
    if (this.random() < 0.35) return { op: this.pick(unary), sources: [this.source()] };
    return { op: this.pick(binary), sources: [this.source(), this.source()] };
  }

  private shapeOf(value: ValueId): Shape {
    return this.g.typeOf(value).shape;
  }

  private apply(op: string, [x, y]: readonly ValueId[]): ValueId {
    const { g } = this;
    const shape = this.shapeOf(x);
    const axis = [shape.length - 1];
    switch (op) {
      case 'Sum':
        return shape.length === 0 ? x : g.node(op, [x], { axis, keepDims: true });
      case 'Max':
        return shape.length === 0 ? x : g.node(op, [x], { reductionIndices: axis, keepDims: true });
      case 'Transpose':
        return shape.length < 2 ? x : g.node(op, [x], { perm: [1, 0] });
      case 'Flat':
        return g.node('Reshape', [x], { shape: [sizeOf(shape)] });
      case 'Chosen':
        return g.node('Select', [g.node('Greater', [x, y]), x, y]);
      default:
        return g.node(op, y === undefined ? [x] : [x, y]);
    }
  }

  private valueOf(
    source: Source,
    t: number,
    made: readonly ValueId[],
    carries: readonly ValueId[],
    older: readonly ValueId[],
  ): ValueId {
    const { g } = this;
    switch (source.kind) {
      case 'made':
        return made[made.length - source.back] ?? carries[0];
      case 'carry':
        return carries[source.index % carries.length];
      case 'older':
        return older[source.index % older.length];
      case 'shared':
        return this.shared[source.index];
      case 'series':
        return g.node('Reshape', [g.node('Slice', [this.series], { begin: [t, 0], size: [1, 2] })], {
          shape: [2],
        });
      case 'number':
        return g.constant(Math.sin(t));
      case 'pair':
        return g.constant(Float64Array.of(Math.cos(t), 0.5), [2]);
      default:
        return source satisfies never;
    }
  }

  /** A step's values; steps that fit no shape are left out. */
  private turn(t: number, carries: readonly ValueId[], older: readonly ValueId[]): ValueId[] {
    const made: ValueId[] = [];
    for (const { op, sources } of this.steps) {
      try {
        const value = this.apply(
          op,
          sources.map((source) => this.valueOf(source, t, made, carries, older)),
        );
        if (sizeOf(this.shapeOf(value)) <= 12) made.push(value);
      } catch {
        continue;
      }
    }
    return made;
  }

  private bounded(value: ValueId): ValueId {
    return this.g.node('Tanh', [value]);
  }

  private total(value: ValueId): ValueId {
    return this.g.node('Sum', [value], { axis: this.shapeOf(value).map((_, i) => i), keepDims: false });
  }

  build(): FuzzProgram {
    const { g } = this;
    let carries: readonly ValueId[] = Array.from({ length: 1 + this.below(3) }, () =>
      this.input(this.pick(shapes)),
    );
    let older = carries;
    const odd = this.pick([0, this.length - 1, this.below(this.length), -1]);
    const history: ValueId[] = [];
    for (let t = 0; t < this.length; t++) {
      const made = this.turn(t, carries, older);
      const next = carries.map((carry, c) => {
        const value = made[made.length - 1 - c] ?? carry;
        const moved = g.node('Add', [carry, this.total(value)]);
        return this.bounded(t === odd ? g.node('Sub', [moved, this.shared[2]]) : moved);
      });
      history.push(made[0] ?? next[0]);
      [older, carries] = [carries, next];
    }
    let adjoint: ValueId = this.shared[0];
    let sum: ValueId | undefined;
    for (const value of [...history].reverse()) {
      adjoint = this.bounded(g.node('Add', [adjoint, this.total(g.node('Multiply', [value, value]))]));
      const term = this.total(g.node('Multiply', [this.total(value), adjoint]));
      sum = sum === undefined ? term : g.node('Add', [sum, term]);
    }
    const parts = history.map((value) => g.node('Reshape', [this.total(value)], { shape: [1] }));
    const outputs = [...carries, adjoint, sum ?? adjoint, history[this.length >> 1]];
    if (this.random() < 0.5) outputs.push(g.node('Concat', parts, { axis: 0 }));
    return { graph: g.finish([...new Set(outputs)]), data: this.data };
  }
}

export function generateLoop(seed: number): FuzzProgram {
  return new LoopProgram(generator(Math.imul(seed, 0x9e3779b1) ^ 0x2545f491)).build();
}
