export { expectClose, isClose, ulpDistance, type Closeness } from './closeness';
export { goldenDirectory, loadGolden, type GoldenTable } from './golden';
