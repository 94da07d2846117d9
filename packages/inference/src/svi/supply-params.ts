/** Answers `param` sites from an unconstrained state. */
import { createHandler, produce, type Model } from '@pyro-ts/core';
import { transformTo } from '@pyro-ts/distributions';
import { withLabel, type tf } from '@pyro-ts/ops';
import { SviError } from '../errors';

export type UnconstrainedParams = ReadonlyMap<string, tf.Tensor>;

/**
 * Parameters take the values that their own constraint makes of the unconstrained ones.
 * @throws {SviError} at a parameter that is not in the state
 */
export function supplyParams<Args extends unknown[], R>(
  model: Model<Args, R>,
  params: UnconstrainedParams,
): Model<Args, R> {
  const supply = createHandler(() => ({
    process(message) {
      if (message.kind !== 'param' || message.value !== undefined) return;
      const unconstrained = params.get(message.name);
      if (unconstrained === undefined) throw unknownParam(message.name, [...params.keys()]);
      return produce(message, (draft) => {
        draft.value = withLabel(message.name, () => transformTo(message.constraint).call(unconstrained));
      });
    },
  }));
  return supply(model);
}

const unknownParam = (name: string, known: readonly string[]): SviError =>
  new SviError(
    `the parameter '${name}' is not in the state; it has ${known.join(', ') || 'none'}`,
    'declare every parameter in every run, the one that svi.init sees included (a condition on data may have hidden it).',
  );
