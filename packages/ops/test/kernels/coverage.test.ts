import * as tfjs from '@tensorflow/tfjs';
import { kernels, sizeOf, type KernelName } from '@pyro-ts/ops';
import { eagerKernels } from '../../src/kernels/convolution';
import { dynamicKernels } from '../../src/kernels/unique';
import { cases, type CoreKernel } from '../gradients/cases';

/** Kernels of tfjs that ref64 does not have, by reason. An op that needs one says so by name. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'complex numbers': ['Complex', 'ComplexAbs', 'FFT', 'IFFT', 'Real', 'Imag'],
  images: [
    ...['CropAndResize', 'Draw', 'FlipLeftRight', 'FromPixels', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4'],
    ...['NonMaxSuppressionV5', 'ResizeBilinear', 'ResizeBilinearGrad', 'ResizeNearestNeighbor'],
    ...['ResizeNearestNeighborGrad', 'RotateWithOffset', 'Transform'],
  ],
  'other convolutions and normalisations': [
    ...['AvgPool3D', 'AvgPool3DGrad', 'Conv3D', 'Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2'],
    ...['DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropFilter', 'DepthwiseConv2dNativeBackpropInput'],
    ...['Dilation2D', 'Dilation2DBackpropFilter', 'Dilation2DBackpropInput', 'FusedBatchNorm', 'FusedConv2D'],
    ...['FusedDepthwiseConv2D', 'LRN', 'LRNGrad', 'MaxPool3D', 'MaxPool3DGrad', 'MaxPoolWithArgmax', 'Pool'],
    ...['BatchToSpaceND', 'SpaceToBatchND', 'DepthToSpace'],
  ],
  'strings, ragged and sparse tensors': [
    ...['RaggedGather', 'RaggedRange', 'RaggedTensorToTensor', 'SparseFillEmptyRows', 'SparseReshape'],
    ...['SparseSegmentMean', 'SparseSegmentSum', 'StaticRegexReplace', 'StringNGrams', 'StringSplit'],
    ...['StringToHashBucketFast', 'BroadcastArgs'],
  ],
  'random draws without a key': ['Multinomial'],
};

describe('the kernel table', () => {
  it('has every kernel of tfjs but those left out by name', () => {
    const names = Object.entries(tfjs).flatMap(([key, value]) => (key === value ? [key] : []));
    expect(names.length).toBeGreaterThan(150);
    const have = { ...kernels, ...eagerKernels, ...dynamicKernels };
    const missing = names.filter((name) => !Object.hasOwn(have, name)).sort();
    expect(missing).toEqual(Object.values(LEFT_OUT).flat().sort());
  });

  it.each(Object.keys(cases) as CoreKernel[])(
    '%s computes arrays of the inferred size and dtype, and does not write to its operands',
    (name) => {
      const spec = kernels[name as KernelName];
      for (const { inputs, attrs } of cases[name]) {
        const before = inputs.map((x) => x.data.slice());
        const outputs = spec.infer(inputs, attrs);
        const results = spec.compute(inputs, attrs, outputs);
        expect(results.map((y) => y.length)).toEqual(outputs.map((s) => sizeOf(s.shape)));
        const storage = { float32: Float64Array, int32: Int32Array, bool: Uint8Array };
        results.forEach((y, i) => expect(y).toBeInstanceOf(storage[outputs[i].dtype]));
        expect(inputs.map((x) => x.data)).toEqual(before);
      }
    },
  );
});
