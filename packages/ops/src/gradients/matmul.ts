/** Derivatives of matrix products and of sums in index notation. */
import type * as tfjs from '@tensorflow/tfjs';
import { ValueError } from '../errors';
import { booleanAttr } from '../kernels/attrs';
import { parseEquation } from '../kernels/einsum';
import type { Attrs } from '../kernels/kernel';
import { runKernel } from '../kernels/run';
import * as p from './primitives';
import type { GradientEntry } from './row';

type T = tfjs.Tensor;

/** Batch dimensions that were broadcast are summed away. */
function product(dy: T, a: T, b: T, attrs: Attrs): { a: () => T; b: () => T } {
  const [tA, tB] = [booleanAttr(attrs, 'transposeA'), booleanAttr(attrs, 'transposeB')];
  return {
    a: () => p.sumTo(tA ? p.matMul(b, dy, tB, true) : p.matMul(dy, b, false, !tB), a.shape),
    b: () => p.sumTo(tB ? p.matMul(dy, a, true, tA) : p.matMul(a, dy, !tA, false), b.shape),
  };
}

/**
 * The cotangent of an operand is again an einsum: of dy and the other operands. A letter that only this operand has
 * brings a vector of ones; a letter it repeats gets a second name and an identity matrix.
 */
function einsum(dy: T, operands: readonly T[], attrs: Attrs, at: number): T {
  const { terms, output } = parseEquation(attrs['equation'] as string, operands.length);
  const spare = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter(
    (letter) => !terms.some((t) => t.includes(letter)),
  );
  const names = [output, ...terms.filter((_, i) => i !== at)];
  const factors = [dy, ...operands.filter((_, i) => i !== at)];
  const own: string[] = [];
  [...terms[at]].forEach((letter, axis) => {
    const n = operands[at].shape[axis];
    if (own.includes(letter)) {
      const twin = spare.shift() as string;
      names.push(letter + twin);
      factors.push(identityMatrix(n));
      own.push(twin);
      return;
    }
    own.push(letter);
    if (!names.some((term) => term.includes(letter))) {
      names.push(letter);
      factors.push(p.fill([n], 1));
    }
  });
  return runKernel('Einsum', factors, { equation: `${names.join(',')}->${own.join('')}` });
}

function identityMatrix(n: number): T {
  const range = runKernel('Range', {}, { start: 0, stop: n, step: 1, dtype: 'float32' });
  return p.cast(p.equal(p.reshape(range, [n, 1]), range), 'float32');
}

export const matmulGradients = {
  BatchMatMul: {
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b], attrs) => product(dy as T, a, b, attrs),
  },
  /** tf.fused.matMul brings its own gradient; its optional operands cannot be saved by a rule of this form. */
  _FusedMatMul: {
    gradFunc: () => {
      throw new ValueError(
        'the kernel _FusedMatMul has no gradient of its own\n  Fix: call tf.fused.matMul, or tf.matMul and what follows it.',
      );
    },
  },
  Einsum: {
    saveAllInputs: true,
    gradFunc: (dy, saved, attrs) =>
      Object.fromEntries(saved.map((_, i) => [String(i), () => einsum(dy as T, saved, attrs, i)])),
  },
} satisfies Record<string, GradientEntry>;
