import * as tfjs from '@tensorflow/tfjs';
import {
  fromNdArray,
  isConcrete,
  isNdArray,
  isTensor,
  lift,
  toData,
  toNdArray,
  toNested,
  withLabel,
} from '..';

describe('lift', () => {
  it('passes tensors through, and casts them to another dtype', () => {
    const x = lift([1.5, 0]);
    expect(lift(x)).toBe(x);
    expect(lift(x, 'int32').dtype).toBe('int32');
    expect([...lift(x, 'bool').dataSync()]).toEqual([1, 0]);
  });

  it('infers shape and dtype from nesting and the first leaf', () => {
    expect(lift(1)).toMatchObject({ shape: [], dtype: 'float32' });
    expect(lift(true)).toMatchObject({ shape: [], dtype: 'bool' });
    expect(lift([[1, 2, 3]])).toMatchObject({ shape: [1, 3], dtype: 'float32' });
    expect(lift([Int32Array.of(1, 2), [3, 4]])).toMatchObject({ shape: [2, 2], dtype: 'int32' });
    expect(lift([])).toMatchObject({ shape: [0], dtype: 'float32' });
    expect(lift([[], []])).toMatchObject({ shape: [2, 0] });
    expect(lift([1, 0, 2], 'bool').dataSync()).toEqual(Uint8Array.of(1, 0, 1));
  });

  it('does not see later writes to the array', () => {
    const data = Float64Array.of(0.1, 0.2);
    const x = lift(data);
    data[0] = 7;
    expect(x.dataSync()[0]).toBe(0.1);
    toNdArray(x).data[0] = 7;
    expect(x.dataSync()[0]).toBe(0.1);
  });

  it('keeps every double', () => {
    const extremes = [0.1, Number.MIN_VALUE, Number.MAX_VALUE, -0, Infinity, NaN, 1 + Number.EPSILON];
    expect([...toNdArray(lift(extremes)).data]).toEqual(extremes);
  });

  it('names what is ragged or no number, and the label on whose behalf', () => {
    expect(() => lift([[1, 2], [3]])).toThrow('shape [2, 2], but an item at depth 1 is 1 elements');
    expect(() => lift([1, [2]])).toThrow('ragged');
    expect(() => withLabel('mu', () => lift(['a'] as unknown as number[]))).toThrow(
      "at site 'mu': cannot make a tensor of text: 'a'",
    );
    expect(() => lift({ data: Float64Array.of(1), shape: [2], dtype: 'float32' })).toThrow(
      'cannot have shape [2]',
    );
  });
});

describe('plain data', () => {
  it('goes in and out of tensors unchanged', () => {
    const nd = toData([
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    expect(isNdArray(nd) && !isTensor(nd)).toBe(true);
    expect(toNdArray(fromNdArray(nd))).toEqual(nd);
    expect(toNested(nd)).toEqual([
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    expect(toNested(toData(5))).toBe(5);
  });

  it('refuses strings', () => {
    expect(() => toNdArray(tfjs.tensor(['a']))).toThrow('dtype string');
  });
});

describe('isConcrete', () => {
  it('is true for numbers and tensors with values, false on the tracing backend', () => {
    expect(isConcrete(1)).toBe(true);
    const x = lift([1]);
    expect(isConcrete(x)).toBe(true);
    class Tracing extends tfjs.KernelBackend {
      override write(): object {
        return {};
      }
      override floatPrecision(): 32 {
        return 32;
      }
      override disposeData(): boolean {
        return true;
      }
      override dispose(): void {}
    }
    tfjs.registerBackend('trace', () => new Tracing(), -1);
    void tfjs.setBackend('trace');
    const traced = lift([1]);
    void tfjs.setBackend('ref64');
    expect([isConcrete(traced), isConcrete(x)]).toEqual([false, true]);
    traced.dispose();
    tfjs.removeBackend('trace');
  });
});
