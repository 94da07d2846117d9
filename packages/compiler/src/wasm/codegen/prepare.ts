/** Graph → plan: chooses the lowering of each node, expands composites, folds constants, resolves views. */
import { findKernel, sizeOf, type NumericArray } from '@pyro-ts/ops';
import { GraphBuilder } from '../../graph/builder';
import type { Graph, GraphNode, ValueDType, ValueId, ValueType } from '../../graph/graph';
import { reductionAxes } from './axes';
import type { Control, Lowering, NodeTypes } from './lowering';
import { gatherElements, gathersElements, scatterElements, scattersElements } from './lowerings/indexing';
import { copyLowering, fallbackLowering, loweringOf, nothingLowering } from './lowerings';
import type { GraphPlan, Plan, PlanNode } from './plan';
import { findSeries } from './series';
import { isContiguous, wholeView, type View } from './view';
import { labels } from '../../graph/labels';

class Preparation {
  private readonly values: ValueType[];
  private readonly constants: Map<ValueId, NumericArray>;
  private readonly nodes: PlanNode[] = [];
  /** By value. */
  private readonly views: (View | undefined)[];

  constructor(
    private readonly graph: Graph,
    private readonly planBody: (graph: Graph) => GraphPlan,
  ) {
    this.values = [...graph.values];
    this.constants = new Map(graph.constants);
    this.views = new Array<View | undefined>(graph.values.length);
    this.shareSeries();
  }

  /** Constants that are windows on one series become views of it. */
  private shareSeries(): void {
    const floats = [...this.constants].filter(
      ([value]) => this.values[value].dtype === 'float' && this.uniform(value) === null,
    );
    const { series, windows } = findSeries(new Map(floats));
    const roots = series.map((data) => {
      const root = this.values.push({ shape: [data.length], dtype: 'float' }) - 1;
      this.constants.set(root, data);
      return root;
    });
    for (const [value, { series: index, offset }] of windows) {
      const { shape } = this.values[value];
      this.views[value] = { ...wholeView(roots[index], shape), offset };
    }
  }

  run(): Plan {
    for (const node of this.graph.nodes) this.node(node);
    const computed = new Set(this.nodes.flatMap((n) => n.outputs));
    const taken = new Set<ValueId>();
    const outputs = this.graph.outputs.map((value) => {
      const view = this.viewOf(value);
      const { shape, dtype } = this.values[value];
      const whole = view.literal === undefined && isContiguous(view) && view.offset === 0;
      const direct = whole && sizeOf(shape) === sizeOf(this.values[view.root].shape);
      const root =
        direct && computed.has(view.root) && !taken.has(view.root) ? view.root : this.copy(view, dtype);
      taken.add(root);
      return root;
    });
    return {
      values: this.values,
      constants: this.constants,
      inputs: this.graph.inputs.map(({ value }) => value),
      nodes: this.nodes,
      outputs,
    };
  }

  private viewOf(value: ValueId): View {
    let view = this.views[value];
    if (view === undefined) {
      const { shape } = this.values[value];
      view = wholeView(value, shape);
      const literal = this.uniform(value);
      if (literal !== null) view = { ...view, literal, strides: shape.map(() => 0) };
      this.views[value] = view;
    }
    return view;
  }

  /** The one number that a constant consists of. */
  private uniform(value: ValueId): number | null {
    const data = this.constants.get(value);
    if (data === undefined || data.length === 0) return null;
    for (let i = 1; i < data.length; i++) if (!Object.is(data[i], data[0])) return null;
    return data[0];
  }

  private typesOf(node: GraphNode): NodeTypes {
    const type = (v: ValueId): ValueType => this.values[v];
    return { inputs: node.inputs.map(type), outputs: node.outputs.map(type), attrs: node.attrs };
  }

