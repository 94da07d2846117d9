export type { McmcEvent, McmcListener, ProgressEvent, WarningEvent } from './events';
export {
  HMC,
  NUTS,
  type HamiltonianOptions,
  type HmcKernelOptions,
  type McmcKernel,
  type NutsKernelOptions,
  type Phase,
} from './kernel';
export { MCMC, McmcRun, type GroupOptions, type McmcOptions, type PrintOptions } from './mcmc';
export type { AdaptedChain, McmcResult, SiteDraws } from './result';
export type { CheckpointOptions, CheckpointStore } from './checkpoint/store';
export type { WorkerLike } from './parallel/thread';
export type { ChainMethod } from './run-config';
