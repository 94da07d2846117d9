import { lift } from '@pyro-ts/ops';
import { produce } from './produce';

describe('produce', () => {
  const base = { name: 'x', value: 1 as unknown, infer: { a: 1 } };

  it('returns a changed copy and leaves the original', () => {
    const changed = produce(base, (draft) => void (draft.name = 'y'));
    expect(changed).toEqual({ ...base, name: 'y' });
    expect(base.name).toBe('x');
    expect(changed.infer).toBe(base.infer);
  });

  it('returns the original if nothing changes', () => {
    expect(produce(base, () => undefined)).toBe(base);
  });

  it('freezes nothing: typed arrays can be held, arrays written, tensors disposed of', () => {
    const data = [1, 2];
    const tensor = lift(data);
    const changed = produce(
      base,
      (draft) => void (draft.value = { data, tensor, typed: new Float64Array(2) }),
    );
    expect([changed, data, base.infer].some((x) => Object.isFrozen(x))).toBe(false);
    tensor.dispose();
    expect(tensor.isDisposed).toBe(true);
  });
});
