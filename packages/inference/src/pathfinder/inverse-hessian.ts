/** An inverse Hessian from the last steps of an optimiser, as a covariance: BFGS updates of a diagonal matrix. */
import { dot } from '../integrators/dot';
import type { RandomSource } from '../random/random-source';

interface Pair {
  /** Change of position, and of the gradient of −log density. */
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** Their product, positive. */
  readonly curvature: number;
}

/** Updates kept: J of Zhang et al. */
const maxPairs = 6;

/** H = Vᵀ(… diag(α) …)V + s sᵀ/(sᵀy), V = I − y sᵀ/(sᵀy), one for each of the last pairs: never formed. */
export class InverseHessian {
  /** α of Zhang et al. (2022). */
  private diagonal: Float64Array;
  private pairs: readonly Pair[] = [];

  constructor(dim: number) {
    this.diagonal = new Float64Array(dim).fill(1);
  }

  /** Takes a step of the optimiser in, unless the curvature along it is negative or next to nothing. */
  update(step: Float64Array, change: Float64Array): void {
    const curvature = dot(step, change);
    if (!(curvature > 1e-12 * dot(change, change))) return;
    this.pairs = [...this.pairs.slice(-(maxPairs - 1)), { step, change, curvature }];
    const { diagonal } = this;
    // Gilbert & Lemaréchal (1989); Zhang et al. (2022), algorithm 3.
    const a = change.reduce((sum, y, i) => sum + y * y * diagonal[i], 0);
    const c = step.reduce((sum, s, i) => sum + (s * s) / diagonal[i], 0);
    this.diagonal = diagonal.map((alpha, i) => {
      const inverse = a / alpha + change[i] ** 2 - ((step[i] / alpha) ** 2 * a) / c;
      return curvature / inverse;
    });
  }

  /** H v, by the two loops of Nocedal (1980). */
  times(v: Float64Array): Float64Array {
    const result = v.slice();
    const along: number[] = [];
    for (const { step, change, curvature } of this.pairs.toReversed()) {
      const share = dot(step, result) / curvature;
      along.unshift(share);
      addTo(result, -share, change);
    }
    for (let i = 0; i < result.length; i++) result[i] *= this.diagonal[i];
    this.pairs.forEach(({ step, change, curvature }, k) => {
      addTo(result, along[k] - dot(change, result) / curvature, step);
    });
    return result;
  }

  /** A draw of N(0, H): one of N(0, diag(α)), taken through the updates. */
  draw(random: RandomSource): Float64Array {
    const x = this.diagonal.map((alpha) => Math.sqrt(alpha) * random.normal());
    for (const { step, change, curvature } of this.pairs) {
      addTo(x, random.normal() / Math.sqrt(curvature) - dot(change, x) / curvature, step);
    }
    return x;
  }

  /** log |H|: an update multiplies |H| by sᵀBs/(sᵀy), where B = H⁻¹ before it. */
  logDeterminant(): number {
    let sum = this.diagonal.reduce((total, alpha) => total + Math.log(alpha), 0);
    /** B s of each pair, and sᵀBs. */
    const images: { readonly image: Float64Array; readonly length: number }[] = [];
    for (const { step, curvature } of this.pairs) {
      const image = step.map((s, i) => s / this.diagonal[i]);
      images.forEach((earlier, k) => {
        const pair = this.pairs[k];
        addTo(image, -dot(earlier.image, step) / earlier.length, earlier.image);
        addTo(image, dot(pair.change, step) / pair.curvature, pair.change);
      });
      const length = dot(image, step);
      images.push({ image, length });
      sum += Math.log(length / curvature);
    }
    return sum;
  }
}

function addTo(x: Float64Array, factor: number, v: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] += factor * v[i];
}