  private node(node: GraphNode): void {
    // A tensor without slices, taken apart.
    if (node.outputs.length === 0) return;
    const types = this.typesOf(node);
    let lowering: Lowering = loweringOf(node.kernel);
    if ('accepts' in lowering && lowering.accepts?.(types) === false)
      lowering = ('otherwise' in lowering ? lowering.otherwise : undefined) ?? fallbackLowering;
    if (node.kernel === 'GatherV2' && gathersElements(types, this.constants.get(node.inputs[1]))) {
      lowering = gatherElements;
    } else if (scattersElements(node.kernel, types, this.constants.get(node.inputs[1]))) {
      lowering = scatterElements;
    }
    const sizes = [...types.inputs, ...types.outputs].map((t) => sizeOf(t.shape));
    if (types.outputs.every((t) => sizeOf(t.shape) === 0) && lowering.kind !== 'control')
      lowering = nothingLowering;
    const takesEmpty =
      lowering.kind === 'control' || (lowering.kind === 'loops' && lowering.takesEmpty === true);
    if (sizes.includes(0) && !takesEmpty) lowering = fallbackLowering;
    switch (lowering.kind) {
      case 'view':
        return this.view(node, types, lowering);
      case 'composite':
        return this.composite(node, types, lowering);
      case 'constant':
        return this.constant(node);
      case 'elementwise': {
        const { gathers } = lowering;
        const operands = node.inputs.map((v, i) => (gathers && i === 0 ? this.stored(v) : this.viewOf(v)));
        return this.add(node, lowering, operands, types.outputs[0].shape, []);
      }
      case 'reduction': {
        const [input] = types.inputs;
        const all = input.shape.map((_, i) => i);
        if (lowering.scatters === true) {
          const operands = node.inputs.map((v) => this.viewOf(v));
          return this.add(node, lowering, operands, input.shape, all);
        }
        if (this.viewOf(node.inputs[0]).literal !== undefined && input.dtype === 'float')
          return this.constant(node);
        return this.add(
          node,
          lowering,
          [this.viewOf(node.inputs[0])],
          input.shape,
          reductionAxes(node.attrs, input.shape),
        );
      }
      case 'loops': {
        const operands = node.inputs.map((i) => this.window(i, lowering.strided));
        const scratch = lowering.scratch?.(types) ?? [];
        return this.add(this.withScratch(node, scratch), lowering, operands, types.outputs[0].shape, []);
      }
      case 'fallback':
        return this.add(
          node,
          lowering,
          node.inputs.map((i) => this.contiguous(i)),
          [],
          [],
        );
      case 'control':
        return this.control(node, lowering);
      default:
        lowering satisfies never;
    }
  }

  private add(
    { kernel, outputs, attrs }: Omit<GraphNode, 'inputs'>,
    lowering: PlanNode['lowering'],
    operands: readonly View[],
    space: readonly number[],
    axes: readonly number[],
    bodies: PlanNode['bodies'] = {},
  ): void {
    const index = this.nodes.length;
    this.nodes.push({ index, kernel, lowering, operands, outputs, attrs, space, axes, bodies });
  }

  private withScratch(node: GraphNode, scratch: readonly ValueType[]): GraphNode {
    return { ...node, outputs: [...node.outputs, ...scratch.map((type) => this.values.push(type) - 1)] };
  }

  private control(node: GraphNode, lowering: Control): void {
    const bodies = Object.fromEntries(
      Object.entries(node.subgraphs ?? {}).map(([name, graph]) => [name, this.planBody(graph)]),
    );
    const scratch = lowering.scratch(bodies).map((bytes): ValueType => ({ shape: [bytes], dtype: 'bool' }));
    const operands = node.inputs.map((i) => this.contiguous(i));
    this.add(this.withScratch(node, scratch), lowering, operands, [], [], bodies);
  }

  private copy(view: View, dtype: ValueDType): ValueId {
    const output = this.values.push({ shape: view.shape, dtype }) - 1;
    this.add({ kernel: 'Copy', outputs: [output], attrs: {} }, copyLowering, [view], view.shape, []);
    return output;
  }

