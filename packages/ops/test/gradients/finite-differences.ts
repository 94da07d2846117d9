/** Derivatives by differences of a kernel's reference values. */
import type { Attrs, KernelSpec, NdArray, NumericArray } from '@pyro-ts/ops';

/** Σ over outputs of weights · values: one number whose derivatives show every entry of the Jacobian. */
export function weighted(outputs: readonly NumericArray[], weights: readonly NumericArray[]): number {
  let total = 0;
  outputs.forEach((y, k) => y.forEach((v: number, i: number) => (total += v * weights[k][i])));
  return total;
}

/** Deterministic weights in [0.5, 1.5). */
export function weightsFor(sizes: readonly number[]): Float64Array[] {
  return sizes.map((n, k) =>
    Float64Array.from({ length: n }, (_, i) => 0.5 + ((i * 0.618034 + k * 0.37) % 1)),
  );
}

/**
 * (4 D(h/2) − D(h)) / 3 with D the central difference: error O(h⁴) from truncation and about ε/h from rounding, so
 * about 1e-12 of the function's scale for h = 2⁻⁹.
 */
export function richardson(f: (x: number) => number, x: number, h = 2 ** -9): number {
  const central = (step: number): number => (f(x + step) - f(x - step)) / (2 * step);
  return (4 * central(h / 2) - central(h)) / 3;
}

/** ∂/∂inputs[k] of the weighted sum of a kernel's outputs. */
export function numericGradient(
  spec: KernelSpec,
  inputs: readonly NdArray[],
  attrs: Attrs,
  k: number,
  weights: readonly NumericArray[],
): Float64Array {
  const outputs = spec.infer(inputs, attrs);
  const moved = inputs.map((x, i) => (i === k ? { ...x, data: x.data.slice() } : x));
  return Float64Array.from(inputs[k].data, (value: number, i: number) =>
    richardson((v) => {
      moved[k].data[i] = v;
      const f = weighted(spec.compute(moved, attrs, outputs), weights);
      moved[k].data[i] = value;
      return f;
    }, value),
  );
}
