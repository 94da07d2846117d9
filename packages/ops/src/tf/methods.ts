/** Chained methods with exact literals: `x.mul(0.1)` keeps 53 bits. Patches the shared Tensor prototype, once. */
import * as tfjs from '@tensorflow/tfjs';
import { callExact, type Signature } from './exact';
import * as overrides from './overrides';

const PATCHED = Symbol.for('pyro-ts.exact-methods');

/** Which arguments after `this` are tensors. */
const METHODS: Readonly<Record<string, Signature>> = {
  ...Object.fromEntries(
    ['add', 'atan2', 'div', 'divNoNan', 'dot', 'equal', 'floorDiv', 'greater', 'greaterEqual', 'less']
      .concat(['lessEqual', 'matMul', 'maximum', 'minimum', 'mod', 'mul', 'notEqual', 'pow', 'prelu'])
      .concat(['squaredDifference', 'sub', 'conv1d', 'conv2d', 'conv2dTranspose', 'depthwiseConv2d'])
      .map((name) => [name, 'n']),
  ),
  concat: 'l',
  gather: 'i',
  logicalAnd: 'b',
  logicalOr: 'b',
  logicalXor: 'b',
  separableConv2d: 'nn',
  stack: 'l',
  unsortedSegmentSum: 'i',
};

type Method = (this: tfjs.Tensor, ...args: unknown[]) => unknown;

/** Methods whose ops we replace. */
const REPLACED: Readonly<Record<string, Method>> = {
  batchNorm(...args) {
    return overrides.batchNorm(this, ...(args as [tfjs.Tensor, tfjs.Tensor]));
  },
  broadcastTo(shape) {
    return overrides.broadcastTo(this, shape as [number]);
  },
  where(condition, other) {
    return overrides.where(condition as tfjs.Tensor, this, other as tfjs.Tensor);
  },
  softmax(axis) {
    return overrides.softmax(this, axis as number | undefined);
  },
  logSumExp(axis, keepDims) {
    return overrides.logSumExp(this, axis as number | undefined, keepDims as boolean | undefined);
  },
  logSoftmax(axis) {
    return overrides.logSoftmax(this, axis as number | undefined);
  },
  oneHot(depth, onValue, offValue) {
    return overrides.oneHot(this, depth as number, onValue as number, offValue as number);
  },
};

export function patchMethods(): void {
  const prototype = tfjs.Tensor.prototype as unknown as Record<PropertyKey, unknown>;
  if (prototype[PATCHED] === true) return;
  for (const [name, signature] of Object.entries(METHODS)) {
    const original = prototype[name] as (...args: unknown[]) => unknown;
    prototype[name] = function (this: tfjs.Tensor, ...args: unknown[]) {
      return callExact(original, this, args, signature);
    };
  }
  for (const [name, method] of Object.entries(REPLACED)) prototype[name] = method;
  Object.defineProperty(prototype, PATCHED, { value: true });
}
