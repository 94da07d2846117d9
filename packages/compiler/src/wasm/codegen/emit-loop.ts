/** A group of elementwise nodes and reductions over one space, as one loop nest in vectors. */
import { sizeOf } from '@pyro-ts/ops';
import type { Value } from '../assembler';
import { walkBlocks } from './block-order';
import type { Emitter } from './emitter';
import { LoopAccesses } from './loop-accesses';
import { LoopBody } from './loop-body';
import type { Blocks, Place } from './loop-parts';
import { LoopSums } from './loop-sums';
import type { PlanNode } from './plan';
import type { Pointers } from './pointers';
import { partialsOf, unrollOf } from './unroll';

class LoopEmitter {
  private readonly accesses: LoopAccesses;
  private readonly sums: LoopSums;
  private readonly body: LoopBody;
  private readonly pointers: Pointers;
  private readonly sizes: readonly number[];
  private readonly last: number;
  private readonly unroll: number;
  private readonly partials: number;

  constructor(
    private readonly e: Emitter,
    private readonly nodes: readonly PlanNode[],
    private readonly blocks?: Blocks,
  ) {
    this.accesses = new LoopAccesses(e, nodes, blocks);
    const { accumulations, nest, pointers } = this.accesses;
    this.pointers = pointers;
    this.sizes = nest.sizes;
    this.last = nest.sizes.length - 1;
    this.unroll = unrollOf(nodes.length);
    this.partials = partialsOf(accumulations.length, nodes.length, this.unroll);
    this.sums = new LoopSums(e, accumulations, pointers, this.last, this.partials);
    this.body = new LoopBody(e, nodes, this.accesses, this.sums, this.last);
  }

  emit(): void {
    if (this.blocks === undefined) this.axis(0);
    else this.rowBlocks(this.blocks, sizeOf(this.nodes[0].space));
    this.sums.closeSingle();
  }

  private axis(axis: number): void {
    const { f } = this.e;
    this.sums.open(axis);
    this.pointers.enter(axis);
    if (axis === this.last) this.vectorAxis(this.sizes[axis]);
    else {
      const counter = f.variable(f.i32(this.sizes[axis]));
      f.loop((again) => {
        this.axis(axis + 1);
        this.pointers.advance(axis);
        this.sums.close(axis);
        const left = f.op('i32.sub', f.get(counter), f.i32(1));
        f.set(counter, left);
        f.branchIf(again, f.get(counter));
      });
    }
  }

  /** Blocks of rows, with other work before and after each. */
  private rowBlocks({ rows, groups, before, after }: Blocks, all: number): void {
    const { f } = this.e;
    this.sums.open(0);
    walkBlocks(this.e, all, rows, groups, {
      enter: (row) => this.pointers.enterAt(f.op('i32.div_u', row, f.i32(rows))),
      block: (row, count, next, group) => {
        before(row(), count, next);
        this.pointers.enter(1);
        this.vectorAxis(count);
        after(row(), count, group());
        this.pointers.advance(0);
      },
      leave: (group) => this.sums.setApart(group()),
    });
    if (groups !== null) this.sums.addGroups(groups.count);
  }

  private vectorAxis(n: number): void {
    const { f, lanes: l } = this.e;
    this.accesses.enterVectors(this.last);
    const perTurn = l.width * this.unroll;
    const turns = Math.floor(n / perTurn);
    if (turns > 1) {
      const counter = f.variable(f.i32(turns));
      f.loop((again) => {
        const loaded = new Map<string, Value>();
        const places = Array.from({ length: this.unroll }, (_, u): Place => {
          return {
            at: u * l.width,
            count: l.width,
            accumulator: u % this.partials,
            loaded,
            computed: new Map(),
          };
        });
        this.body.steps(places);
        this.pointers.advance(this.last, perTurn);
        f.set(counter, f.op('i32.sub', f.get(counter), f.i32(1)));
        f.branchIf(again, f.get(counter));
      });
    }
    const rest = n - (turns > 1 ? turns * perTurn : 0);
    let at = 0;
    for (; at + l.width <= rest; at += l.width) this.body.step(at, l.width);
    for (; at < rest; at++) this.body.step(at, 1);
    this.accesses.leaveVectors();
  }
}

/** @param blocks only for loops over one axis */
export function emitLoop(e: Emitter, nodes: readonly PlanNode[], blocks?: Blocks): void {
  new LoopEmitter(e, nodes, blocks).emit();
}
