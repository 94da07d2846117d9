/** Copies a window into a box of the output. */
import type { ValueDType } from '../../../graph/graph';
import type { KernelContext } from '../kernel-context';
import { shapeNest } from '../loop-nest';
import { loadGather, loadSplat, loadVector, storeLanes } from '../memory-lanes';
import { Pointers } from '../pointers';
import type { View } from '../view';

/** @param strides of the output, in elements, along the axes of the view; @param offset of the box's first element */
export function copyBlock(
  c: KernelContext,
  view: View,
  dtype: ValueDType,
  strides: readonly number[],
  offset: number,
): void {
  const { e, lanes: l } = c;
  const from = { strides: [...view.strides] };
  const to = { strides: [...strides] };
  const { sizes } = shapeNest(view.shape, [from, to]);
  const pointers = new Pointers(e);
  const [output] = c.node.outputs;
  e.keepOf(view.root).needed = true;
  e.keepOf(output).needed = true;
  const source = pointers.add(e.placeOf(view.root), view.offset, from.strides, e.bytesOf(view.root));
  const target = pointers.add(e.placeOf(output), offset, to.strides, e.bytesOf(output));
  const last = sizes.length - 1;

  const move = (at: number, count: number): void => {
    const here = (lane: number) => pointers.at(source, last, at + lane);
    const contiguous = from.strides[last] === 1;
    const lanes = Array.from({ length: count }, (_, i) => i);
    const value =
      count === 1
        ? loadSplat(l, dtype, here(0))
        : contiguous
          ? loadVector(l, dtype, here(0), 'vector')
          : loadGather(l, dtype, lanes.map(here));
    if (count === 1 || to.strides[last] === 1) {
      return storeLanes(l, dtype, pointers.at(target, last, at), value, count);
    }
    for (const lane of lanes) {
      const one = l.pick(
        dtype,
        lanes.map(() => value),
        lanes.map(() => lane),
      );
      storeLanes(l, dtype, pointers.at(target, last, at + lane), one, 1);
    }
  };

  const walk = (axis: number): void => {
    pointers.enter(axis);
    if (axis < last) {
      c.range(sizes[axis], 1, () => {
        walk(axis + 1);
        pointers.advance(axis);
      });
      return;
    }
    const vectors = Math.floor(sizes[axis] / l.width);
    if (vectors > 4) {
      c.range(vectors, 1, () => {
        move(0, l.width);
        pointers.advance(axis, l.width);
      });
    }
    let at = 0;
    const rest = sizes[axis] - (vectors > 4 ? vectors * l.width : 0);
    for (; at + l.width <= rest; at += l.width) move(at, l.width);
    for (; at < rest; at++) move(at, 1);
  };
  walk(0);
}
