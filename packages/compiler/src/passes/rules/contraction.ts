/**
 * Σ_j X[i, j]·v[j] and Σ_i w[i]·X[i, j], written as a product and a sum: products of the matrix and a vector, which have
 * kernels that read the matrix once. Only matrices that are there already; one that is computed from others is better
 * summed where it is computed. Small ones stay loops of their own: a few columns are summed in registers.
 */
import { sizeOf } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import { axesOf, sameShape, type Rule, type RuleContext, type Rules } from './rule';

/** Along either axis. */
const fewest = 9;

function isGiven(value: ValueId, context: RuleContext): boolean {
  return context.typeOf(value).dtype === 'float' && context.producer(value) === undefined;
}

const sumOfProducts: Rule = (node, context) => {
  const product = context.producer(node.inputs[0], 'Multiply');
  const shape = context.shapeOf(node.inputs[0]);
  if (product === undefined || node.type.dtype !== 'float' || shape.length !== 2) return undefined;
  if (Math.min(...shape) < fewest) return undefined;
  const axes = axesOf(node, context);
  if (axes.length !== 1) return undefined;
  const [axis] = axes;
  for (const side of [0, 1] as const) {
    const [matrix, vector] = [product.inputs[side], product.inputs[1 - side]];
    if (!isGiven(matrix, context) || !sameShape(context.shapeOf(matrix), shape)) continue;
    const own = context.shapeOf(vector);
    const isAlongAxis = sizeOf(own) === shape[axis] && own[axis - shape.length + own.length] === shape[axis];
    if (!isAlongAxis || context.typeOf(vector).dtype !== 'float') continue;
    const column = context.reshape(vector, [shape[axis], 1]);
    const type = { shape: [shape[1 - axis], 1], dtype: node.type.dtype };
    const attrs = { transposeA: axis === 0, transposeB: false };
    const result = context.emit('BatchMatMul', [matrix, column], attrs, type, node.label);
    return context.reshape(result, node.type.shape);
  }
  return undefined;
};

export const contractionRules: Rules = { Sum: [sumOfProducts] };
