/** `param`: a value to be learnt. It lives with whoever runs the model; without a handler it is its initial value. */
import { constraints, validationEnabled, type Constraint } from '@pyro-ts/distributions';
import { checkOptions, isConcrete, lift, tf, withLabel } from '@pyro-ts/ops';
import { ParamError } from '../errors';
import { blank } from '../messages/blank';
import type { ParamInit, ParamMessage } from '../messages/message';
import { applyStack, defineKind } from '../stack/apply-stack';
import { checkName } from './check-name';
import { subsample } from './subsample';

export interface ParamOptions {
  /** Default: real. */
  readonly constraint?: Constraint | undefined;
  /** How many rightmost dims belong to one element. Given, subsampled plates around index the parameter. */
  readonly eventDim?: number | undefined;
}

const optionNames = { constraint: 'optional', eventDim: 'optional' } as const;

/**
 * @param init a value in constrained space, or a function making one (called only if no handler has a value; its
 *   argument is the site's random key). It may be left out where a handler supplies the value.
 * @returns the value in constrained space
 * @throws {ParamError} if nobody has a value, or the initial one is outside the constraint
 */
export function param(name: string, init?: ParamInit, options: ParamOptions = {}): tf.Tensor {
  checkName('param', name);
  const { constraint = constraints.real, eventDim } = checkOptions('param', options, optionNames, name);
  const message: ParamMessage = {
    ...blank,
    kind: 'param',
    name,
    value: undefined,
    init,
    constraint,
    eventDim,
  };
  const value = applyStack(message).value as tf.Tensor;
  return eventDim === undefined ? value : subsample(value, { eventDim });
}

defineKind('param', (message) =>
  message.value === undefined
    ? { ...message, value: withLabel(message.name, () => initialValue(message)) }
    : message,
);

/** The initial value of a parameter, checked against its constraint where it can be read. */
export function initialValue({ name, init, constraint, key }: ParamMessage): tf.Tensor {
  if (init === undefined) {
    throw new ParamError({
      site: name,
      problem: 'the parameter has no value: no handler supplies one and no initial value is given',
      fix: `pass one: param('${name}', 0), or substitute one.`,
    });
  }
  const value = lift(typeof init === 'function' ? init(key) : init);
  if (validationEnabled() && isConcrete(value)) {
    tf.tidy(() => {
      const inside = constraint.check(value).dataSync();
      if (inside.every((ok) => ok !== 0)) return;
      throw new ParamError({
        site: name,
        problem: `the initial value ${value.size > 6 ? `(shape [${value.shape.join(', ')}])` : String(value.arraySync())} is outside its constraint ${constraint.toString()}`,
        fix: 'give an initial value inside the constraint (constrained space), or another constraint.',
      });
    });
  }
  return value;
}
