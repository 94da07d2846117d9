import {
  findKernel,
  kernels,
  sizeOf,
  type KernelName,
  type KernelSpec,
  type NumericArray,
} from '@pyro-ts/ops';
import type { GraphBuilder } from '../../src/graph/builder';
import type { Graph, ValueId } from '../../src/graph/graph';
import { Rewriter } from '../../src/graph/rewriter';
import { optimize } from '../../src/passes/optimize';
import { useCounts } from '../../src/passes/uses';
import { interpret } from '../../src/reference/executor';
import type { Elementwise, Lowering, NodeTypes, Reduction } from '../../src/wasm/codegen/lowering';
import { lowerings } from '../../src/wasm/codegen/lowerings';
import { wasmExecutor } from '../../src/wasm/executor';
import { kernelCases } from '../kernel-cases';
import { check, gradientOf, minimise, type Subject } from './check';
import { generate } from './generate';

const onWasm: Subject = { run: (graph, inputs) => wasmExecutor.compile(graph).run(inputs) };

const names = Object.keys(kernels) as KernelName[];

/** Whether a subject is caught on one of some programs that contain a kernel. */
function isFound(subject: Subject, kernel: KernelName | undefined, programs = 40): boolean {
  for (let seed = 1; seed <= programs; seed++)
    if (check(generate(seed, kernel), subject, seed)?.startsWith('output') === true) return true;
  return false;
}

describe('random programs', () => {
  it('contain every kernel that is asked for', () => {
    for (const kernel of names)
      expect(generate(5, kernel).graph.nodes.map((node) => node.kernel)).toContain(kernel);
  });

  it('mean the same before and after the passes, on the reference and on wasm', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const program = generate(seed);
      expect(check(program, {}, seed)).toBeUndefined();
      expect(check(program, onWasm, seed)).toBeUndefined();
    }
  });

  it('have gradients that mean the same', () => {
    let count = 0;
    for (let seed = 100; seed < 120; seed++) {
      const gradient = gradientOf(generate(seed));
      if (gradient === undefined) continue;
      count++;
      expect(check(gradient, {}, seed)).toBeUndefined();
      expect(check(gradient, onWasm, seed)).toBeUndefined();
    }
    expect(count).toBeGreaterThan(15);
  });
});

/** A lowering as it was, applied to any operands. */
interface Former {
  readonly g: GraphBuilder;
  readonly inputs: readonly ValueId[];
  readonly types: NodeTypes;
  readonly run: (operands: readonly ValueId[]) => readonly ValueId[];
}

type Mutate = (operands: NumericArray[], results: readonly NumericArray[]) => readonly NumericArray[];

/** The reference with one kernel spoilt. */
function spoilt(kernel: KernelName, spoil: Mutate): Subject {
  const run = (graph: Graph, inputs: readonly NumericArray[]): NumericArray[] => {
    let data = [...inputs];
    const known = new Map<ValueId, NumericArray>(graph.constants);
    graph.inputs.forEach(({ value }, i) => known.set(value, data[i]));
    for (const node of graph.nodes) {
      const one = { ...graph, nodes: [node], outputs: node.outputs, constants: new Map() };
      const inputsOf = node.inputs.map((value) => known.get(value) as NumericArray);
      const body = { ...one, inputs: [...new Set(node.inputs)].map((value) => ({ name: '', value })) };
      data = body.inputs.map(({ value }) => known.get(value) as NumericArray);
      const results = interpret(body, data);
      const spoiled = node.kernel === kernel ? spoil(inputsOf, results) : results;
      node.outputs.forEach((output, i) => known.set(output, spoiled[i]));
    }
    return graph.outputs.map((output) => known.get(output) as NumericArray);
  };
  return { rewrite: (graph) => graph, run };
}

