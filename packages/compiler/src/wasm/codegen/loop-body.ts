/** The body of a fused loop: some vectors of every node's value, side by side. */
import type { ValueDType } from '../../graph/graph';
import type { Value } from '../assembler';
import type { Emitter } from './emitter';
import type { Lane } from './lanes';
import { lazyArms, type LazyArm, type LazyArms } from './lazy-arms';
import type { LoopAccesses } from './loop-accesses';
import type { Accumulation, Load, Place } from './loop-parts';
import type { LoopSums } from './loop-sums';
import type { Elementwise } from './lowering';
import { addAt, indexed, loadGather, loadSplat } from './memory-lanes';
import type { PlanNode } from './plan';
import type { Pointer } from './pointers';
import { StridedVectors } from './strided-vectors';

export class LoopBody {
  private readonly lazy: LazyArms;
  private readonly vectors: StridedVectors;

  constructor(
    private readonly e: Emitter,
    private readonly nodes: readonly PlanNode[],
    private readonly accesses: LoopAccesses,
    private readonly sums: LoopSums,
    private readonly last: number,
  ) {
    this.vectors = new StridedVectors(e.lanes, accesses.pointers, last);
    const stored = new Set(accesses.stores.map(({ node }) => node.outputs[0]));
    this.lazy = lazyArms(
      nodes,
      (value) => stored.has(value),
      (node) => node.operands[0].literal !== undefined || accesses.loadsOf(node)[0]?.uniform != null,
    );
  }

  /** One vector, or the first lanes of one. */
  step(at: number, count: number): void {
    this.steps([{ at, count, accumulator: 0, loaded: new Map(), computed: new Map() }]);
  }

  /** Several vectors side by side, node by node: their chains of dependent instructions overlap. */
  steps(places: readonly Place[]): void {
    const { e } = this;
    const { lanes: l } = e;
    l.forget();
    this.nodesAt(
      this.nodes.filter((node) => !this.lazy.inArm.has(node)),
      places,
    );
    for (const place of places) {
      for (const { node, dtype, pointer } of this.accesses.stores) {
        const value = place.computed.get(node.outputs[0]) as Value;
        this.vectors.store(pointer as Pointer, dtype, place.at, value, place.count);
      }
    }
    l.forget();
  }

  private nodesAt(nodes: readonly PlanNode[], places: readonly Place[]): void {
    for (const node of nodes) {
      const values = new Map(places.map((place) => [place, new Map<number, Value>()]));
      for (const arm of this.lazy.arms.get(node) ?? []) {
        this.arm(node, arm, places).forEach((value, i) => values.get(places[i])?.set(arm.operand, value));
      }
      for (const place of places) this.nodeAt(node, place, values.get(place));
    }
  }

  /** The values of an arm that is left out if no lane of any place takes it. */
  private arm(select: PlanNode, { operand, nodes }: LazyArm, places: readonly Place[]): Value[] {
    const { e } = this;
    const { f, lanes: l } = e;
    const masks = places.map((place) => {
      const mask = l.convert(this.operandAt(select, 0, place), 'bool');
      return operand === 1 ? mask : l.not(mask);
    });
    const taken = f.op(
      'v128.any_true',
      masks.reduce((a, b) => l.or(a, b)),
    );
    const { dtype } = e.typeOf(select.operands[operand].root);
    const results = places.map(() => f.variable(l.constant(dtype, 0)));
    f.if(taken, () =>
      l.scoped(() => {
        // What is read or computed here does not exist outside.
        const inner = places.map((p) => ({ ...p, loaded: new Map(p.loaded), computed: new Map(p.computed) }));
        this.nodesAt(nodes, inner);
        inner.forEach((place, i) => f.set(results[i], this.operandAt(select, operand, place).value));
      }),
    );
    return results.map((result) => f.get(result));
  }

  private operandAt(node: PlanNode, i: number, place: Place): Lane {
    const { e } = this;
    const view = node.operands[i];
    const { dtype } = e.typeOf(view.root);
    const load = this.accesses.loadsOf(node)[i];
    if (load !== null) return { value: this.readAt(load, place), dtype };
    const { literal } = view;
    if (literal !== undefined) return { value: e.lanes.constant(dtype, literal), dtype, literal };
    return { value: place.computed.get(view.root) as Value, dtype };
  }

  /** @param given operands that are known already */
  private nodeAt(node: PlanNode, place: Place, given?: ReadonlyMap<number, Value>): void {
    const { e } = this;
    const { lanes: l } = e;
    const loads = this.accesses.loadsOf(node);
    if (node.lowering.kind === 'elementwise' && node.lowering.gathers === true) {
      place.computed.set(node.outputs[0], this.gather(node, loads[1], place));
      return;
    }
    if (node.lowering.kind === 'reduction' && node.lowering.scatters === true)
      return this.scatter(node, place);
    const args = node.operands.map(({ root }, i): Lane => {
      const value = given?.get(i);
      return value === undefined ? this.operandAt(node, i, place) : { value, dtype: e.typeOf(root).dtype };
    });
    const { dtype } = e.typeOf(node.outputs[0]);
    if (node.lowering.kind === 'elementwise') {
      place.computed.set(node.outputs[0], this.emitNode(node, node.lowering, args, dtype));
    } else {
      const accumulation = this.accesses.accumulationOf.get(node) as Accumulation;
      this.sums.add(accumulation, l.convert(args[0], dtype), place.at, place.accumulator, place.count);
    }
  }

  /** Elements of operand 0 at the indices in operand 1. */
  private gather({ operands: [source, indices] }: PlanNode, load: Load | null, place: Place): Value {
    const { e } = this;
    const { lanes: l } = e;
    const index = load === null ? l.constant('int', indices.literal ?? 0) : this.readAt(load, place);
    const start = e.addressOf(source.root, source.offset);
    const step = source.strides[0] * e.bytesOf(source.root);
    const { dtype } = e.typeOf(source.root);
    if (place.count === 1) return loadSplat(l, dtype, indexed(l, start, index, 0, step));
    const lanes = Array.from({ length: place.count }, (_, lane) => indexed(l, start, index, lane, step));
    return loadGather(l, dtype, lanes);
  }

  /** Adds operand 0 lane by lane at the indices in operand 1, which may be equal. */
  private scatter(node: PlanNode, place: Place): void {
    const { e } = this;
    const { lanes: l } = e;
    const [output] = node.outputs;
    const value = l.convert(this.operandAt(node, 0, place), 'float');
    const index = this.operandAt(node, 1, place).value;
    addAt(l, e.target(output), index, value, { count: place.count, bytes: e.bytesOf(output) });
  }

  private readAt(load: Load, { at, count, loaded }: Place): Value {
    if (load.uniform !== null) return load.uniform;
    // Places read the same where one operand is another one some elements further on.
    const { pointer, dtype, strides } = load;
    const key = `${dtype}:${count}:${strides[this.last]}:${this.accesses.pointers.keyAt(pointer as Pointer, this.last, at)}`;
    let value = loaded.get(key);
    if (value === undefined) {
      value = this.vectors.read(pointer as Pointer, dtype, at, count);
      loaded.set(key, value);
    }
    return value;
  }

  private emitNode(node: PlanNode, lowering: Elementwise, args: readonly Lane[], dtype: ValueDType): Value {
    const { lanes: l } = this.e;
    const reciprocal = this.accesses.reciprocals.get(node);
    if (reciprocal === undefined || lowering.byReciprocal === undefined)
      return lowering.emit(l, args, dtype, node.attrs);
    return lowering.byReciprocal(l, l.convert(args[0], 'float'), reciprocal);
  }
}
