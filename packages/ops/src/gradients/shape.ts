/** Derivatives of kernels that move elements: the adjoint moves them back. */
import type * as tfjs from '@tensorflow/tfjs';
import { lift } from '../data/tensor-like';
import { numberAttr, numbersAttr, resolveAxis } from '../kernels/attrs';
import { runKernel } from '../kernels/run';
import { mirrorIndices, paddingsAttr, resolveBox } from '../kernels/slice';
import * as p from './primitives';
import { inversePermutation } from './reduce';
import type { GradientEntry } from './row';
import { fromCotangent, fromInput } from './row';

type T = tfjs.Tensor;

const asList = (dy: T | T[]): T[] => (Array.isArray(dy) ? dy : [dy]);

export const shapeGradients = {
  Reshape: fromInput((dy, x) => p.reshape(dy, x.shape)),
  ExpandDims: fromInput((dy, x) => p.reshape(dy, x.shape), 'input'),
  Transpose: fromCotangent((dy, attrs) => p.transpose(dy, inversePermutation(numbersAttr(attrs, 'perm')))),
  Reverse: fromCotangent((dy, attrs) => runKernel('Reverse', { x: dy }, attrs)),
  Tile: fromInput((dy, x, attrs) => {
    const reps = numbersAttr(attrs, 'reps');
    const split = p.reshape(
      dy,
      x.shape.flatMap((n, i) => [reps[i], n]),
    );
    return p.sum(
      split,
      x.shape.map((_, i) => 2 * i),
    );
  }),
  BroadcastTo: fromInput((dy, x) => p.sumTo(dy, x.shape)),
  /**
   * One PadV2 with zeros. Many slices of one tensor give a sum of such pads, which the compiler turns into a single
   * concat or scatter; run eagerly, each pad costs the full length.
   */
  Slice: fromInput((dy, x, attrs) => {
    const { begin, size } = resolveBox(x.shape, attrs);
    const paddings = begin.map((b, i) => [b, x.shape[i] - b - size[i]]);
    return runKernel('PadV2', { x: dy }, { paddings, constantValue: 0 });
  }),
  StridedSlice: fromInput((dy, x, attrs) =>
    runKernel('StridedSliceGrad', { dy }, { ...attrs, shape: [...x.shape] }),
  ),
  StridedSliceGrad: fromCotangent((g, attrs) => runKernel('StridedSlice', { x: g }, attrs), 'dy'),
  PadV2: fromInput((dy, x, attrs) =>
    p.slice(
      dy,
      paddingsAttr(attrs).map(([before]) => before),
      x.shape,
    ),
  ),
  /** Axis by axis: what was copied to the border is added back where it came from. */
  MirrorPad: fromInput((dy, x, attrs) => {
    const paddings = paddingsAttr(attrs);
    let d = p.identity(dy);
    paddings.forEach(([before, after], axis) => {
      if (before + after === 0) return;
      const n = x.shape[axis];
      const indices = lift(mirrorIndices(n, before, after, attrs['mode'] as string), 'int32');
      const shape = d.shape.map((m, i) => (i === axis ? n : m));
      d = runKernel('GatherV2Grad', { dy: d, indices }, { shape, axis, batchDims: 0 });
    });
    return d;
  }),
  Concat: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const axis = resolveAxis(numberAttr(attrs, 'axis'), saved[0].rank);
      let at = 0;
      const starts = saved.map((x) => (at += x.shape[axis]) - x.shape[axis]);
      return Object.fromEntries(
        saved.map((x, i) => [
          String(i),
          () =>
            p.slice(
              dy as T,
              x.shape.map((_, d) => (d === axis ? starts[i] : 0)),
              x.shape,
            ),
        ]),
      );
    },
  },
  Pack: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) => {
      const y = dy as T;
      const axis = resolveAxis(numberAttr(attrs, 'axis'), y.rank);
      const size = y.shape.map((n, d) => (d === axis ? 1 : n));
      const begin = (i: number): number[] => size.map((_, d) => (d === axis ? i : 0));
      return Object.fromEntries(
        saved.map((x, i) => [String(i), () => p.reshape(p.slice(y, begin(i), size), x.shape)]),
      );
    },
  },
  Unpack: {
    gradFunc: (dys, _saved, attrs) => {
      const list = asList(dys);
      const axis = resolveAxis(numberAttr(attrs, 'axis'), list[0].rank + 1);
      return { value: () => runKernel('Pack', list, { axis }) };
    },
  },
  SplitV: {
    gradFunc: (dys, _saved, attrs) => ({
      x: () =>
        runKernel('Concat', asList(dys), {
          axis: resolveAxis(numberAttr(attrs, 'axis'), asList(dys)[0].rank),
        }),
    }),
  },
  Fill: null,
  LinSpace: null,
  Range: null,
  OneHot: null,
  /** y[i, i] = x[i]: every (n + 1)-th element of the flat matrix. */
  Diag: fromInput((dy, x) => {
    const n = x.size;
    const flat = p.reshape(dy, [n * n]);
    const attrs = { begin: [0], end: [n * n], strides: [n + 1], beginMask: 0, endMask: 0 };
    const masks = { ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    return p.reshape(runKernel('StridedSlice', { x: flat }, { ...attrs, ...masks }), x.shape);
  }),
  MatrixBandPart: {
    inputsToSave: ['numLower', 'numUpper'],
    gradFunc: (dy, [numLower, numUpper]) => ({
      input: () => runKernel('MatrixBandPart', { input: dy as T, numLower, numUpper }),
      numLower: () => p.fill(numLower.shape, 0),
      numUpper: () => p.fill(numUpper.shape, 0),
    }),
  },
} satisfies Record<string, GradientEntry>;
