/** What tfjs calls the dtypes of values. Floats are as wide as the executor makes them. */
import type { DType } from '@pyro-ts/ops';
import type { ValueDType } from './graph';

export const labels: Readonly<Record<ValueDType, DType>> = { float: 'float32', int: 'int32', bool: 'bool' };