  /** A window on memory: literals become constants in memory. */
  private stored(value: ValueId): View {
    const view = this.viewOf(value);
    if (view.literal === undefined) return view;
    const root = this.constants.has(value) ? value : this.materialise(view, this.values[value]);
    return wholeView(root, this.values[value].shape);
  }

  private materialise(view: View, type: ValueType): ValueId {
    const id = this.values.push(type) - 1;
    const n = sizeOf(type.shape);
    const array =
      type.dtype === 'float'
        ? new Float64Array(n)
        : type.dtype === 'int'
          ? new Int32Array(n)
          : new Uint8Array(n);
    this.constants.set(id, array.fill(view.literal as number));
    return id;
  }

  private window(value: ValueId, strided: true | 'forward' | undefined): View {
    const view = this.stored(value);
    const isTaken = strided === true || (strided === 'forward' && view.strides.every((s) => s >= 0));
    return isTaken ? view : this.contiguous(value);
  }

  private contiguous(value: ValueId): View {
    const view = this.stored(value);
    if (isContiguous(view)) return view;
    return wholeView(this.copy(view, this.values[value].dtype), this.values[value].shape);
  }

  private view(node: GraphNode, types: NodeTypes, lowering: Extract<Lowering, { kind: 'view' }>): void {
    node.outputs.forEach((output, k) => {
      const input = this.viewOf(node.inputs[0]);
      const direct = lowering.view(input, types, k);
      if (direct !== null) {
        this.views[output] = direct;
        return;
      }
      const { dtype, shape } = this.values[node.inputs[0]];
      const copied = lowering.view(wholeView(this.copy(input, dtype), shape), types, k);
      if (copied === null) throw new Error(`internal: ${node.kernel} of a whole value is a window`);
      this.views[output] = copied;
    });
  }

  private composite(
    node: GraphNode,
    types: NodeTypes,
    lowering: Extract<Lowering, { kind: 'composite' }>,
  ): void {
    const g = new GraphBuilder();
    const inputs = types.inputs.map(({ shape, dtype }, i) => g.input(`${i}`, shape, dtype));
    const part = g.finish(lowering.build(g, inputs, types));
    const ids = new Map<ValueId, ValueId>();
    part.inputs.forEach(({ value }, i) => ids.set(value, node.inputs[i]));
    const id = (value: ValueId): ValueId => {
      let known = ids.get(value);
      if (known === undefined) {
        known = this.values.push(part.values[value]) - 1;
        const data = part.constants.get(value);
        if (data !== undefined) this.constants.set(known, data);
        ids.set(value, known);
      }
      return known;
    };
    // An output that is computed inside takes the outer name; one that is passed through becomes a window.
    part.outputs.forEach((value, k) => {
      if (!ids.has(value) && !part.constants.has(value)) ids.set(value, node.outputs[k]);
    });
    for (const inner of part.nodes) {
      this.node({ ...inner, inputs: inner.inputs.map(id), outputs: inner.outputs.map(id) });
    }
    part.outputs.forEach((value, k) => {
      if (id(value) !== node.outputs[k]) this.views[node.outputs[k]] = this.viewOf(id(value));
    });
  }

  private constant(node: GraphNode): void {
    const spec = findKernel(node.kernel);
    if (spec === undefined) throw new Error(`internal: no kernel ${node.kernel}`);
    const inputs = node.inputs.map((i) => {
      const { shape, dtype } = this.values[i];
      const data = new Float64Array(sizeOf(shape)).fill(this.viewOf(i).literal ?? 0);
      return { shape, dtype: labels[dtype], data };
    });
    const outputs = node.outputs.map((o) => ({
      shape: this.values[o].shape,
      dtype: labels[this.values[o].dtype],
    }));
    const results = spec.compute(inputs, node.attrs, outputs);
    node.outputs.forEach((output, i) => this.constants.set(output, results[i]));
  }
}

/** @param planBody plans the bodies of control kernels */
export function prepare(graph: Graph, planBody: (graph: Graph) => GraphPlan): Plan {
  return new Preparation(graph, planBody).run();
}
