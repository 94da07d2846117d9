/** Puts the gradient table in the place of tfjs's own gradients, for every backend. */
import * as tfjs from '@tensorflow/tfjs';
import { kernels, type KernelName } from '../kernels';
import { gradients } from './index';
import { zeroRule } from './row';

const REGISTERED = Symbol.for('pyro-ts.gradients');

export function registerGradients(): void {
  const holder = globalThis as unknown as Record<symbol, boolean | undefined>;
  if (holder[REGISTERED] === true) return;
  for (const kernelName of Object.keys(gradients) as KernelName[]) {
    if (tfjs.getGradient(kernelName) != null) tfjs.unregisterGradient(kernelName);
    const row = gradients[kernelName] ?? zeroRule(kernels[kernelName].inputs);
    tfjs.registerGradient({ kernelName, ...row } as tfjs.GradConfig);
  }
  holder[REGISTERED] = true;
}
