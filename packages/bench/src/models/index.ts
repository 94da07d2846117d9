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

export function benchmarkModels(): readonly BenchmarkModel[] {
  return [
    eightSchools,
    logistic(1000, 10),
    logistic(10_000, 100),
    hierarchical(50, 20),
    robust(1000, 10),
    stochasticVolatility(500),
    gaussianProcess(200),
    mixture(1000),
    autoregression(1000),
    negativeBinomial(1000, 10),
  ];
}
