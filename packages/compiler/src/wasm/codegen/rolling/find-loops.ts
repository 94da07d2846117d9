/** Stretches of units that are turns of one loop. */
import type { ValueId } from '../../../graph/graph';
import type { Plan, PlanNode } from '../plan';
import type { Unit } from '../schedule';
import { eachPeriod, type Period } from './periods';
import { isKnownOperand } from './signatures';

/** Turns are the units from `start` on, `length` each. */
export interface Turns {
  readonly start: number;
  readonly length: number;
  readonly count: number;
}

/** Longer bodies would not be a loop that somebody wrote. */
const longest = 1024;
const fewestTurns = 8;
/** Code that is shorter than this is as fast written out. */
const fewestNodes = 512;

/** An operand that is not a result of the same turn: of which part of memory it is. */
const enum Outside {
  constant = -2,
  work = -1,
}

export class LoopFinder {
  /** Which unit computes a value. */
  readonly unitOf: Int32Array;

  constructor(
    private readonly plan: Plan,
    private readonly units: readonly Unit[],
    /** Of nodes, by their index. */
    private readonly numbers: Int32Array,
  ) {
    this.unitOf = new Int32Array(plan.values.length).fill(-1);
    units.forEach(({ nodes }, u) => {
      for (const { outputs } of nodes) for (const output of outputs) this.unitOf[output] = u;
    });
  }

  /** From left to right. */
  all(): Turns[] {
    const found: Turns[] = [];
    // What is never repeated has a number of its own.
    const sequence = Int32Array.from(this.units, ({ nodes: [node] }, u) => {
      const number = this.numbers[node.index] ?? -1;
      return number < 0 ? -u - 1 : number;
    });
    eachPeriod(sequence, { longest, fewestTurns }, (period) => {
      const turns = this.turnsOf(period);
      if (turns === undefined) return undefined;
      found.push(turns);
      return turns.start + turns.count * turns.length;
    });
    return found;
  }

  /** Where an operand comes from, seen from a turn: the unit of the turn, or from outside. */
  private origin(value: ValueId, start: number): number {
    const u = this.unitOf[value];
    if (u >= start) return u - start;
    return this.plan.constants.has(value) ? Outside.constant : Outside.work;
  }

  private nodeAt(u: number): PlanNode {
    return this.units[u].nodes[0];
  }

  /** Whether two turns are the same within themselves. */
  private isLike(a: number, b: number, length: number): boolean {
    for (let i = 0; i < length; i++) {
      const [x, y] = [this.nodeAt(a + i), this.nodeAt(b + i)];
      for (let k = 0; k < x.operands.length; k++) {
        const [v, w] = [x.operands[k], y.operands[k]];
        if (v.literal !== undefined || isKnownOperand(x, k)) continue;
        const origin = this.origin(v.root, a);
        if (origin !== this.origin(w.root, b) || (origin >= 0 && v.offset !== w.offset)) return false;
      }
    }
    return true;
  }

  /** Where to cut: as few values as can be go from one turn into the next. */
  private bestCut({ start, end, length }: Period): number {
    const middle = start + Math.floor((end - start) / (2 * length)) * length;
    /** Changes in the number of values that are alive, by position. */
    const steps = new Int32Array(length + 1);
    let around = 0;
    for (let i = 0; i < length; i++) {
      for (const { root, literal } of this.nodeAt(middle + i).operands) {
        const reach = literal === undefined ? middle + i - this.unitOf[root] : Infinity;
        if (reach >= length || reach < 1) continue;
        // Alive before the units i − reach + 1 … i.
        const first = i - reach + 1;
        if (first < 0) {
          around++;
          steps[0]++;
          steps[i + 1]--;
          steps[first + length]++;
          steps[length]--;
        } else {
          steps[first]++;
          steps[i + 1]--;
        }
      }
    }
    let [best, fewest, alive] = [0, Infinity, 0];
    for (let i = 0; i < length; i++) {
      alive += steps[i];
      if (alive < fewest) [best, fewest] = [i, alive];
    }
    return around === 0 ? 0 : best;
  }

  /** The longest run of equal turns around the middle of a stretch. */
  private turnsOf(period: Period): Turns | undefined {
    const { end, length } = period;
    const start = period.start + this.bestCut(period);
    const count = Math.floor((end - start) / length);
    const middle = Math.floor(count / 2);
    const reference = start + middle * length;
    let first = middle;
    while (first > 0 && this.isLike(reference, start + (first - 1) * length, length)) first--;
    let last = middle;
    while (last + 1 < count && this.isLike(reference, start + (last + 1) * length, length)) last++;
    const found = last - first + 1;
    if (found < fewestTurns || found * length < fewestNodes) return undefined;
    return { start: start + first * length, length, count: found };
  }
}
