/** Constant factors are gathered where that rounds nothing: a power of two times anything is exact. */
import type { ValueId } from '../../graph/graph';
import { sameShape, type Rule, type RuleContext, type Rules } from './rule';

/** Beyond these exponents a product of the factors could overflow or become subnormal. */
const largestExponent = 500;

function isPowerOfTwo(x: number): boolean {
  const exponent = Math.log2(Math.abs(x));
  return Number.isInteger(exponent) && Math.abs(exponent) < largestExponent;
}

/** `[factor, rest]` if the value is a constant scalar factor times something. */
function factored(value: ValueId, context: RuleContext): [number, ValueId] | undefined {
  const product = context.producer(value, 'Multiply');
  if (product === undefined) return undefined;
  for (const side of [0, 1] as const) {
    const factor = context.splat(product.inputs[side]);
    const rest = product.inputs[1 - side];
    if (factor !== undefined && sameShape(context.shapeOf(rest), context.shapeOf(value)))
      return [factor, rest];
  }
  return undefined;
}

/** a · (b · x) → (a·b) · x if a or b is a power of two. */
const gatherFactors: Rule = (node, context) => {
  if (node.type.dtype !== 'float') return undefined;
  for (const side of [0, 1] as const) {
    const a = context.splat(node.inputs[side]);
    const inner = a === undefined ? undefined : factored(node.inputs[1 - side], context);
    if (a === undefined || inner === undefined || !(isPowerOfTwo(a) || isPowerOfTwo(inner[0]))) continue;
    const [b, rest] = inner;
    if (!sameShape(context.shapeOf(rest), node.type.shape)) continue;
    // The outer factor may be what widens the result: a scalar in its place would leave it narrow.
    if (context.shapeOf(rest).join() !== node.type.shape.join()) continue;
    return context.emit('Multiply', [context.constant(a * b, 'float'), rest], {}, node.type, node.label);
  }
  return undefined;
};

export const scalingRules: Rules = { Multiply: [gatherFactors] };
