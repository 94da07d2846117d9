/** Sums of products in index notation. */
import type { NdArray, NumericArray, TensorSpec } from '../data/nd-array';
import { allocate, sizeOf } from '../data/nd-array';
import { ShapeError, ValueError, formatShape } from '../errors';
import { toNumber } from './elementwise';
import type { Attrs, KernelSpec } from './kernel';
import { stridesOf } from './strided';

export interface Equation {
  readonly terms: readonly string[];
  readonly output: string;
}

/** Parses `ij,jk->ik`. @throws {ValueError} unless every output label is an input label, once */
export function parseEquation(equation: string, operands: number): Equation {
  const [left, output, ...rest] = equation.replace(/\s/g, '').split('->');
  const terms = left.split(',');
  const legal = /^[a-zA-Z]*$/;
  const known = new Set(left);
  if (
    output === undefined ||
    rest.length > 0 ||
    terms.length !== operands ||
    ![...terms, output].every((t) => legal.test(t)) ||
    new Set(output).size !== output.length ||
    ![...output].every((label) => known.has(label))
  ) {
    throw new ValueError(
      `einsum: cannot use equation '${equation}' with ${operands} operands\n` +
        `  Fix: write one comma-separated term of letters per operand and '->' with the kept letters, as in 'ij,jk->ik'.`,
    );
  }
  return { terms, output };
}

function labelSizes({ terms }: Equation, inputs: readonly TensorSpec[]): Map<string, number> {
  const sizes = new Map<string, number>();
  terms.forEach((term, t) => {
    const { shape } = inputs[t];
    if (shape.length !== term.length) {
      throw new ShapeError(
        `einsum: term '${term}' has ${term.length} letters for shape ${formatShape(shape)}`,
      );
    }
    [...term].forEach((label, i) => {
      const known = sizes.get(label);
      if (known !== undefined && known !== shape[i]) {
        throw new ShapeError(`einsum: letter '${label}' stands for ${known} and for ${shape[i]}`);
      }
      sizes.set(label, shape[i]);
    });
  });
  return sizes;
}

function infer(inputs: readonly TensorSpec[], attrs: Attrs): TensorSpec[] {
  const equation = parseEquation(attrs['equation'] as string, inputs.length);
  const sizes = labelSizes(equation, inputs);
  const shape = [...equation.output].map((label) => sizes.get(label) as number);
  return [{ shape, dtype: toNumber(...inputs.map((i) => i.dtype)) }];
}

function compute(inputs: readonly NdArray[], attrs: Attrs, [out]: readonly TensorSpec[]): NumericArray[] {
  const equation = parseEquation(attrs['equation'] as string, inputs.length);
  const sizes = labelSizes(equation, inputs);
  const summed = [...sizes.keys()].filter((label) => !equation.output.includes(label));
  const labels = [...equation.output, ...summed];
  const strides = equation.terms.map((term, t) => {
    const own = stridesOf(inputs[t].shape);
    return labels.map((label) => [...term].reduce((s, l, i) => (l === label ? s + own[i] : s), 0));
  });
  const y = allocate(out.dtype, sizeOf(out.shape));
  const reduced = summed.map((label) => sizes.get(label) as number);
  const offsets = strides.map((s) => allOffsets(out.shape, s.slice(0, out.shape.length)));
  const inner = strides.map((s) => allOffsets(reduced, s.slice(out.shape.length)));
  const n = sizeOf(reduced);
  for (let i = 0; i < y.length; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      let product = 1;
      for (let t = 0; t < inputs.length; t++) product *= inputs[t].data[offsets[t][i] + inner[t][j]];
      sum += product;
    }
    y[i] = sum;
  }
  return [y];
}

/** The offset of every index of a shape under the given strides. */
export function allOffsets(shape: readonly number[], strides: readonly number[]): Int32Array {
  let offsets = Int32Array.of(0);
  shape.forEach((n, d) => {
    const next = new Int32Array(offsets.length * n);
    for (let i = 0; i < offsets.length; i++)
      for (let j = 0; j < n; j++) next[i * n + j] = offsets[i] + j * strides[d];
    offsets = next;
  });
  return offsets;
}

export const einsumKernels = { Einsum: { inputs: 'list', infer, compute } satisfies KernelSpec };
