/** The CPU backend that keeps `Float64Array`s under tfjs's `float32` label. */
import * as tfjs from '@tensorflow/tfjs';
import type { DType, NumericArray, Shape } from '../data/nd-array';
import { ValueError } from '../errors';

export const REF64 = 'ref64';

interface Stored {
  readonly values: NumericArray;
  references: number;
}

/** Values in the storage class of their dtype; arrays that already are pass through without a copy. */
function store(values: ArrayLike<number>, dtype: tfjs.DataType): NumericArray {
  switch (dtype) {
    case 'float32':
      return values instanceof Float64Array ? values : new Float64Array(values);
    case 'int32':
      return values instanceof Int32Array ? values : new Int32Array(values);
    case 'bool':
      return values instanceof Uint8Array ? values : new Uint8Array(values);
    case 'string':
      return values as unknown as NumericArray; // Encoded strings are only carried, never computed with.
    case 'complex64':
      break;
    default:
      dtype satisfies never;
  }
  throw new ValueError(
    `backend '${REF64}' does not store ${dtype}\n  Fix: run complex-valued code on another backend, with tf.setBackend('cpu').`,
  );
}

export class Ref64Backend extends tfjs.KernelBackend {
  private readonly data = new tfjs.DataStorage<Stored>(this, tfjs.engine());

  override write(values: tfjs.backend_util.BackendValues, _shape: number[], dtype: tfjs.DataType): object {
    const dataId = {};
    this.data.set(dataId, { values: store(values as NumericArray, dtype), references: 1 });
    return dataId;
  }

  /** Stores a kernel's result without a copy. */
  adopt(values: NumericArray, shape: Shape, dtype: DType): tfjs.TensorInfo {
    const dataId = {};
    this.data.set(dataId, { values, references: 1 });
    return { dataId, shape: shape as number[], dtype };
  }

  /** The stored array itself; not to be written to. */
  values(dataId: object): NumericArray {
    return this.data.get(dataId).values;
  }

  override move(
    dataId: object,
    values: tfjs.backend_util.BackendValues,
    _shape: number[],
    dtype: tfjs.DataType,
    references: number,
  ): void {
    this.data.set(dataId, { values: store(values as NumericArray, dtype), references });
  }

  override readSync(dataId: object): Float32Array {
    return this.values(dataId) as Float32Array;
  }

  override read(dataId: object): Promise<Float32Array> {
    return Promise.resolve(this.readSync(dataId));
  }

  override incRef(dataId: object): void {
    this.data.get(dataId).references++;
  }

  override refCount(dataId: object): number {
    return this.data.has(dataId) ? this.data.get(dataId).references : 0;
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const stored = this.data.get(dataId);
    stored.references--;
    if (!force && stored.references > 0) return false;
    this.data.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean; reasons: string[] } {
    return { unreliable: true, reasons: ['float32 is stored in 8 bytes an element, and counted as 4.'] };
  }

  override time(f: () => void): Promise<tfjs.BackendTimingInfo> {
    const start = tfjs.util.now();
    f();
    return Promise.resolve({ kernelMs: tfjs.util.now() - start } as tfjs.BackendTimingInfo);
  }

  /** 64 bits, which tfjs's type has no word for. `lift` asks this of the active backend. */
  override floatPrecision(): 32 {
    return 64 as unknown as 32;
  }

  override epsilon(): number {
    return Number.EPSILON;
  }

  override timerAvailable(): boolean {
    return true;
  }

  override dispose(): void {}
}
