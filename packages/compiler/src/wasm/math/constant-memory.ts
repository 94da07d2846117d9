/** The part of memory that never changes: vector constants, tables of elementary functions, constants of the graph. */

const alignment = 16;

export class ConstantMemory {
  private readonly chunks: { readonly address: number; readonly bytes: Uint8Array }[] = [];
  private readonly known = new Map<string, number>();
  private end: number;

  /** @param start first free address; 0 is never used, so that no address is falsy */
  constructor(start = alignment) {
    this.end = start;
  }

  get byteLength(): number {
    return this.end;
  }

  /** Places bytes once per key. */
  place(key: string, make: () => ArrayBufferView): number {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const view = make();
    const address = this.end;
    this.chunks.push({ address, bytes: new Uint8Array(view.buffer, view.byteOffset, view.byteLength) });
    this.end = Math.ceil((address + view.byteLength) / alignment) * alignment;
    this.known.set(key, address);
    return address;
  }

  /** Address of a double. */
  float64(value: number): number {
    return this.place(`f64:${Object.is(value, -0) ? '-0' : value}`, () => Float64Array.of(value, value));
  }

  float32(value: number): number {
    return this.place(`f32:${Object.is(value, -0) ? '-0' : value}`, () =>
      Float32Array.of(value, value, value, value),
    );
  }

  /** Address of a 64-bit pattern. */
  bits64(value: bigint): number {
    return this.place(`i64:${value}`, () =>
      BigInt64Array.of(BigInt.asIntN(64, value), BigInt.asIntN(64, value)),
    );
  }

  int32(value: number): number {
    return this.place(`i32:${value}`, () => Int32Array.of(value, value, value, value));
  }

  /** Everything placed, as one image that starts at address 0. */
  image(): Uint8Array<ArrayBuffer> {
    const image = new Uint8Array(this.end);
    for (const { address, bytes } of this.chunks) image.set(bytes, address);
    return image;
  }
}
