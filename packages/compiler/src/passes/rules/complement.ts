/**
 * c·f(−x) + d·f(x) where c and d are data of which exactly one is 1 and the other 0 (a failure and a success, each with
 * its own log probability): f(s·x) with s = d − c, one function instead of two. So for the derivative: c·f(−x) − d·f(x)
 * is −s·f(s·x). Exact; where 0·∞ made NaN of an infinite f, what is left is the other term.
 */
import type { NumericArray } from '@pyro-ts/ops';
import type { ValueId } from '../../graph/graph';
import { sameShape, type Candidate, type RuleContext, type Rules } from './rule';

/** Functions that are expensive enough to look for, and finite wherever it matters. */
const functions = ['Softplus', 'Sigmoid'];

interface Term {
  readonly weights: NumericArray;
  readonly kernel: string;
  readonly x: ValueId;
}

/** data · f(x), all of one shape. */
function termOf(value: ValueId, context: RuleContext): Term | undefined {
  const product = context.producer(value, 'Multiply');
  for (const side of [0, 1] as const) {
    const [data, other] = [product?.inputs[side], product?.inputs[1 - side]];
    if (data === undefined || other === undefined) return undefined;
    const weights = context.constantOf(data);
    const f = context.producer(other);
    if (weights === undefined || f === undefined || !functions.includes(f.kernel)) continue;
    if (context.typeOf(data).dtype !== 'float') continue;
    if (!sameShape(context.shapeOf(data), context.shapeOf(other))) continue;
    return { weights, kernel: f.kernel, x: f.inputs[0] };
  }
  return undefined;
}

function complement(sign: 1 | -1) {
  return (node: Candidate, context: RuleContext): ValueId | undefined => {
    const [first, second] = node.inputs.map((input) => termOf(input, context));
    if (first === undefined || second === undefined || first.kernel !== second.kernel) return undefined;
    if (!sameShape(context.shapeOf(first.x), node.type.shape)) return undefined;
    if (!sameShape(context.shapeOf(second.x), node.type.shape)) return undefined;
    const isNegated = (a: Term, b: Term): boolean => context.producer(a.x, 'Neg')?.inputs[0] === b.x;
    const [negated, plain] = isNegated(first, second) ? [first, second] : [second, first];
    if (!isNegated(negated, plain)) return undefined;
    const [c, d] = [negated.weights, plain.weights];
    for (let i = 0; i < c.length; i++)
      if (!((c[i] === 0 && d[i] === 1) || (c[i] === 1 && d[i] === 0))) return undefined;
    const signs = Float64Array.from(c, (failure, i) => d[i] - failure);
    const scaled = context.emit('Multiply', [plain.x, context.data(signs, node.type)], {}, node.type);
    const value = context.emit(plain.kernel, [scaled], {}, node.type, node.label);
    if (sign === 1) return value;
    // The term that is subtracted counts −1 where its weight is 1.
    const outer = negated === first ? signs.map((s) => -s) : signs;
    return context.emit('Multiply', [value, context.data(outer, node.type)], {}, node.type, node.label);
  };
}

export const complementRules: Rules = { Add: [complement(1)], Sub: [complement(-1)] };