describe('a planted fault', () => {
  /** Kernels whose results have no sign to be wrong. */
  const otherSign: Mutate = (_operands, results) =>
    results.map((data) =>
      data.map((x: number) =>
        data instanceof Float64Array ? -x : data instanceof Int32Array ? x + 1 : 1 - x,
      ),
    );

  it('a wrong sign in any kernel is found', () => {
    const missed = names.filter(
      (kernel) => kernel !== 'ZerosLike' && !isFound(spoilt(kernel, otherSign), kernel),
    );
    expect(missed).toEqual([]);
  });

  /** The lowering table with one row replaced, for as long as `f` runs. */
  function withRow<R>(kernel: string, row: Lowering, f: () => R): R {
    const table = lowerings as Record<string, Lowering>;
    const former = table[kernel];
    table[kernel] = row;
    try {
      return f();
    } finally {
      table[kernel] = former;
    }
  }

  /** Another way to emit a row, without its shortcuts. */
  const withEmit = ({ accepts }: Elementwise, emit: Elementwise['emit']): Elementwise => ({
    kind: 'elementwise',
    emit,
    ...(accepts === undefined ? {} : { accepts }),
  });

  const rows = Object.entries(lowerings) as [KernelName, Lowering][];
  const elementwise = rows.filter(
    (r): r is [KernelName, Elementwise] => r[1].kind === 'elementwise' && findKernel(r[0]) !== undefined,
  );
  const symmetric = new Set<string>([
    'Add',
    'Multiply',
    'Maximum',
    'Minimum',
    'SquaredDifference',
    'Equal',
    'NotEqual',
    'LogicalAnd',
    'LogicalOr',
    'LogicalXor',
    'Logaddexp',
    'Betaln',
    'BitwiseAnd',
  ]);
  const ofTwo = elementwise.filter(([kernel]) => {
    const [first] = kernelCases[kernel];
    return (
      first.inputs.length === 2 && (first.inputs[0].dtype ?? 'float') === (first.inputs[1].dtype ?? 'float')
    );
  });
  const asRecorded: Subject = { ...onWasm, rewrite: (graph) => graph };

  /** A row that is the former one with something done to its operands or results. */
  function around<R>(
    kernel: KernelName,
    spoil: (former: Former) => readonly ValueId[] | undefined,
    f: () => R,
  ): R {
    const alias = `${kernel} as it was`;
    const [table, specs] = [lowerings as Record<string, Lowering>, kernels as Record<string, KernelSpec>];
    table[alias] = table[kernel];
    specs[alias] = specs[kernel];
    const row: Lowering = {
      kind: 'composite',
      build: (g, inputs, types) => {
        const run = (operands: readonly ValueId[]): readonly ValueId[] =>
          g.nodeAll(alias, operands, types.attrs);
        return spoil({ g, inputs, types, run }) ?? run(inputs);
      },
    };
    try {
      return withRow(kernel, row, f);
    } finally {
      Reflect.deleteProperty(table, alias);
      Reflect.deleteProperty(specs, alias);
    }
  }

  /** The kernels for which a fault in the lowering is not found. */
  const missedOf = (
    subjects: readonly KernelName[],
    spoil: (former: Former) => readonly ValueId[] | undefined,
  ): string[] => subjects.filter((kernel) => !around(kernel, spoil, () => isFound(asRecorded, kernel)));

  it('a wrong sign in any wasm lowering is found', () => {
    const negated = ({ g, inputs, run }: Former): readonly ValueId[] =>
      run(inputs).map((y) => {
        const { dtype } = g.typeOf(y);
        if (dtype === 'float') return g.node('Neg', [y]);
        if (dtype === 'bool') return g.node('LogicalNot', [y]);
        return g.node('Add', [y, g.constant(Int32Array.of(1), [], 'int')]);
      });
    // Minus zero is not told from zero.
    expect(
      missedOf(
        names.filter(
          (kernel) =>
            kernel !== 'ZerosLike' && kernel !== 'Neg' && kernel !== 'Add' && kernel !== 'LogicalNot',
        ),
        negated,
      ),
    ).toEqual([]);
  });

  it('swapped operands in any wasm lowering of operands of one type are found', () => {
    const swaps = new Set<string>();
    const swapped = ({ inputs, types, run }: Former): readonly ValueId[] | undefined => {
      const text = (i: number): string => `${types.inputs[i]?.dtype}[${types.inputs[i]?.shape.join()}]`;
      for (let i = inputs.length - 1; i > 0; i--) {
        if (text(i) !== text(i - 1) || inputs[i] === inputs[i - 1]) continue;
        return run(inputs.map((input, k) => (k === i ? inputs[i - 1] : k === i - 1 ? inputs[i] : input)));
      }
      return undefined;
    };
    const hasTwins = (kernel: KernelName): boolean =>
      kernelCases[kernel].some(({ inputs }) =>
        inputs.some(
          (x, i) =>
            i > 0 &&
            (x.dtype ?? 'float') === (inputs[i - 1].dtype ?? 'float') &&
            x.shape.join() === inputs[i - 1].shape.join(),
        ),
      );
    const subjects = names.filter(
      (kernel) => hasTwins(kernel) && !symmetric.has(kernel) && kernel !== 'AddN',
    );
    subjects.forEach((kernel) => swaps.add(kernel));
    expect(missedOf(subjects, swapped)).toEqual([]);
    expect(swaps.size).toBeGreaterThan(25);
  });

  it('a dropped broadcast in any wasm lowering that broadcasts is found', () => {
    const dropped = ({ g, inputs, types, run }: Former): readonly ValueId[] | undefined => {
      const [out] = types.outputs;
      const i = types.inputs.findIndex(({ shape }) => shape.join() !== out.shape.join() && sizeOf(shape) > 1);
      if (i < 0 || sizeOf(out.shape) === 0) return undefined;
      // The first element everywhere.
      const { shape } = types.inputs[i];
      const flat = g.node('Reshape', [inputs[i]], { shape: [sizeOf(shape)] });
      const first = g.node('Slice', [flat], { begin: [0], size: [1] });
      const wrong = g.node('BroadcastTo', [g.node('Reshape', [first], { shape: shape.map(() => 1) })], {
        shape: [...shape],
      });
      return run(inputs.map((input, k) => (k === i ? wrong : input)));
    };
    const subjects = elementwise
      .map(([kernel]) => kernel)
      .filter((kernel) => kernelCases[kernel][0].inputs.length > 1 && !(kernel in { PhiloxFoldKey: 1 }));
    expect(missedOf(subjects, dropped)).toEqual([]);
    expect(subjects.length).toBeGreaterThan(30);
  });

  it('swapped operands in any wasm row of two operands are found', () => {
    const missed = ofTwo
      .filter(([kernel]) => !symmetric.has(kernel))
      .filter(([kernel, row]) => {
        const swapped = withEmit(row, (l, [a, b], out, attrs) => row.emit(l, [b, a], out, attrs));
        return !withRow(kernel, swapped, () => isFound(asRecorded, kernel, 25));
      });
    expect(missed.map(([kernel]) => kernel)).toEqual([]);
    expect(ofTwo.length).toBeGreaterThan(15);
  });

  it('a wasm lowering that reads its first operand twice is found', () => {
    const missed = ofTwo.filter(([kernel, row]) => {
      const spoiltRow = withEmit(row, (l, [a], out, attrs) => row.emit(l, [a, a], out, attrs));
      return !withRow(kernel, spoiltRow, () => isFound(asRecorded, kernel, 25));
    });
    expect(missed.map(([kernel]) => kernel)).toEqual([]);
  });

  it('a wasm reduction that forgets an operand is found', () => {
    const reductions = rows.filter((r): r is [KernelName, Reduction] => r[1].kind === 'reduction');
    const missed = reductions.filter(([kernel, row]) => {
      const spoiltRow: Reduction = { ...row, combine: (_l, a) => a };
      return !withRow(kernel, spoiltRow, () => isFound(asRecorded, kernel, 25));
    });
    expect(missed.map(([kernel]) => kernel)).toEqual([]);
    expect(reductions.length).toBeGreaterThan(1);
  });

  /** The passes, then one more rewriting of every node that fits. */
  const planted =
    (
      kernel: string,
      rule: (inputs: readonly ValueId[], rewriter: Rewriter, graph: Graph) => ValueId | undefined,
    ) =>
    (graph: Graph): Graph => {
      const optimized = optimize(graph);
      const rewriter = new Rewriter(optimized);
      for (const node of optimized.nodes) {
        const inputs = node.inputs.map((input) => rewriter.resolve(input));
        const value = node.kernel === kernel ? rule(inputs, rewriter, optimized) : undefined;
        const type = optimized.values[node.outputs[0]];
        const fits = value !== undefined && rewriter.typeOf(value).shape.join() === type.shape.join();
        if (fits && rewriter.typeOf(value).dtype === type.dtype) rewriter.replace(node.outputs[0], value);
        else rewriter.copy(node);
      }
      return rewriter.finish();
    };

  it.each([
    ['x − y → x', 'Sub', (inputs: readonly ValueId[]) => inputs[0]],
    ['−x → x', 'Neg', (inputs: readonly ValueId[]) => inputs[0]],
    ['x · y → x', 'Multiply', (inputs: readonly ValueId[]) => inputs[0]],
    ['max(x, y) → y', 'Maximum', (inputs: readonly ValueId[]) => inputs[1]],
    ['transpose → x', 'Transpose', (inputs: readonly ValueId[]) => inputs[0]],
    ['reverse → x', 'Reverse', (inputs: readonly ValueId[]) => inputs[0]],
    ['a running sum → x', 'Cumsum', (inputs: readonly ValueId[]) => inputs[0]],
  ])('a wrong rule is found: %s', (_title, kernel, rule) => {
    expect(isFound({ rewrite: planted(kernel, rule) }, kernel as KernelName, 60)).toBe(true);
  });

  it('a broadcast that a rule drops is found', () => {
    const dropped = (graph: Graph): Graph => {
      const first = graph.nodes.find(
        (node) => node.kernel === 'BroadcastTo' && useCounts(graph)[node.outputs[0]] > 0,
      );
      if (first === undefined) return graph;
      const rewriter = new Rewriter(graph);
      for (const node of graph.nodes) {
        if (node === first) rewriter.replace(node.outputs[0], rewriter.resolve(node.inputs[0]));
        else rewriter.copy(node);
      }
      return rewriter.finish();
    };
    expect(isFound({ rewrite: dropped }, 'BroadcastTo')).toBe(true);
  });

  it('is reported as a small program', () => {
    const subject = spoilt('Tanh', otherSign);
    const seed = Array.from({ length: 50 }, (_, i) => i + 1).find(
      (s) =>
        generate(s, 'Tanh').graph.nodes.length > 8 && check(generate(s, 'Tanh'), subject, s) !== undefined,
    ) as number;
    const small = minimise(generate(seed, 'Tanh'), subject, seed);
    expect(check(small, subject, seed)).toBeDefined();
    expect(small.graph.nodes.map((node) => node.kernel)).toEqual(['Tanh']);
  });
});
