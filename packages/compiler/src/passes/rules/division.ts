/**
 * Divisions are a dozen times slower than products. Where many numbers have one divisor, its reciprocal is computed once:
 * x/y → x·(1/y), 1.5 ulp instead of 0.5; the same for zero, infinite and NaN x and y. (A subnormal y below 2^−1024 has an
 * infinite reciprocal; no scale of a model gets there by anything but underflow.) Small results, and those of which a
 * step function is taken, are divided as written; by constants only the latter.
 */
import { sizeOf } from '@pyro-ts/ops';
import { isNonzero } from './nonzero';
import { sameShape, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

/** From this many elements on, a product is chosen. */
const manyElements = 8;
/** Fewer divisors than this share of the result are worth a reciprocal. */
const fewDivisors = 2;

function timesReciprocal(node: Candidate, context: RuleContext): number {
  const [x, y] = node.inputs;
  const reciprocal = context.emit('Reciprocal', [y], {}, context.typeOf(y), node.label);
  return context.emit('Multiply', [x, reciprocal], {}, node.type, node.label);
}

/** Whether 1/c is a normal number for every c of a constant. */
function hasReciprocal(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]);
    if (!(size > 2 ** -1000 && size < 2 ** 1000)) return false;
  }
  return true;
}

const byReciprocal: Rule = (node, context) => {
  const [x, y] = node.inputs;
  const size = sizeOf(node.type.shape);
  if (node.type.dtype !== 'float' || node.isStepped === true) return undefined;
  if (context.typeOf(x).dtype !== 'float' || context.typeOf(y).dtype !== 'float') return undefined;
  const data = context.constantOf(y);
  if (data !== undefined) return hasReciprocal(data) ? timesReciprocal(node, context) : undefined;
  if (size < manyElements) return undefined;
  if (sizeOf(context.shapeOf(y)) * fewDivisors > size) return undefined;
  return timesReciprocal(node, context);
};

/** x/y with 0/y = 0 is x/y where y cannot be 0. */
const nonzeroDivisor: Rule = (node, context) =>
  isNonzero(node.inputs[1], context)
    ? context.emit('RealDiv', node.inputs, {}, node.type, node.label)
    : undefined;

/**
 * (d·x)/y² → (d/y)·(x/y): the derivative of x/y by y, in terms of the quotient, which is there already, and of the
 * derivative by x.
 */
const quotientDerivative: Rule = (node, context) => {
  const product = context.producer(node.inputs[0], 'Multiply');
  const y = context.producer(node.inputs[1], 'Square')?.inputs[0];
  if (product === undefined || y === undefined) return undefined;
  if (node.kernel === 'Xdivy' && !isNonzero(y, context)) return undefined;
  const quotients = product.inputs.map((input) => {
    if (!sameShape(context.shapeOf(input), node.type.shape)) return undefined;
    const quotient = { ...node, kernel: 'RealDiv', inputs: [input, y], attrs: {} };
    return byReciprocal(quotient, context) ?? context.emit('RealDiv', [input, y], {}, node.type, node.label);
  });
  if (quotients[0] === undefined || quotients[1] === undefined) return undefined;
  return context.emit('Multiply', quotients as number[], {}, node.type, node.label);
};

export const divisionRules: Rules = {
  RealDiv: [quotientDerivative, byReciprocal],
  Xdivy: [quotientDerivative, nonzeroDivisor],
};
