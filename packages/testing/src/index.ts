export { expectClose, isClose, ulpDistance, type Closeness } from './closeness';
export { goldenDirectory, loadGolden, type GoldenTable } from './golden';
export {
  chiSquareTail,
  expectCounts,
  expectDistribution,
  expectMean,
  kolmogorovDistance,
  kolmogorovTail,
} from './goodness-of-fit';
