/** Selects whose condition or branches are known. */
import type { ValueId } from '../../graph/graph';
import { sameShape, type Candidate, type Rule, type RuleContext, type Rules } from './rule';

/** A branch in the shape of the whole. */
function widened(branch: ValueId, { type, label }: Candidate, context: RuleContext): ValueId {
  if (sameShape(context.shapeOf(branch), type.shape)) return branch;
  return context.emit('BroadcastTo', [branch], { shape: type.shape }, type, label);
}

/** A condition that holds everywhere, or nowhere. */
const decided: Rule = (node, context) => {
  const [condition, t, e] = node.inputs;
  const known = context.splat(condition);
  if (known === undefined) return undefined;
  const branch = known === 0 ? e : t;
  return context.typeOf(branch).dtype === node.type.dtype ? widened(branch, node, context) : undefined;
};

/** Both branches are the same value, or filled with the same number. */
const sameBranches: Rule = (node, context) => {
  const [, t, e] = node.inputs;
  if (context.typeOf(t).dtype !== node.type.dtype) return undefined;
  if (t === e) return widened(t, node, context);
  const filled = context.splat(t);
  if (filled === undefined || context.typeOf(e).dtype !== node.type.dtype) return undefined;
  return Object.is(filled, context.splat(e)) ? context.filled(filled, node.type) : undefined;
};

/** where(c, where(c, a, b), d) → where(c, a, d), and so for the other branch. */
const sameCondition: Rule = (node, context) => {
  const [condition, t, e] = node.inputs;
  for (const [side, branch] of [t, e].entries()) {
    const inner = context.producer(branch, 'Select');
    if (inner?.inputs[0] !== condition) continue;
    const value = inner.inputs[1 + side];
    const branches = side === 0 ? [value, e] : [t, value];
    return context.emit('Select', [condition, ...branches], {}, node.type, node.label);
  }
  return undefined;
};

export const selectRules: Rules = { Select: [decided, sameBranches, sameCondition] };
