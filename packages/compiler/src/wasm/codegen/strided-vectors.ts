/** Vectors read and written along the last axis of a loop, at any stride. */
import type { ValueDType } from '../../graph/graph';
import type { Value } from '../assembler';
import type { Lanes } from './lanes';
import { loadGather, loadSplat, loadVector, storeLanes } from './memory-lanes';
import type { Pointer, Pointers } from './pointers';

export class StridedVectors {
  constructor(
    private readonly l: Lanes,
    private readonly pointers: Pointers,
    private readonly axis: number,
  ) {}

  /** The first `count` lanes of the vector that begins `at` elements further. */
  read(pointer: Pointer, dtype: ValueDType, at: number, count: number): Value {
    const { l } = this;
    const here = (lane: number) => this.pointers.at(pointer, this.axis, at + lane);
    if (count === 1) return loadSplat(l, dtype, here(0));
    if (this.isContiguous(pointer, dtype)) return loadVector(l, dtype, here(0), 'vector');
    return loadGather(
      l,
      dtype,
      Array.from({ length: count }, (_, lane) => here(lane)),
    );
  }

  store(pointer: Pointer, dtype: ValueDType, at: number, value: Value, count: number): void {
    const { l } = this;
    if (count === 1 || this.isContiguous(pointer, dtype))
      return storeLanes(l, dtype, this.pointers.at(pointer, this.axis, at), value, count);
    for (let lane = 0; lane < count; lane++) {
      const moved =
        lane === 0
          ? value
          : l.pick(dtype, Array<Value>(l.width).fill(value), Array<number>(l.width).fill(lane));
      storeLanes(l, dtype, this.pointers.at(pointer, this.axis, at + lane), moved, 1);
    }
  }

  private isContiguous(pointer: Pointer, dtype: ValueDType): boolean {
    return this.pointers.strideOf(pointer, this.axis) === this.l.bytesOf(dtype);
  }
}
