/** Strided slices of step one are slices, and their gradients pads. */
import type { Attrs } from '@pyro-ts/ops';
import type { Rule, Rules } from './rule';

interface Window {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

/** The box that a StridedSlice of steps +1 reads; undefined for other steps, new axes and ellipses. */
function unitWindow(attrs: Attrs, shape: readonly number[]): Window | undefined {
  const list = (name: string): readonly number[] | undefined => attrs[name] as readonly number[] | undefined;
  const mask = (name: string, i: number): boolean =>
    (((attrs[name] as number | undefined) ?? 0) >> i) % 2 === 1;
  const given = list('begin') ?? [];
  const end = list('end') ?? [];
  const strides = list('strides') ?? given.map(() => 1);
  const isPlain = ['ellipsisMask', 'newAxisMask'].every((name) => (attrs[name] ?? 0) === 0);
  if (!isPlain || given.length > shape.length) return undefined;
  const window = { begin: [] as number[], size: [] as number[] };
  for (const [i, n] of shape.entries()) {
    const fromEnd = (v: number): number => (v < 0 ? v + n : v);
    const clamp = (v: number): number => Math.min(Math.max(fromEnd(v), 0), n);
    if (i >= given.length) {
      window.begin.push(0);
      window.size.push(n);
    } else if (mask('shrinkAxisMask', i)) {
      window.begin.push(fromEnd(given[i]));
      window.size.push(1);
    } else if (strides[i] !== 1) {
      return undefined;
    } else {
      const from = mask('beginMask', i) ? 0 : clamp(given[i]);
      const to = mask('endMask', i) ? n : clamp(end[i]);
      window.begin.push(from);
      window.size.push(Math.max(0, to - from));
    }
  }
  return window;
}

const asSlice: Rule = (node, context) => {
  const [x] = node.inputs;
  const window = unitWindow(node.attrs, context.shapeOf(x));
  if (window === undefined) return undefined;
  const { begin, size } = window;
  const type = { shape: size, dtype: node.type.dtype };
  return context.reshape(context.emit('Slice', [x], { begin, size }, type, node.label), node.type.shape);
};

const asPad: Rule = (node, context) => {
  const { shape } = node.type;
  const window = unitWindow(node.attrs, shape);
  if (window === undefined) return undefined;
  const box = context.reshape(node.inputs[0], window.size);
  const paddings = window.begin.map((before, i) => [before, shape[i] - before - window.size[i]]);
  return context.emit('PadV2', [box], { paddings, constantValue: 0 }, node.type, node.label);
};

export const stridedRules: Rules = { StridedSlice: [asSlice], StridedSliceGrad: [asPad] };
