/** Whether values exist. */
import * as tfjs from '@tensorflow/tfjs';
import { isTensor, type TensorLike } from '../data/tensor-like';

/** The name under which the compiler registers its tracing backend. */
export const TRACE_BACKEND = 'trace';

interface EngineInternals {
  readonly state: { readonly tensorInfo: WeakMap<object, { readonly backend: tfjs.KernelBackend }> };
  readonly registry: Readonly<Record<string, tfjs.KernelBackend | undefined>>;
}

/** False for a tensor of the tracing backend, which has a shape and a dtype but no values; true for anything else. */
export function isConcrete(x: TensorLike): boolean {
  if (!isTensor(x)) return true;
  const { state, registry } = tfjs.engine() as unknown as EngineInternals;
  const tracing = registry[TRACE_BACKEND];
  return tracing === undefined || state.tensorInfo.get(x.dataId)?.backend !== tracing;
}
