/**
 * Identities of arithmetic that hold for every float64 value, NaN and infinities included. The one liberty taken:
 * x + 0 is x, also where x is −0.
 */
import type { Candidate, Rule, RuleContext, Rules } from './rule';
import { sameShape } from './rule';

/** The other operand, if this one is filled with `neutral` and dropping it changes neither shape nor dtype. */
function dropOperand(side: 0 | 1, neutral: number): Rule {
  return (node, context) => {
    const kept = node.inputs[1 - side];
    if (context.splat(node.inputs[side]) !== neutral) return undefined;
    const type = context.typeOf(kept);
    return sameShape(type.shape, node.type.shape) && type.dtype === node.type.dtype ? kept : undefined;
  };
}

function unary(kernel: string, x: number, node: Candidate, context: RuleContext): number {
  return context.emit(kernel, [x], {}, node.type, node.label);
}

/** Whether a kernel of `x` alone has the type of the node: integers and booleans may have been widened by the other operand. */
function hasTypeOf(node: Candidate, x: number, context: RuleContext): boolean {
  const { shape, dtype } = context.typeOf(x);
  return dtype === node.type.dtype && sameShape(shape, node.type.shape);
}

/** −1 · x → −x, on either side. */
function negate(side: 0 | 1): Rule {
  return (node, context) => {
    const kept = node.inputs[1 - side];
    if (node.type.dtype !== 'float' || context.splat(node.inputs[side]) !== -1) return undefined;
    return hasTypeOf(node, kept, context) ? unary('Neg', kept, node, context) : undefined;
  };
}

/** x / c → x · (1/c) where that is exact: c a power of two. */
const divideByPowerOfTwo: Rule = (node, context) => {
  const c = context.splat(node.inputs[1]);
  if (c === undefined || node.type.dtype !== 'float') return undefined;
  if (!sameShape(context.shapeOf(node.inputs[0]), node.type.shape)) return undefined;
  const exponent = Math.log2(Math.abs(c));
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 1000) return undefined;
  return context.emit(
    'Multiply',
    [node.inputs[0], context.constant(1 / c, 'float')],
    {},
    node.type,
    node.label,
  );
};

/** x + (−y) → x − y. */
const addNegative: Rule = (node, context) => {
  if (node.type.dtype !== 'float') return undefined;
  for (const side of [1, 0] as const) {
    const negation = context.producer(node.inputs[side], 'Neg');
    if (negation === undefined) continue;
    return context.emit('Sub', [node.inputs[1 - side], negation.inputs[0]], {}, node.type, node.label);
  }
  return undefined;
};

/** x − (−y) → x + y. */
const subtractNegative: Rule = (node, context) => {
  const negation = context.producer(node.inputs[1], 'Neg');
  if (negation === undefined || node.type.dtype !== 'float') return undefined;
  return context.emit('Add', [node.inputs[0], negation.inputs[0]], {}, node.type, node.label);
};

/** 0 − x → −x. */
const subtractFromZero: Rule = (node, context) => {
  if (context.splat(node.inputs[0]) !== 0 || node.type.dtype !== 'float') return undefined;
  const x = node.inputs[1];
  return hasTypeOf(node, x, context) ? unary('Neg', x, node, context) : undefined;
};

/** x/y with 0/0 = 0 (a gradient's form of division) is x/y where y is known not to be 0. */
const divisionByNonzero: Rule = (node, context) => {
  const [x, y] = node.inputs;
  const data = context.constantOf(y);
  if (data === undefined || !data.every((c) => c !== 0)) return undefined;
  return context.emit('RealDiv', [x, y], {}, node.type, node.label);
};

const doubleNegation: Rule = (node, context) => {
  const x = context.producer(node.inputs[0], 'Neg')?.inputs[0];
  return x !== undefined && hasTypeOf(node, x, context) ? x : undefined;
};

/** x · x → x². */
const square: Rule = (node, context) =>
  node.inputs[0] === node.inputs[1] && node.type.dtype !== 'bool'
    ? unary('Square', node.inputs[0], node, context)
    : undefined;

/** (x − y)² in one kernel is the same arithmetic in two, which fuse and share better. */
const squaredDifference: Rule = (node, context) => {
  const difference = context.emit('Sub', node.inputs, {}, node.type, node.label);
  return unary('Square', difference, node, context);
};

/** x ^ c for the exponents where another kernel is exact. */
const constantPower: Rule = (node, context) => {
  const exponent = context.splat(node.inputs[1]);
  const x = node.inputs[0];
  if (node.type.dtype !== 'float' || !hasTypeOf(node, x, context)) return undefined;
  if (exponent === 1) return x;
  if (exponent === 2) return unary('Square', x, node, context);
  if (exponent === -1) return unary('Reciprocal', x, node, context);
  return undefined;
};

/** Σ of n values → a chain of additions, in the order given. */
const addMany: Rule = (node, context) => {
  if (!node.inputs.every((x) => hasTypeOf(node, x, context))) return undefined;
  return node.inputs.reduce((sum, x) => context.emit('Add', [sum, x], {}, node.type, node.label));
};

const sameCast: Rule = (node, context) =>
  context.typeOf(node.inputs[0]).dtype === node.type.dtype ? node.inputs[0] : undefined;

const input: Rule = (node) => node.inputs[0];

export const arithmeticRules: Rules = {
  Identity: [input],
  StopGradient: [input],
  Cast: [sameCast],
  AddN: [addMany],
  Add: [dropOperand(0, 0), dropOperand(1, 0), addNegative],
  Sub: [dropOperand(1, 0), subtractFromZero, subtractNegative],
  Multiply: [dropOperand(0, 1), dropOperand(1, 1), negate(0), negate(1), square],
  RealDiv: [dropOperand(1, 1), divideByPowerOfTwo],
  Xdivy: [divisionByNonzero],
  Neg: [doubleNegation],
  Pow: [constantPower],
  SquaredDifference: [squaredDifference],
};
