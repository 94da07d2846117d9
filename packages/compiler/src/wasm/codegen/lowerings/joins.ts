/** Concatenation, stacking and padding. */
import { sizeOf, type Shape } from '@pyro-ts/ops';
import { axisAttr } from '../axes';
import type { Composite, Loops } from '../lowering';
import { rowMajor } from '../view';
import { copyBlock } from './copy-block';

/** Element offset of each part along the axis. */
function partOffsets(parts: readonly Shape[], output: Shape, axis: number): number[] {
  const inner = sizeOf(output.slice(axis + 1));
  let at = 0;
  return parts.map((shape) => {
    const offset = at;
    at += shape[axis] * inner;
    return offset;
  });
}

const concat: Loops = {
  kind: 'loops',
  takesEmpty: true,
  strided: true,
  accepts: ({ inputs, outputs: [o] }) => inputs.every((i) => i.dtype === o.dtype),
  placement: (parts, output, attrs) => {
    const axis = axisAttr(attrs, 'axis', output.length);
    const offsets = partOffsets(parts, output, axis);
    return offsets.map((o) => (sizeOf(output.slice(0, axis)) === 1 ? o : null));
  },
  emit: (c) => {
    const { shape } = c.outputType();
    const parts = c.node.operands.map((o) => o.shape);
    const offsets = partOffsets(parts, shape, axisAttr(c.attrs, 'axis', shape.length));
    offsets.forEach((offset, i) => {
      if (!c.inPlace(i)) copyBlock(c, c.view(i), c.outputType().dtype, rowMajor(shape), offset);
    });
  },
};

const pack: Composite = {
  kind: 'composite',
  build: (g, inputs, { outputs: [{ shape }], attrs }) => {
    const axis = axisAttr(attrs, 'axis', shape.length);
    const one = shape.map((n, i) => (i === axis ? 1 : n));
    return [
      g.node(
        'Concat',
        inputs.map((x) => g.node('Reshape', [x], { shape: one })),
        { axis },
      ),
    ];
  },
};

const pad: Loops = {
  kind: 'loops',
  strided: true,
  emit: (c) => {
    const { shape, dtype } = c.outputType();
    const paddings = c.attrs['paddings'] as unknown as readonly (readonly [number, number])[];
    const value = (c.attrs['constantValue'] as number | undefined) ?? 0;
    c.fill(value);
    const strides = rowMajor(shape);
    copyBlock(
      c,
      c.view(0),
      dtype,
      strides,
      strides.reduce((at, s, i) => at + s * paddings[i][0], 0),
    );
  },
};

export const joins = { Concat: concat, Pack: pack, PadV2: pad };
