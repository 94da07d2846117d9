import { expectClose } from '@pyro-ts/testing';
import { kernels, lift, scoped, tf, toNdArray, type KernelName, type NdArray } from '@pyro-ts/ops';
import { cases, type Case, type CoreKernel } from '../gradients/cases';

/**
 * tfjs's own CPU backend is the independent oracle, in its float32. Kernels it lacks or has otherwise:
 */
const NOT_COMPARED: Readonly<Partial<Record<CoreKernel, string>>> = {
  Xdivy: 'ours',
  StopGradient: 'ours',
  StridedSliceGrad: 'ours',
  GatherV2Grad: 'ours',
  MatrixBandPart: 'tfjs composes it',
  BroadcastTo: 'tfjs goes through Tile',
  LogicalXor: 'tfjs composes it',
  LowerBound: 'tfjs goes through SearchSorted',
  UpperBound: 'tfjs goes through SearchSorted',
  LogSoftmax: 'tfjs composes it',
  SparseToDense: 'tfjs reads a scalar default from its own storage',
};

/** Broadcasting that tfjs leaves to its wrappers, and ranks that its CPU kernels do not reach. */
const REFUSED = /not yet supported|not implemented|Rank|rank|broadcast|must match|shape/;

const inputMap = (name: KernelName, tensors: readonly tf.Tensor[]): tf.NamedTensorMap => {
  const { inputs } = kernels[name];
  if (inputs === 'list') return [...tensors] as unknown as tf.NamedTensorMap;
  return Object.fromEntries(tensors.map((t, i) => [inputs[i].replace('?', ''), t]));
};

function run(name: KernelName, { inputs, attrs }: Case): NdArray[] {
  return scoped(() => {
    const tensors = inputs.map((x) => lift(x));
    const result = tf
      .engine()
      .runKernel<tf.Tensor | tf.Tensor[]>(name, inputMap(name, tensors), attrs as tf.NamedAttrMap);
    return (Array.isArray(result) ? result : [result]).map(toNdArray);
  });
}

/** Where tfjs's kernel is known to want more, or to be wrong (found by this test, settled by hand). */
function isComparable(name: CoreKernel, { inputs, attrs }: Case): boolean {
  const sameShapes = inputs.every((x) => x.shape.join() === inputs[0]?.shape.join());
  // No broadcasting inside these kernels.
  if (name === 'Select' || name === 'EluGrad') return sameShapes;
  if (name === 'BatchMatMul' || name === '_FusedMatMul') {
    // Batches [2, 1] and [3]: tfjs returns half of the result.
    const [a, b] = inputs.map((x) => x.shape.slice(0, -2).join());
    return a === b || a === '' || b === '';
  }
  // tfjs sums letters that only one operand has wrongly: 'ij,j->' comes out with shape [3].
  if (name === 'Einsum') return !['ij,j->', 'ijk,l->l'].includes(attrs['equation'] as string);
  // tfjs forgets the strides of the other axes beside an index: [1, 0:4:3] gives [1, 0:2].
  return name !== 'StridedSlice' || attrs['shrinkAxisMask'] === 0;
}

describe('kernel values agree with tfjs on its CPU backend to float32', () => {
  let warn: jest.SpyInstance;
  beforeAll(() => {
    warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => tf.setBackend('ref64'));
  afterAll(() => warn.mockRestore());

  const compared = (Object.keys(cases) as CoreKernel[]).filter((name) => !(name in NOT_COMPARED));
  it.each(compared)('%s', async (name) => {
    let count = 0;
    const given = cases[name].filter((c) => isComparable(name, c));
    const ours = given.map((c) => run(name, c));
    await tf.setBackend('cpu');
    given.forEach((c, index) => {
      let theirs: NdArray[];
      try {
        theirs = run(name, c);
      } catch (error) {
        expect(String(error)).toMatch(REFUSED);
        return;
      }
      count++;
      const context = `${name} case ${index} ${JSON.stringify(c.attrs)}`;
      ours[index].forEach((y, k) => {
        expect([context, y.shape, y.dtype]).toEqual([context, theirs[k].shape, theirs[k].dtype]);
        expectClose(y.data, theirs[k].data, { rel: 2e-5, abs: 2e-6 }, context);
      });
    });
    expect([name, count > 0]).toEqual([name, true]);
  });
});

describe('where tfjs cannot serve as the oracle', () => {
  const values = (t: tf.Tensor): number[] => [...toNdArray(t).data];
  const counting = (...shape: number[]): tf.Tensor =>
    tf.tensor(Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i)).reshape(shape);

  it('matMul broadcasts batches in both directions', () => {
    const [a, b] = [counting(2, 1, 2, 3), counting(3, 3, 2)];
    const whole = tf.matMul(tf.tile(a, [1, 3, 1, 1]), tf.tile(b.reshape([1, 3, 3, 2]), [2, 1, 1, 1]));
    expect(values(tf.matMul(a, b))).toEqual(values(whole));
  });

  it('stridedSlice keeps the strides of other axes beside an index', () => {
    expect(values(tf.stridedSlice(counting(3, 4), [1, 0], [2, 4], [1, 3], 0, 0, 0, 0, 1))).toEqual([4, 7]);
  });

  it('einsum to a scalar, of a diagonal, of three operands', () => {
    expect(values(tf.einsum('ij,j->', counting(2, 3), counting(3)))).toEqual([5 + 14]);
    expect(values(tf.einsum('ii->i', counting(2, 2)))).toEqual([0, 3]);
    expect(values(tf.einsum('i,i,i->i', counting(3), counting(3), counting(3)))).toEqual([0, 1, 8]);
  });

  it('bandPart, broadcastTo, searches, logSoftmax', () => {
    expect(values(tf.linalg.bandPart(counting(3, 3), 0, -1))).toEqual([0, 1, 2, 0, 4, 5, 0, 0, 8]);
    expect(values(tf.broadcastTo(counting(2, 1), [2, 2]))).toEqual([0, 0, 1, 1]);
    expect(values(tf.lowerBound([1, 2, 4], [2, 3]))).toEqual([1, 2]);
    expect(values(tf.upperBound([1, 2, 4], [2, 3]))).toEqual([2, 2]);
    expectClose(
      values(tf.logSoftmax(counting(2, 2), 0)),
      [-2, -2, 0, 0].map((v) => v - Math.log1p(Math.exp(-2))),
    );
    expect(values(tf.logSoftmax(tf.tensor1d([-Infinity, 0])))).toEqual([-Infinity, 0]);
  });

  it('linspace of one point, sums over nothing', () => {
    expect(values(tf.linspace(0.3, 5, 1))).toEqual([0.3]);
    expect(values(tf.sum(tf.zeros([0, 2]), 0))).toEqual([0, 0]);
    expect(values(tf.max(tf.zeros([0])))).toEqual([-Infinity]);
    expect(tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])).shape).toEqual([2, 3]);
    expect(tf.concat([tf.zeros([0, 2]), tf.ones([1, 2])]).shape).toEqual([1, 2]);
  });

  it('NaN is kept by extrema, sums and comparisons as TensorFlow keeps it', () => {
    expect(values(tf.max([1, NaN, 3]))).toEqual([NaN]);
    expect(values(tf.maximum([1, NaN], [NaN, 1]))).toEqual([NaN, NaN]);
    expect(values(tf.relu([NaN, -1]))).toEqual([NaN, 0]);
    expect(values(tf.equal([NaN], [NaN]))).toEqual([0]);
    expect(values(tf.round([0.5, 1.5, -0.5, 2.5]))).toEqual([0, 2, -0, 2]);
  });
});
