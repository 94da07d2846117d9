/** Random programs over the kernel table. */
import { kernels, sizeOf, type Attrs, type KernelName, type NumericArray, type Shape } from '@pyro-ts/ops';
import { GraphBuilder } from '../../src/graph/builder';
import type { Graph, ValueDType, ValueId } from '../../src/graph/graph';
import { generator, randomArray, type Domain } from '../../src/wasm/codegen/cases';
import { kernelCases } from '../kernel-cases';
import { addControl } from './control';

export interface FuzzProgram {
  readonly graph: Graph;
  readonly data: readonly NumericArray[];
}

const binary: readonly KernelName[] = [
  'Add', 'Sub', 'Multiply', 'RealDiv', 'Xdivy', 'FloorDiv', 'Mod', 'Pow', 'Maximum', 'Minimum', 'SquaredDifference',
  'Atan2', 'Prelu', 'EluGrad', 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Logaddexp',
  'Logdiffexp', 'Xlogy', 'Xlog1py', 'LogicalAnd', 'LogicalOr', 'LogicalXor',
]; // prettier-ignore

const unary: readonly KernelName[] = [
  'Abs', 'Neg', 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Square', 'Reciprocal', 'Sign', 'Floor', 'Ceil',
  'Round', 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh', 'Sigmoid',
  'Softplus', 'Relu', 'Relu6', 'Elu', 'Selu', 'Erf', 'IsNan', 'IsInf', 'IsFinite', 'OnesLike', 'ZerosLike',
  'Identity', 'StopGradient', 'Erfc', 'Ndtr', 'LogNdtr', 'Log1mexp', 'LogExponent',
  'LogFraction', 'Logit',
]; // prettier-ignore

export class Program {
  readonly g = new GraphBuilder();
  readonly data: NumericArray[] = [];
  readonly pool: ValueId[] = [];
  private readonly dims: readonly [number, number];

  constructor(readonly random: () => number) {
    this.dims = [this.dim(), this.dim()];
  }

  below(n: number): number {
    return Math.floor(this.random() * n);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  private dim(): number {
    return this.random() < 0.03 ? 0 : this.pick([1, 2, 3, 5, 8, 12]);
  }

  /** Shapes that broadcast against each other. */
  shape(): Shape {
    const [a, b] = this.dims;
    return this.pick([[a, b], [a, b], [b], [a, 1], [1, b], [], [2, a, b], [2, 1, b]]);
  } // prettier-ignore

  values(shape: Shape, dtype: ValueDType): NumericArray {
    const domain = this.pick<Domain>(['real', 'real', 'real', 'positive', 'unit', 'small', 'edges']);
    const data = randomArray(this.random, shape, dtype, domain);
    // The passes may take x + 0 for x, which differs at −0 alone.
    return dtype === 'float' ? data.map((x: number) => (x === 0 ? 0 : x)) : data;
  }

  input(shape: Shape, dtype: ValueDType, data = this.values(shape, dtype)): ValueId {
    this.data.push(data);
    return this.g.input(`x${this.data.length - 1}`, shape, dtype);
  }

  constant(shape: Shape, dtype: ValueDType): ValueId {
    const uniform = this.random() < 0.5;
    const numbers = { float: [0, 1, -1, 2, 0.5, -4, 0.3, 3], int: [0, 1, 2, -1], bool: [0, 1] }[dtype];
    const data = this.values(shape, dtype);
    // Counts and labels: few values, many times each.
    const few = 1 + this.below(6);
    if (this.random() < 0.4) data.forEach((_, i) => (data[i] = data[Math.min(i, (i * i + 3 * i) % few)]));
    return this.g.constant(uniform ? data.fill(this.pick(numbers)) : data, shape, dtype);
  }

  shapeOf(value: ValueId): Shape {
    return this.g.typeOf(value).shape;
  }

  any(dtype?: ValueDType): ValueId {
    const fitting = this.pool.filter((v) => dtype === undefined || this.g.typeOf(v).dtype === dtype);
    if (fitting.length === 0 || this.random() < 0.08) {
      const made = this.random() < 0.5 ? this.constant(this.shape(), dtype ?? 'float') : undefined;
      return made ?? this.input(this.shape(), dtype ?? 'float');
    }
    // Late values more often, so that programs become deep.
    return fitting[Math.max(this.below(fitting.length), this.below(fitting.length))];
  }

  axis(value: ValueId): number {
    const rank = this.shapeOf(value).length;
    if (rank === 0) throw new RangeError('a scalar has no axis');
    return this.below(rank);
  }
}

type Maker = (p: Program) => readonly [readonly ValueId[], Attrs];

const axes = (p: Program, x: ValueId): number[] | null =>
  p.random() < 0.2 ? null : subset(p, p.shapeOf(x).length);

function subset(p: Program, rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => i).filter(() => p.random() < 0.5);
}

