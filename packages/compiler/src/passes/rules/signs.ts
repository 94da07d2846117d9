/**
 * Signs move through products into constants, differences and each other, which rounds nothing: a gradient's −(−z · c)
 * is z · c.
 */
import type { ValueId } from '../../graph/graph';
import { sameShape, type Rule, type RuleContext, type Rules } from './rule';

/** The same float value with the other sign, if that is cheaper or as cheap: x of −x, a constant, a product with either. */
function opposite(value: ValueId, context: RuleContext, isProduct = false): ValueId | undefined {
  const { shape, dtype } = context.typeOf(value);
  if (dtype !== 'float') return undefined;
  const c = context.constantOf(value) === undefined ? undefined : context.splat(value);
  if (c !== undefined) return context.constant(-c, 'float', shape);
  const node = context.producer(value);
  if (node?.kernel === 'Neg') return node.inputs[0];
  if (isProduct || node?.kernel !== 'Multiply') return undefined;
  for (const side of [0, 1] as const) {
    const factor = opposite(node.inputs[side], context, true);
    if (factor === undefined || context.typeOf(node.inputs[1 - side]).dtype !== 'float') continue;
    const inputs = side === 0 ? [factor, node.inputs[1]] : [node.inputs[0], factor];
    return context.emit('Multiply', inputs, {}, { shape, dtype }, node.label);
  }
  return undefined;
}

/** −(x · y), of which x or y can be turned; not if functions of x · y and of −(x · y) may share an exponential. */
const negatedProduct: Rule = (node, context) => {
  if (context.producer(node.inputs[0], 'Multiply') === undefined || context.isMirrored(node.inputs[0]))
    return undefined;
  const value = opposite(node.inputs[0], context);
  return value !== undefined && sameShape(context.shapeOf(value), node.type.shape) ? value : undefined;
};

/** −x · c → x · (−c), c a constant. */
const negatedFactor: Rule = (node, context) => {
  if (node.type.dtype !== 'float') return undefined;
  for (const side of [0, 1] as const) {
    const x = context.producer(node.inputs[side], 'Neg')?.inputs[0];
    const c = node.inputs[1 - side];
    if (x === undefined || context.constantOf(c) === undefined) continue;
    const turned = opposite(c, context);
    if (turned !== undefined) return context.emit('Multiply', [x, turned], {}, node.type, node.label);
  }
  return undefined;
};

/** x − (−y) · z → x + y · z, and the same with a negative constant. */
const subtractedProduct: Rule = (node, context) => {
  const [x, y] = node.inputs;
  const product = context.producer(y, 'Multiply');
  if (product === undefined || node.type.dtype !== 'float' || context.typeOf(x).dtype !== 'float')
    return undefined;
  const isNegative = product.inputs.some(
    (factor) => context.producer(factor, 'Neg') !== undefined || (context.splat(factor) ?? 0) < 0,
  );
  const turned = isNegative ? opposite(y, context) : undefined;
  return turned === undefined ? undefined : context.emit('Add', [x, turned], {}, node.type, node.label);
};

export const signRules: Rules = {
  Neg: [negatedProduct],
  Multiply: [negatedFactor],
  Sub: [subtractedProduct],
};
