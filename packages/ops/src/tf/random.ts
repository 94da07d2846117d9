/** tfjs's own random ops: they draw when called, so a trace would bake one draw into the program. */
import * as tfjs from '@tensorflow/tfjs';
import { TRACE_BACKEND } from '../control/concrete';
import { ValueError } from '../errors';

function eagerOnly<F>(name: string, op: F): F {
  const call = op as (...args: unknown[]) => unknown;
  return ((...args: unknown[]) => {
    if (tfjs.getBackend() === TRACE_BACKEND) {
      throw new ValueError(
        `tf.${name} was called while compiling: its draw would be the same in every run\n  Fix: draw with a sample statement, or with random.* and a key.`,
      );
    }
    return call(...args);
  }) as F;
}

export const rand = eagerOnly('rand', tfjs.rand);
export const randomGamma = eagerOnly('randomGamma', tfjs.randomGamma);
export const randomNormal = eagerOnly('randomNormal', tfjs.randomNormal);
export const randomStandardNormal = eagerOnly('randomStandardNormal', tfjs.randomStandardNormal);
export const randomUniform = eagerOnly('randomUniform', tfjs.randomUniform);
export const randomUniformInt = eagerOnly('randomUniformInt', tfjs.randomUniformInt);
export const truncatedNormal = eagerOnly('truncatedNormal', tfjs.truncatedNormal);
export const multinomial = eagerOnly('multinomial', tfjs.multinomial);
export const dropout = eagerOnly('dropout', tfjs.dropout);
