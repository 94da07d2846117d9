import { kernels } from '@pyro-ts/ops';

const vector = { shape: [3], dtype: 'float32' } as const;
const matrix = { shape: [3, 2], dtype: 'float32' } as const;

describe('the shape rule of Concat', () => {
  it('adds up the sizes along the axis', () => {
    expect(kernels.Concat.infer([matrix, matrix], { axis: 1 })[0].shape).toEqual([3, 4]);
  });

  it('refuses operands of different ranks, naming both shapes', () => {
    expect(() => kernels.Concat.infer([vector, matrix], { axis: 0 })).toThrow(
      'shapes [3], [3, 2] differ outside axis 0',
    );
    expect(() => kernels.Concat.infer([matrix, vector], { axis: 1 })).toThrow(
      'shapes [3, 2], [3] differ outside axis 1',
    );
  });
});
