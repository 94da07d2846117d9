/** Values of a few elements: straight-line code, kept in registers as long as the function lasts. */
import { sizeOf, type Shape } from '@pyro-ts/ops';
import type { ValueDType } from '../../graph/graph';
import type { Value } from '../assembler';
import type { Emitter } from './emitter';
import type { Elementwise, Reduction } from './lowering';
import { loadGather, loadSplat, loadVector, storeLanes } from './memory-lanes';
import type { PlanNode } from './plan';
import { broadcastStrides, elementOffset, type View } from './view';

/** The vector of the elements at the given offsets in the view's root. Missing lanes repeat the first. */
export function readOffsets(e: Emitter, view: View, offsets: readonly number[]): Value {
  const { lanes: l } = e;
  const { dtype } = e.typeOf(view.root);
  if (view.literal !== undefined) return l.constant(dtype, view.literal);
  const consecutive = offsets.every((o, j) => o === offsets[0] + j);
  const chunks = e.registers.get(view.root);
  const size = sizeOf(e.typeOf(view.root).shape);
  if (chunks !== undefined) {
    if (size === 1) return chunks[0];
    const valid = Math.min(l.width, size - offsets[0]);
    if (consecutive && offsets[0] % l.width === 0 && offsets.length === valid) {
      return chunks[offsets[0] / l.width];
    }
  }
  const key = `${view.root}:${offsets.join(',')}`;
  let vector = e.patterns.get(key);
  if (vector === undefined) {
    vector =
      chunks === undefined
        ? (e.reader?.read(view, offsets) ?? loadOffsets(e, view, offsets, consecutive))
        : pickOffsets(e, dtype, chunks, offsets);
    e.patterns.set(key, vector);
  }
  return vector;
}

function pickOffsets(
  e: Emitter,
  dtype: ValueDType,
  chunks: readonly Value[],
  offsets: readonly number[],
): Value {
  const { width } = e.lanes;
  const full = Array.from({ length: width }, (_, j) => offsets[j] ?? offsets[0]);
  return e.lanes.pick(
    dtype,
    full.map((o) => chunks[Math.floor(o / width)]),
    full.map((o) => o % width),
  );
}

function loadOffsets(e: Emitter, view: View, offsets: readonly number[], consecutive: boolean): Value {
  const { lanes: l } = e;
  const { dtype } = e.typeOf(view.root);
  const address = (o: number) => e.addressOf(view.root, o);
  if (offsets.every((o) => o === offsets[0])) return loadSplat(l, dtype, address(offsets[0]));
  if (consecutive && offsets.length === l.width) return loadVector(l, dtype, address(offsets[0]), 'vector');
  return loadGather(l, dtype, offsets.map(address));
}

/** Element offsets of chunk `c` of a view that is broadcast to a shape. */
function chunkOffsets(e: Emitter, view: View, shape: Shape, c: number): number[] {
  const { width } = e.lanes;
  const n = sizeOf(shape);
  const strides = broadcastStrides(view, shape);
  const offsets: number[] = [];
  for (let i = c * width; i < Math.min(n, (c + 1) * width); i++) {
    offsets.push(elementOffset(i, shape, strides, view.offset));
  }
  return offsets;
}

/** Remembers the vectors of a value and stores them, in case something needs them in memory. */
export function writeChunks(e: Emitter, node: PlanNode, chunks: Value[]): void {
  const [output] = node.outputs;
  const { dtype, shape } = e.typeOf(output);
  const n = sizeOf(shape);
  const { width } = e.lanes;
  e.registers.set(output, chunks);
  if (e.reader !== null && !e.moving.has(output)) return;
  const keep = e.keepOf(output);
  chunks.forEach((chunk, c) => {
    storeLanes(e.lanes, dtype, e.target(output, c * width), chunk, Math.min(width, n - c * width), keep);
  });
}