const reduce: Maker = (p) => {
  const x = p.any('float');
  return [[x], { axis: axes(p, x), keepDims: p.random() < 0.5 }];
};
const along =
  (name: string, extra: (p: Program) => Attrs = () => ({})): Maker =>
  (p) => {
    const x = p.any('float');
    return [[x], { [name]: p.axis(x), ...extra(p) }];
  };
const flags = (p: Program): Attrs => ({ exclusive: p.random() < 0.5, reverse: p.random() < 0.5 });

/** How operands and attributes of a kernel are chosen. Combinations that do not fit are thrown away. */
const makers: Partial<Record<KernelName, Maker>> = {
  ...Object.fromEntries(unary.map((kernel): [string, Maker] => [kernel, (p) => [[p.any('float')], {}]])),
  ...Object.fromEntries(
    binary.map((kernel): [string, Maker] => [
      kernel,
      (p) => {
        const dtype = p.pick<ValueDType>(
          kernel.startsWith('Logical') ? ['bool'] : kernel === 'Pow' ? ['float'] : ['float', 'float', 'float', 'int'],
        );
        return [[p.any(dtype), p.any(dtype)], {}];
      },
    ]),
  ),
  LogicalNot: (p) => [[p.any('bool')], {}],
  Select: (p) => [[p.any('bool'), p.any('float'), p.any('float')], {}],
  Cast: (p) => [[p.any()], { dtype: p.pick(['float32', 'bool']) }],
  AddN: (p) => {
    const x = p.any('float');
    return [[x, p.any('float'), x], {}];
  },
  LeakyRelu: (p) => [[p.any('float')], { alpha: 0.3 }],
  Step: (p) => [[p.any('float')], { alpha: 0.5 }],
  ClipByValue: (p) => [[p.any('float')], { clipValueMin: -1, clipValueMax: p.pick([0.5, Infinity]) }],
  Sum: reduce, Prod: reduce, Mean: reduce, Max: reduce, Min: reduce,
  All: (p) => [[p.any('bool')], { axis: null, keepDims: false }],
  Any: (p) => [[p.any('bool')], { axis: null, keepDims: false }],
  ArgMax: along('axis'), ArgMin: along('axis'), Cumsum: along('axis', flags), Cumprod: along('axis', flags),
  Softmax: along('dim'), LogSoftmax: along('axis'),
  BatchMatMul: (p) => {
    const [transposeA, transposeB] = [p.random() < 0.5, p.random() < 0.5];
    return [[p.any('float'), p.any('float')], { transposeA, transposeB }];
  },
  Reshape: (p) => {
    const x = p.any();
    const shape = p.shapeOf(x);
    const size = sizeOf(shape);
    return [[x], { shape: p.pick([[size], [...shape].reverse(), [1, size], [...shape, 1], [size, 1, 1]]) }];
  },
  ExpandDims: (p) => [[p.any()], { dim: p.pick([0, 1, -1]) }],
  Transpose: (p) => {
    const x = p.any();
    const perm = p.shapeOf(x).map((_, i) => i);
    return [[x], { perm: p.random() < 0.5 ? perm.reverse() : [...perm.slice(1), ...perm.slice(0, 1)] }];
  },
  Reverse: (p) => {
    const x = p.any('float');
    return [[x], { dims: subset(p, p.shapeOf(x).length) }];
  },
  Tile: (p) => {
    const x = p.any('float');
    return [[x], { reps: p.shapeOf(x).map(() => p.pick([1, 1, 2, 3])) }];
  },
  BroadcastTo: (p) => [[p.any('float')], { shape: p.shape() }],
  Slice: (p) => {
    const x = p.any();
    const begin = p.shapeOf(x).map((n) => p.below(n));
    return [[x], { begin, size: begin.map((b, i) => p.below(p.shapeOf(x)[i] - b + 1)) }];
  },
  StridedSlice: (p) => {
    const x = p.any('float');
    const shape = p.shapeOf(x);
    const strides = shape.map(() => p.pick([1, 1, 2, -1, -2]));
    const masks = { ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    return [[x], { begin: shape.map(() => 0), end: shape.map(() => 0), strides, beginMask: 255, endMask: 255, ...masks }];
  },
  PadV2: (p) => {
    const x = p.any('float');
    const paddings = p.shapeOf(x).map(() => [p.below(3), p.below(3)]);
    return [[x], { paddings, constantValue: p.pick([0, 0, 1.5]) }];
  },
  Concat: (p) => {
    const [x, y] = [p.any('float'), p.any('float')];
    if (p.shapeOf(x).length !== p.shapeOf(y).length) throw new RangeError('ranks differ');
    return [[x, y, ...(p.random() < 0.5 ? [x] : [])], { axis: p.axis(x) }];
  },
  Pack: (p) => {
    const x = p.any('float');
    return [[x, p.any('float')], { axis: p.below(p.shapeOf(x).length + 1) }];
  },
  Unpack: along('axis'),
  SplitV: (p) => {
    const x = p.any('float');
    const axis = p.axis(x);
    return [[x], { axis, numOrSizeSplits: [p.below((p.shapeOf(x)[axis] ?? 0) + 1), -1] }];
  },
  GatherV2: (p) => {
    const x = p.any('float');
    const axis = p.axis(x);
    const n = p.shapeOf(x)[axis] ?? 0;
    const count = n === 0 ? 0 : p.below(4);
    const first = p.below(n);
    const run = p.random() < 0.4 && first + count <= n;
    const indices = Int32Array.from({ length: count }, (_, i) => (run ? first + i : p.below(n)));
    return [[x, p.g.constant(indices, [count])], { axis, batchDims: 0 }];
  },
  GatherV2Grad: (p) => {
    const dy = p.any('float');
    const axis = p.axis(dy);
    const shape = p.shapeOf(dy).map((n, i) => (i === axis ? n + 2 : n));
    const count = p.shapeOf(dy)[axis] ?? 0;
    const indices = Int32Array.from({ length: count }, () => p.below(count + 2));
    return [[dy, p.g.constant(indices, [count])], { axis, batchDims: 0, shape }];
  },
  Einsum: (p) => [[p.any('float'), p.any('float')], { equation: p.pick(['ij,kj->ik', 'ij,ij->i', 'i,j->ji', 'ij,j->']) }],
  Fill: (p) => [[], { shape: p.shape(), value: p.pick([0, 1, -1, 0.3]), dtype: 'float32' }],
  Range: (p) => [[], { start: 0, stop: p.below(6), step: 1, dtype: 'float32' }],
}; // prettier-ignore

const names = Object.keys(kernels) as KernelName[];
const made = Object.keys(makers) as KernelName[];

/** A kernel on inputs of its own, from the table of cases. */
function fromCase(p: Program, kernel: KernelName): readonly ValueId[] {
  const { inputs, attrs } = p.pick(kernelCases[kernel]);
  const operands = inputs.map(({ shape, dtype = 'float', domain, data }) =>
    p.input(shape, dtype, data ?? randomArray(p.random, shape, dtype, domain)),
  );
  return p.g.nodeAll(kernel, operands, attrs);
}

function addNode(p: Program, kernel: KernelName): readonly ValueId[] | undefined {
  const maker = makers[kernel];
  try {
    const outputs =
      maker === undefined || p.random() < 0.1 ? fromCase(p, kernel) : p.g.nodeAll(kernel, ...maker(p));
    const small = outputs.filter(
      (output) => sizeOf(p.shapeOf(output)) <= 400 && p.shapeOf(output).length <= 4,
    );
    p.pool.push(...small);
    return outputs;
  } catch {
    return undefined;
  }
}

/** @param focus a kernel that the program contains for certain */
export function generate(seed: number, focus?: KernelName): FuzzProgram {
  const p = new Program(generator(Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995));
  const dtypes: readonly ValueDType[] = ['float', 'float', 'float', 'int', 'bool'];
  for (let i = 0; i < 4; i++) p.pool.push(p.input(p.shape(), dtypes[i]));
  const length = 3 + p.below(14);
  const place = p.below(3);
  let wanted: readonly ValueId[] = [];
  for (let i = 0; i < length; i++) {
    if (i === place && focus !== undefined)
      for (let tries = 0; tries < 40 && wanted.length === 0; tries++) wanted = addNode(p, focus) ?? [];
    if (p.random() < 0.04) p.pool.push(...(addControl(p) ?? []));
    else addNode(p, p.random() < 0.9 ? p.pick(made) : p.pick(names));
  }
  const outputs = [...new Set([...p.pool.slice(-6), ...wanted])];
  return { graph: p.g.finish(outputs), data: p.data };
}
