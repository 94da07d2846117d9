/** What importing this package does to tfjs: registers the backend, the kernels and the gradients. */
import { registerRef64 } from './backend/register';
import { registerGradients } from './gradients/register';
import { repairTapeOrder } from './gradients/tape-order';

registerRef64();
registerGradients();
repairTapeOrder();
