/** Writes a metric to where the sampler reads it. */
import type { Metric } from '../metrics/metric';
import { wordPlaces, type Layout } from './layout';

/** @param metric of the kind that the layout is for */
export function writeMetric(
  memory: WebAssembly.Memory,
  { dim, vector, metric: at, words }: Layout,
  metric: Metric,
): void {
  const vectorAt = (address: number, row = 0): Float64Array =>
    new Float64Array(memory.buffer, address + row * vector, dim);
  switch (metric.kind) {
    case 'diagonal':
      vectorAt(at.first).set(metric.inverseMassMatrix);
      vectorAt(at.second).set(metric.momentumScale);
      return;
    case 'dense':
      for (let i = 0; i < dim; i++) {
        const row = (matrix: Float64Array): Float64Array => matrix.subarray(i * dim, (i + 1) * dim);
        vectorAt(at.first, i).set(row(metric.inverseMassMatrix));
        vectorAt(at.second, i).fill(0).set(row(metric.factor).subarray(0, i));
        vectorAt(at.third)[i] = metric.factor[i * dim + i];
      }
      return;
    case 'lowRank':
      metric.vectors.forEach((u, r) => vectorAt(at.second, r).set(u));
      vectorAt(at.first).set(metric.scale);
      vectorAt(at.third).set(metric.velocityFactors);
      vectorAt(at.third, 1).set(metric.momentumFactors);
      new Int32Array(memory.buffer, words, Object.keys(wordPlaces).length)[wordPlaces.rank] =
        metric.vectors.length;
      return;
    case 'blocks':
      throw new Error('internal: block metrics have no code of their own');
    default:
      metric satisfies never;
  }
}
