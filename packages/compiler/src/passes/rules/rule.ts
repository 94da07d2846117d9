/** What a simplification rule sees and may do. */
import type { Attrs, NumericArray } from '@pyro-ts/ops';
import type { GraphNode, ValueId, ValueType } from '../../graph/graph';
import type { Rewriter } from '../../graph/rewriter';

/** A node whose inputs are already rewritten, with a single output. */
export interface Candidate {
  readonly kernel: string;
  readonly inputs: readonly ValueId[];
  readonly attrs: Attrs;
  readonly type: ValueType;
  readonly label: string | undefined;
  /** A step function is taken of the value: its last bit may matter. */
  readonly isStepped?: boolean;
}

/** The value that the candidate can be replaced by, or undefined to leave it. */
export type Rule = (node: Candidate, context: RuleContext) => ValueId | undefined;

export type Rules = Readonly<Record<string, readonly Rule[]>>;

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** Large constants that were looked through, by what they repeat; constants never change. */
const looked = new WeakMap<NumericArray, number | null>();
const worthNoting = 16;

/** The one number that a constant repeats, if it does. */
function splatOf(data: NumericArray | undefined): number | undefined {
  if (data === undefined || data.length === 0) return undefined;
  const known = data.length >= worthNoting ? looked.get(data) : undefined;
  if (known !== undefined) return known ?? undefined;
  const [first] = data;
  let i = 1;
  while (i < data.length && Object.is(data[i], first)) i++;
  const repeats = i === data.length;
  if (data.length >= worthNoting) looked.set(data, repeats ? first : null);
  return repeats ? first : undefined;
}

/** Their e^−|x| is that of −x, too. */
const mirrors = new Set(['Sigmoid', 'Softplus']);

function mirroredValues(nodes: readonly GraphNode[]): Set<ValueId> {
  const found = new Set<ValueId>();
  for (const { kernel, inputs } of nodes) if (mirrors.has(kernel)) found.add(inputs[0]);
  return found;
}

export class RuleContext {
  private mirrored: Set<ValueId> | undefined;

  constructor(private readonly rewriter: Rewriter) {}

  /** Whether a function is taken of the value that shares its work with the same function of the value's negative. */
  isMirrored(value: ValueId): boolean {
    this.mirrored ??= mirroredValues(this.rewriter.source.nodes);
    return this.mirrored.has(value);
  }

  typeOf(value: ValueId): ValueType {
    return this.rewriter.typeOf(value);
  }

  shapeOf(value: ValueId): readonly number[] {
    return this.rewriter.typeOf(value).shape;
  }

  constantOf(value: ValueId): NumericArray | undefined {
    return this.rewriter.constantOf(value);
  }

  /** The number that fills a value: a constant, or a broadcast of one. */
  splat(value: ValueId): number | undefined {
    const producer = this.rewriter.producerOf(value);
    if (producer === undefined) return splatOf(this.rewriter.constantOf(value));
    const { kernel } = producer;
    const repeats = kernel === 'Reshape' || kernel === 'BroadcastTo' || kernel === 'Tile';
    return repeats ? this.splat(producer.inputs[0]) : undefined;
  }

  producer(value: ValueId, kernel?: string): GraphNode | undefined {
    const node = this.rewriter.producerOf(value);
    return kernel === undefined || node?.kernel === kernel ? node : undefined;
  }

  constant(x: number, dtype: ValueType['dtype'], shape: readonly number[] = []): ValueId {
    const size = shape.reduce((product, n) => product * n, 1);
    const make = { float: Float64Array, int: Int32Array, bool: Uint8Array }[dtype];
    return this.rewriter.addConstant({ shape, dtype }, new make(size).fill(x));
  }

  data(data: NumericArray, type: ValueType): ValueId {
    return this.rewriter.addConstant(type, data);
  }

  /** A tensor of one number, as a scalar that is repeated. */
  filled(x: number, { shape, dtype }: ValueType): ValueId {
    const scalar = this.constant(x, dtype);
    return shape.length === 0 ? scalar : this.emit('BroadcastTo', [scalar], { shape }, { shape, dtype });
  }

  emit(kernel: string, inputs: readonly ValueId[], attrs: Attrs, type: ValueType, label?: string): ValueId {
    return this.rewriter.addNode({ kernel, inputs, attrs, label }, [type])[0];
  }

  reshape(value: ValueId, shape: readonly number[]): ValueId {
    if (sameShape(this.shapeOf(value), shape)) return value;
    return this.emit('Reshape', [value], { shape }, { shape, dtype: this.typeOf(value).dtype });
  }
}

/** The axes of a reduction, counted from the front. */
export function axesOf(node: Candidate, context: RuleContext): readonly number[] {
  const rank = context.shapeOf(node.inputs[0]).length;
  const axis = node.attrs['axis'] as number | readonly number[] | null | undefined;
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  return (typeof axis === 'number' ? [axis] : axis).map((a) => (a < 0 ? a + rank : a));
}
