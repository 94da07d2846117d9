/**
 * Plan → units in order. Nodes over the same space that do not wait for each other's finished results share one loop.
 *
 * The level of a node counts the finished results on the longest path to it (a reduction's, a matrix product's, or a
 * loop's that is read in another order). Nodes of one level and space can always share a loop; nodes whose consumers
 * all come later are moved to them, so that what they compute need not be stored.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import type { Groups } from './block-order';
import type { Plan, PlanNode } from './plan';
import type { RolledLoop } from './rolling/rolled-loop';
import { isContiguous, squeezed, viewSize, type View } from './view';

type NodeKind = 'tiny' | 'loop' | 'kernel';

export interface Unit {
  readonly kind: NodeKind | 'blocked' | 'rolled';
  readonly nodes: readonly PlanNode[];
  /**
   * Of a blocked unit: products that are done before and after each block of the loop's rows. Where blocks go by groups,
   * what sums over the rows has a second output for the sums of the groups.
   */
  readonly blocks?: {
    readonly before: readonly PlanNode[];
    readonly loop: readonly PlanNode[];
    readonly after: readonly PlanNode[];
    readonly rows: number;
    readonly groups: Groups | null;
    /** Values with one element a row that nothing reads after the block: every block has them in the same place. */
    readonly local: ReadonlySet<ValueId>;
  };
  /** Of a rolled unit, whose nodes are those of all turns. */
  readonly rolled?: RolledLoop;
}

/** Longer loop bodies gain nothing: their values do not fit in registers anyway, and compile slowly. */
const mostNodes = 128;

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

class Scheduler {
  private readonly kinds: NodeKind[];
  /** By value. */
  private readonly producers: (PlanNode | undefined)[];
  private readonly levels: number[];
  private readonly consumers: PlanNode[][];

  constructor(
    private readonly plan: Plan,
    tinySize: number,
    private readonly fuse: boolean,
  ) {
    this.kinds = plan.nodes.map(({ lowering, space }) => {
      if (lowering.kind !== 'elementwise' && lowering.kind !== 'reduction') return 'kernel';
      return sizeOf(space) <= tinySize ? 'tiny' : 'loop';
    });
    this.levels = plan.nodes.map(() => 0);
    this.consumers = plan.nodes.map(() => []);
    this.producers = new Array<PlanNode | undefined>(plan.values.length);
    for (const node of plan.nodes) for (const output of node.outputs) this.producers[output] = node;
    for (const node of plan.nodes) {
      for (const producer of this.producersOf(node)) this.consumers[producer.index].push(node);
    }
  }

  private producersOf(node: PlanNode): PlanNode[] {
    const found: PlanNode[] = [];
    for (const { root, literal } of node.operands) {
      const producer = literal === undefined ? this.producers[root] : undefined;
      if (producer !== undefined && !found.includes(producer)) found.push(producer);
    }
    return found;
  }

  /** Whether the consumer can use the producer's elements as they are made. */
  private inOrder(producer: PlanNode, consumer: PlanNode): boolean {
    if (!this.fuse || producer.lowering.kind !== 'elementwise' || this.kinds[consumer.index] !== 'loop')
      return false;
    const gathered = consumer.lowering.kind === 'elementwise' && consumer.lowering.gathers === true;
    if (gathered && consumer.operands[0].root === producer.outputs[0]) return false;
    return consumer.operands.every(
      (view) => view.root !== producer.outputs[0] || readsWhole(view, producer, consumer),
    );
  }

  private delay(producer: PlanNode, consumer: PlanNode): number {
    if (this.kinds[producer.index] === 'tiny') return 0;
    return this.kinds[producer.index] === 'loop' && this.inOrder(producer, consumer) ? 0 : 1;
  }

