/** Has control flow recorded from now on. */
import { setControlHandlers } from '@pyro-ts/ops';
import { recordCond } from './cond-handler';
import { condKernelRow } from './cond-kernel';
import { registerControl } from './control-kernel';
import { recordScan } from './scan-handler';
import { scanKernelRow } from './scan-kernel';
import { recordWhile } from './while-handler';
import { whileKernelRow } from './while-kernel';

let installed = false;

export function installControl(): void {
  if (installed) return;
  registerControl(scanKernelRow);
  registerControl(condKernelRow);
  registerControl(whileKernelRow);
  setControlHandlers({ scan: recordScan, cond: recordCond, whileLoop: recordWhile });
  installed = true;
}
