/** What users import: `import * as pyro from 'pyro-ts'; import { dist, infer, optim, tf } from 'pyro-ts'`. */
export * as dist from './dist';
export * as infer from './infer';
export * as diagnostics from '@pyro-ts/diagnostics';
export { constraints, transforms, enableValidation } from '@pyro-ts/distributions';
export { optim } from '@pyro-ts/inference';
/** By their own names too: `infer` is a keyword where types are written, and some compilers refuse `infer.McmcEvent`. */
export type * from '@pyro-ts/inference';
export { compile, jit } from '@pyro-ts/compiler';
export * as ops from '@pyro-ts/ops';
export {
  lift,
  OptionError,
  PyroError,
  tf,
  toNested,
  type NdArray,
  type RandomKey,
  type TensorLike,
} from '@pyro-ts/ops';
export * from '@pyro-ts/core';
/** Both packages have one; this is the one that is compiled for many draws. */
export { logLikelihood } from '@pyro-ts/inference';