/** A chunk of a gather at known places: these elements of operand 0. */
function gatherChunk(e: Emitter, node: PlanNode, c: number): Value {
  const [source, indices] = node.operands;
  const known = e.plan.constants.get(indices.root) ?? [];
  const offsets = chunkOffsets(e, indices, node.space, c).map((at) => {
    return source.offset + (indices.literal ?? known[at]) * source.strides[0];
  });
  return readOffsets(e, source, offsets);
}

function emitElementwise(e: Emitter, node: PlanNode, lowering: Elementwise): void {
  const { dtype } = e.typeOf(node.outputs[0]);
  const count = Math.ceil(sizeOf(node.space) / e.lanes.width);
  const chunks = Array.from({ length: count }, (_, c) => {
    if (lowering.gathers === true) return gatherChunk(e, node, c);
    const args = node.operands.map((view) => ({
      value: readOffsets(e, view, chunkOffsets(e, view, node.space, c)),
      dtype: e.typeOf(view.root).dtype,
    }));
    return lowering.emit(e.lanes, args, dtype, node.attrs);
  });
  writeChunks(e, node, chunks);
}

/** The whole of a value to one element: vectors first, then across lanes. */
function reduceAll(e: Emitter, node: PlanNode, lowering: Reduction): Value {
  const { lanes: l } = e;
  const [view] = node.operands;
  const { dtype } = e.typeOf(node.outputs[0]);
  const combine = (a: Value, b: Value): Value => lowering.combine(l, a, b, dtype);
  const n = sizeOf(node.space);
  let total: Value | null = null;
  for (let c = 0; c * l.width < n; c++) {
    const raw = readOffsets(e, view, chunkOffsets(e, view, node.space, c));
    let chunk = l.convert({ value: raw, dtype: e.typeOf(view.root).dtype }, dtype);
    const valid = n - c * l.width;
    if (valid < l.width)
      chunk = l.select(l.laneMask(valid, dtype), chunk, l.constant(dtype, lowering.identity(dtype)));
    total = total === null ? chunk : combine(total, chunk);
  }
  return l.horizontal(dtype, total as Value, combine);
}

function emitReduction(e: Emitter, node: PlanNode, lowering: Reduction): void {
  const { lanes: l } = e;
  const [view] = node.operands;
  const [output] = node.outputs;
  const { dtype, shape } = e.typeOf(output);
  const outSize = sizeOf(shape);
  const reducedSize = sizeOf(node.space) / outSize;
  if (outSize === 1 && reducedSize > 1) return writeChunks(e, node, [reduceAll(e, node, lowering)]);

  const kept = node.space.map((_, i) => i).filter((i) => !node.axes.includes(i));
  const part = (axes: readonly number[]) => ({
    shape: axes.map((i) => node.space[i]),
    strides: axes.map((i) => view.strides[i]),
  });
  const outer = part(kept);
  const inner = part(node.axes);
  const from = e.typeOf(view.root).dtype;
  const chunks: Value[] = [];
  for (let start = 0; start < outSize; start += l.width) {
    const count = Math.min(l.width, outSize - start);
    let total: Value | null = null;
    for (let r = 0; r < reducedSize; r++) {
      const shift = elementOffset(r, inner.shape, inner.strides, 0);
      const offsets = Array.from({ length: count }, (_, j) =>
        elementOffset(start + j, outer.shape, outer.strides, view.offset + shift),
      );
      const x = l.convert({ value: readOffsets(e, view, offsets), dtype: from }, dtype);
      total = total === null ? x : lowering.combine(l, total, x, dtype);
    }
    chunks.push(total as Value);
  }
  writeChunks(e, node, chunks);
}

export function emitTiny(e: Emitter, node: PlanNode): void {
  if (node.lowering.kind === 'elementwise') emitElementwise(e, node, node.lowering);
  else if (node.lowering.kind === 'reduction') emitReduction(e, node, node.lowering);
}