  private assignLevels(): void {
    const { nodes } = this.plan;
    for (const node of nodes) {
      for (const producer of this.producersOf(node)) {
        const level = this.levels[producer.index] + this.delay(producer, node);
        if (level > this.levels[node.index]) this.levels[node.index] = level;
      }
    }
    const outputs = new Set(this.plan.outputs);
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i];
      if (this.kinds[i] !== 'loop' || node.lowering.kind !== 'elementwise' || outputs.has(node.outputs[0]))
        continue;
      let latest = Infinity;
      for (const consumer of this.consumers[i]) {
        latest = Math.min(latest, this.levels[consumer.index] - this.delay(node, consumer));
      }
      const streams = new Set(
        node.operands.filter((v) => v.literal === undefined && viewSize(v) > 1).map((v) => v.root),
      );
      if (Number.isFinite(latest) && streams.size <= 2) this.levels[i] = Math.max(this.levels[i], latest);
    }
  }

  private group(): { units: PlanNode[][]; kinds: NodeKind[]; unitOf: number[] } {
    const units: PlanNode[][] = [];
    const kinds: NodeKind[] = [];
    const unitOf: number[] = [];
    const open = new Map<string, number>();
    for (const node of this.plan.nodes) {
      const kind = this.kinds[node.index];
      const key = `${this.levels[node.index]}:${squeezed(node.space).join(',')}`;
      const known = kind === 'loop' && this.fuse ? open.get(key) : undefined;
      const full = known === undefined || units[known].length >= mostNodes;
      const unit = full ? units.push([]) - 1 : known;
      if (full) kinds[unit] = kind;
      if (kind === 'loop') open.set(key, unit);
      units[unit].push(node);
      unitOf[node.index] = unit;
    }
    return { units, kinds, unitOf };
  }

  run(): Unit[] {
    this.assignLevels();
    const { units, kinds, unitOf } = this.group();
    const waiting = units.map(() => 0);
    const followers = units.map((): number[] => []);
    for (const node of this.plan.nodes) {
      for (const producer of this.producersOf(node)) {
        const from = unitOf[producer.index];
        const to = unitOf[node.index];
        // One that stands there twice is counted twice.
        if (from !== to && followers[from].at(-1) !== to) {
          followers[from].push(to);
          waiting[to]++;
        }
      }
    }
    const ready = new ReadyQueue();
    units.forEach((_, u) => waiting[u] === 0 && ready.push(u));
    const order: Unit[] = [];
    for (let u = ready.pop(); u !== undefined; u = ready.pop()) {
      order.push({ kind: kinds[u], nodes: units[u] });
      for (const next of followers[u]) if (--waiting[next] === 0) ready.push(next);
    }
    if (order.length !== units.length) throw new Error('internal: units wait for each other');
    return order;
  }
}

function readsWhole(view: View, producer: PlanNode, consumer: PlanNode): boolean {
  const ownShape = squeezed(view.shape);
  if (isContiguous(view) && view.offset === 0 && sameShape(ownShape, squeezed(producer.space))) {
    if (sameShape(ownShape, squeezed(consumer.space))) return true;
    // Read as a row or column of something larger: that loop simply comes after.
    return consumer.lowering.kind === 'elementwise' && viewSize(view) < sizeOf(consumer.space);
  }
  return false;
}

/** Smallest unit first: programs stay close to the order in which they were written. */
class ReadyQueue {
  private readonly heap: number[] = [];

  push(x: number): void {
    const { heap } = this;
    let i = heap.push(x) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (heap[parent] <= heap[i]) break;
      [heap[parent], heap[i]] = [heap[i], heap[parent]];
      i = parent;
    }
  }

  pop(): number | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    heap[0] = last;
    for (let i = 0; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < heap.length && heap[child] < heap[least]) least = child;
      if (least === i) return top;
      [heap[least], heap[i]] = [heap[i], heap[least]];
      i = least;
    }
  }
}

/** @param tinySize spaces up to this many elements are written out instead of looped over */
export function schedule(plan: Plan, tinySize: number, fuse = true): Unit[] {
  return new Scheduler(plan, tinySize, fuse).run();
}
