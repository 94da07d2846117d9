/** Loads and stores of vectors, by dtype. */
import type { ValueDType } from '../../graph/graph';
import type { Value } from '../assembler';
import type { Extent, Lanes } from './lanes';

/** A pointer and a constant offset. */
export interface Address {
  readonly pointer: Value;
  readonly offset: number;
}

/** Where the element that lane `lane` of an index names lies, `step` bytes from one to the next. */
export function indexed(
  { f }: Lanes,
  { pointer, offset }: Address,
  index: Value,
  lane: number,
  step: number,
): Address {
  const element = f.lane('i32x4.extract_lane', lane, index);
  const log2 = Math.log2(step);
  const bytes = Number.isInteger(log2)
    ? f.op('i32.shl', element, f.i32(log2))
    : f.op('i32.mul', element, f.i32(step));
  return { pointer: f.op('i32.add', pointer, bytes), offset };
}

/** Bytes 0 or 1 → masks. `spread` is the shuffle that copies each byte over its lane. */
function masksOfBytes(l: Lanes, bytes: Value): Value {
  const { f } = l;
  const per = 16 / l.width;
  const spread = f.shuffle(
    bytes,
    bytes,
    Array.from({ length: 16 }, (_, i) => Math.floor(i / per)),
  );
  const zero = l.constant('int', 0);
  return l.not(l.width === 4 ? f.op('i32x4.eq', spread, zero) : f.op('i64x2.eq', spread, zero));
}

/** Consecutive elements; beyond the extent lanes are 0 (or copies). */
export function loadVector(l: Lanes, dtype: ValueDType, { pointer, offset }: Address, extent: Extent): Value {
  const { f } = l;
  if (dtype === 'bool') {
    if (extent === 'first') return loadSplat(l, dtype, { pointer, offset });
    return masksOfBytes(
      l,
      f.load(l.width === 4 ? 'v128.load32_splat' : 'v128.load16_splat', pointer, offset),
    );
  }
  if (extent === 'first')
    return f.load(l.bytesOf(dtype) === 8 ? 'v128.load64_zero' : 'v128.load32_zero', pointer, offset);
  return f.load(dtype === 'int' && l.width === 2 ? 'v128.load64_zero' : 'v128.load', pointer, offset);
}

/** One element in all lanes. */
export function loadSplat(l: Lanes, dtype: ValueDType, { pointer, offset }: Address): Value {
  const { f } = l;
  if (dtype === 'bool') return masksOfBytes(l, f.load('v128.load8_splat', pointer, offset));
  return f.load(l.bytesOf(dtype) === 8 ? 'v128.load64_splat' : 'v128.load32_splat', pointer, offset);
}

/** Elements from anywhere, one address a lane; missing ones repeat the first. */
export function loadGather(l: Lanes, dtype: ValueDType, addresses: readonly Address[]): Value {
  const { f } = l;
  if (dtype === 'bool') {
    const masks = addresses.map((a) => loadSplat(l, dtype, a));
    while (masks.length < l.width) masks.push(masks[0]);
    return l.pick(
      dtype,
      masks,
      masks.map((_, i) => i),
    );
  }
  const wide = l.bytesOf(dtype) === 8;
  let vector = loadSplat(l, dtype, addresses[0]);
  for (let lane = 1; lane < addresses.length; lane++) {
    const { pointer, offset } = addresses[lane];
    vector = f.loadLane(wide ? 'v128.load64_lane' : 'v128.load32_lane', lane, pointer, offset, vector);
  }
  return vector;
}

/** Stores the first `count` lanes at consecutive places. */
export function storeLanes(
  l: Lanes,
  dtype: ValueDType,
  { pointer, offset }: Address,
  value: Value,
  count: number,
  keep?: { needed: boolean },
): void {
  const { f } = l;
  const options = keep === undefined ? {} : { keep };
  const bytes = l.bytesOf(dtype);
  if (dtype === 'bool') {
    const per = 16 / l.width;
    const packed = f.shuffle(
      value,
      value,
      Array.from({ length: 16 }, (_, i) => (i * per) % 16),
    );
    const ones = l.and(
      packed,
      f.invariant('bytes1', () => f.load('v128.load', f.i32(0), l.env.memory.int32(0x01010101))),
    );
    if (count === l.width) {
      f.store(l.width === 4 ? 'v128.store32_lane' : 'v128.store16_lane', pointer, ones, offset, options);
    } else {
      for (let i = 0; i < count; i++)
        f.store('v128.store8_lane', pointer, ones, offset + i, { lane: i, ...options });
    }
    return;
  }
  if (count * bytes === 16) f.store('v128.store', pointer, value, offset, options);
  else if (count * bytes === 8 && bytes === 4) f.store('v128.store64_lane', pointer, value, offset, options);
  else {
    const name = bytes === 8 ? 'v128.store64_lane' : 'v128.store32_lane';
    for (let i = 0; i < count; i++)
      f.store(name, pointer, value, offset + i * bytes, { lane: i, ...options });
  }
}

/** Adds lane by lane at the places that an index names, which may be equal. */
export function addAt(
  l: Lanes,
  start: Address,
  index: Value,
  value: Value,
  { count, bytes }: { count: number; bytes: number },
): void {
  const { f } = l;
  const [load, store] =
    bytes === 8
      ? (['v128.load64_lane', 'v128.store64_lane'] as const)
      : (['v128.load32_lane', 'v128.store32_lane'] as const);
  for (let lane = 0; lane < count; lane++) {
    const { pointer, offset } = indexed(l, start, index, lane, bytes);
    const before = f.loadLane(load, lane, pointer, offset, value);
    f.store(store, pointer, l.op('add', before, value), offset, { lane });
  }
}
