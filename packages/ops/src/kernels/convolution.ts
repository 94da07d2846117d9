/**
 * Two-dimensional convolution and pooling (channels last), for eager runs. They are rows like those of the table, but
 * outside of it: the compiler does not take them yet, so a model that uses them runs on `ref64` uncompiled.
 */
import { backend_util } from '@tensorflow/tfjs';
import type { Shape } from '../data/nd-array';
import { ValueError } from '../errors';
import type { Attrs, KernelSpec } from './kernel';

type Info = backend_util.Conv2DInfo;
type Four = [number, number, number, number];

function convolutionInfo(x: Shape, filter: Shape, attrs: Attrs): Info {
  const format = attrs['dataFormat'] as string | undefined;
  if (format !== undefined && format !== 'NHWC') {
    throw new ValueError(
      `convolution with dataFormat '${format}' does not run on ref64\n  Fix: transpose to NHWC.`,
    );
  }
  const [strides, dilations] = [attrs['strides'] as number, (attrs['dilations'] ?? 1) as number];
  const rounding = attrs['dimRoundingMode'] as 'floor' | undefined;
  return backend_util.computeConv2DInfo(
    x as Four,
    filter as Four,
    strides,
    dilations,
    attrs['pad'] as 'same',
    rounding,
  );
}

function poolInfo(x: Shape, attrs: Attrs): Info {
  const [size, strides] = [attrs['filterSize'] as number, attrs['strides'] as number];
  const rounding = attrs['dimRoundingMode'] as 'floor' | undefined;
  return backend_util.computePool2DInfo(x as Four, size, strides, 1, attrs['pad'] as 'same', rounding);
}

/** Visits every pair of output place and filter tap that lies inside the input, as offsets of their channel 0. */
function eachTap(info: Info, visit: (y: number, x: number, tap: number) => void): void {
  const { batchSize, outHeight, outWidth, inHeight, inWidth, filterHeight, filterWidth } = info;
  for (let b = 0; b < batchSize; b++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        const y = ((b * outHeight + row) * outWidth + column) * info.outChannels;
        for (let i = 0; i < filterHeight; i++) {
          const r = row * info.strideHeight - info.padInfo.top + i * info.dilationHeight;
          if (r < 0 || r >= inHeight) continue;
          for (let j = 0; j < filterWidth; j++) {
            const c = column * info.strideWidth - info.padInfo.left + j * info.dilationWidth;
            if (c < 0 || c >= inWidth) continue;
            visit(y, ((b * inHeight + r) * inWidth + c) * info.inChannels, i * filterWidth + j);
          }
        }
      }
    }
  }
}

/** Calls `f` for every product of the convolution: y += x · filter. */
function eachProduct(info: Info, f: (y: number, x: number, filter: number) => void): void {
  const { inChannels, outChannels } = info;
  eachTap(info, (y, x, tap) => {
    for (let i = 0; i < inChannels; i++) {
      const from = (tap * inChannels + i) * outChannels;
      for (let o = 0; o < outChannels; o++) f(y + o, x + i, from + o);
    }
  });
}

const conv2D: KernelSpec = {
  inputs: ['x', 'filter'],
  infer: ([x, filter], attrs) => [
    { shape: convolutionInfo(x.shape, filter.shape, attrs).outShape, dtype: 'float32' },
  ],
  compute([x, filter], attrs) {
    const info = convolutionInfo(x.shape, filter.shape, attrs);
    const y = new Float64Array(info.outShape.reduce((a, b) => a * b, 1));
    eachProduct(info, (at, from, weight) => (y[at] += x.data[from] * filter.data[weight]));
    return [y];
  },
};

const conv2DBackpropInput: KernelSpec = {
  inputs: ['dy', 'filter'],
  infer: (_inputs, attrs) => [{ shape: attrs['inputShape'] as number[], dtype: 'float32' }],
  compute([dy, filter], attrs, [out]) {
    const dx = new Float64Array(out.shape.reduce((a, b) => a * b, 1));
    const info = convolutionInfo(out.shape, filter.shape, attrs);
    eachProduct(info, (y, x, weight) => (dx[x] += dy.data[y] * filter.data[weight]));
    return [dx];
  },
};

const conv2DBackpropFilter: KernelSpec = {
  inputs: ['x', 'dy'],
  infer: (_inputs, attrs) => [{ shape: attrs['filterShape'] as number[], dtype: 'float32' }],
  compute([x, dy], attrs, [out]) {
    const dFilter = new Float64Array(out.shape.reduce((a, b) => a * b, 1));
    const info = convolutionInfo(x.shape, out.shape, attrs);
    eachProduct(info, (y, from, weight) => (dFilter[weight] += x.data[from] * dy.data[y]));
    return [dFilter];
  },
};

/** How many inputs each output place averages, and where its maximum lies (the first of equals). */
function windows(info: Info, x: ArrayLike<number>): { count: Float64Array; best: Int32Array } {
  const size = info.outShape.reduce((a, b) => a * b, 1);
  const count = new Float64Array(size);
  const best = new Int32Array(size).fill(-1);
  eachTap(info, (y, from) => {
    for (let c = 0; c < info.inChannels; c++) {
      count[y + c]++;
      if (best[y + c] < 0 || x[from + c] > x[best[y + c]]) best[y + c] = from + c;
    }
  });
  return { count, best };
}

const inferPool: KernelSpec['infer'] = ([x], attrs) => [
  { shape: poolInfo(x.shape, attrs).outShape, dtype: x.dtype },
];

const maxPool: KernelSpec = {
  inputs: ['x'],
  infer: inferPool,
  compute: ([x], attrs) => [
    Float64Array.from(windows(poolInfo(x.shape, attrs), x.data).best, (at) => x.data[at]),
  ],
};

const maxPoolGrad: KernelSpec = {
  inputs: ['dy', 'input', 'output'],
  infer: ([, input]) => [input],
  compute([dy, input], attrs) {
    const dx = new Float64Array(input.data.length);
    windows(poolInfo(input.shape, attrs), input.data).best.forEach((at, y) => (dx[at] += dy.data[y]));
    return [dx];
  },
};

const avgPool: KernelSpec = {
  inputs: ['x'],
  infer: inferPool,
  compute([x], attrs) {
    const info = poolInfo(x.shape, attrs);
    const { count } = windows(info, x.data);
    const y = new Float64Array(count.length);
    eachTap(info, (at, from) => {
      for (let c = 0; c < info.inChannels; c++) y[at + c] += x.data[from + c] / count[at + c];
    });
    return [y];
  },
};

const avgPoolGrad: KernelSpec = {
  inputs: ['dy', 'input'],
  infer: ([, input]) => [input],
  compute([dy, input], attrs) {
    const info = poolInfo(input.shape, attrs);
    const { count } = windows(info, input.data);
    const dx = new Float64Array(input.data.length);
    eachTap(info, (at, from) => {
      for (let c = 0; c < info.inChannels; c++) dx[from + c] += dy.data[at + c] / count[at + c];
    });
    return [dx];
  },
};

/** tfjs's own gradients serve them. */
export const eagerKernels = {
  Conv2D: conv2D,
  Conv2DBackpropInput: conv2DBackpropInput,
  Conv2DBackpropFilter: conv2DBackpropFilter,
  MaxPool: maxPool,
  MaxPoolGrad: maxPoolGrad,
  AvgPool: avgPool,
  AvgPoolGrad: avgPoolGrad,
} satisfies Record<string, KernelSpec>;
