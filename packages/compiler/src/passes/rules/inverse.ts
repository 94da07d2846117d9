/** A function of its inverse. */
import type { Rule, Rules } from './rule';

/**
 * log(exp(x)) → x: the scale of a log-linear model, in a density that takes its logarithm. The same to an ulp wherever
 * exp(x) is a normal number; beyond, the exact logarithm of what exp rounds to 0 or ∞. −∞, ∞ and NaN are kept.
 */
const logOfExp: Rule = (node, context) => {
  const exp = context.producer(node.inputs[0], 'Exp');
  return exp !== undefined && context.typeOf(exp.inputs[0]).dtype === 'float' ? exp.inputs[0] : undefined;
};

export const inverseRules: Rules = { Log: [logOfExp] };
