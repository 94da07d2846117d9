/** What importing this package does to tfjs: registers the backend, the kernels and the gradients. */
import { registerFallbacks } from './backend/fallback';
import { registerRef64 } from './backend/register';
import { registerGradients } from './gradients/register';
import { repairTapeOrder } from './gradients/tape-order';

registerRef64();
registerFallbacks();
registerGradients();
repairTapeOrder();
