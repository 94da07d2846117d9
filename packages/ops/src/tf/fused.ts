/** tf.fused with exact literals: the operands come in one object. */
import * as tfjs from '@tensorflow/tfjs';
import { inScope, liftArgument } from './exact';

const OPERANDS = ['a', 'b', 'x', 'filter', 'bias', 'preluActivationWeights'] as const;

function exactFields<F>(op: F): F {
  const call = op as (options: object) => unknown;
  return ((options: Readonly<Record<string, unknown>>) =>
    inScope(() => {
      const exact: Record<string, unknown> = { ...options };
      for (const name of OPERANDS) if (name in exact) exact[name] = liftArgument(exact[name], 'n');
      return call(exact);
    })) as F;
}

export const fused: typeof tfjs.fused = {
  matMul: exactFields(tfjs.fused.matMul),
  conv2d: exactFields(tfjs.fused.conv2d),
  depthwiseConv2d: exactFields(tfjs.fused.depthwiseConv2d),
};
