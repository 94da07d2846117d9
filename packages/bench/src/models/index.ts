/** The models of the gradient and sampler benchmarks. */
import { autoregression } from './autoregression';
import type { BenchmarkModel } from './benchmark-model';
import { eightSchools } from './eight-schools';
import { gaussianProcess } from './gaussian-process';
import { hierarchical } from './hierarchical';
import { logistic } from './logistic';
import { mixture } from './mixture';
import { negativeBinomial } from './negative-binomial';
import { robust } from './robust';
import { stochasticVolatility } from './stochastic-volatility';

export type { BenchmarkModel, ModelVariant } from './benchmark-model';

/** Makers by name: a process that needs one model does not make the data of all. */
const makers = new Map<string, () => BenchmarkModel>([
  ['eight schools', () => eightSchools],
  ['logistic 1000x10', () => logistic(1000, 10)],
  ['logistic 10000x100', () => logistic(10_000, 100)],
  ['hierarchical 50x20', () => hierarchical(50, 20)],
  ['robust 1000x10', () => robust(1000, 10)],
  ['stochastic volatility 500', () => stochasticVolatility(500)],
  ['gaussian process 200', () => gaussianProcess(200)],
  ['mixture 1000 K=3', () => mixture(1000)],
  ['AR(5) 1000', () => autoregression(1000)],
  ['negative binomial 1000x10', () => negativeBinomial(1000, 10)],
]);

export const benchmarkNames: readonly string[] = [...makers.keys()];

/** @throws Error if there is no such model */
export function benchmarkModel(name: string): BenchmarkModel {
  const make = makers.get(name);
  if (make === undefined) throw new Error(`no model '${name}'; there are: ${benchmarkNames.join(', ')}.`);
  return make();
}

export function benchmarkModels(): readonly BenchmarkModel[] {
  return benchmarkNames.map(benchmarkModel);
}
