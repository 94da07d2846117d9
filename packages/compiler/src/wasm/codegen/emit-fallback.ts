/** Kernels without a lowering: JavaScript's `compute` on views of the memory. Correct for everything, fast for nothing. */
import type { Emitter, StoredValue } from './emitter';
import type { PlanNode } from './plan';

export function emitFallback(e: Emitter, node: PlanNode, onlyErrors = false): void {
  const { context, f } = e;
  const stored = (value: number, offset: number, shape: readonly number[]): StoredValue => {
    e.keepOf(value).needed = true;
    const place = e.placeOf(value);
    return { ...place, address: place.address + offset * e.bytesOf(value), type: { ...place.type, shape } };
  };
  const call = {
    kernel: node.kernel,
    attrs: node.attrs,
    inputs: node.operands.map((view) => stored(view.root, view.offset, view.shape)),
    outputs: node.outputs.map((output) => stored(output, 0, e.typeOf(output).shape)),
    onlyErrors,
  };
  const index = context.fallbacks.push(call) - 1;
  f.call(context.fallback, f.i32(index), e.base);
}
