/** Univariate continuous families, one file each. */
export { Normal } from './normal';
