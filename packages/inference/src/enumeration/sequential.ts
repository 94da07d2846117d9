/** Sites enumerated one run after the other. */
import { createHandler, produce, type Model } from '@pyro-ts/core';
import { tf, withLabel } from '@pyro-ts/ops';

interface Choice {
  index: number;
  readonly count: number;
}

/**
 * Calls `run` once for every joint choice of the sites that are marked with `enumerate: 'sequential'`; later sites may depend on
 * earlier choices, in number too. The value of a site is the same along its plates.
 * @param run is given the model with the choices made, and the number of values of each such site
 */
export function forEachChoice<Args extends unknown[], R>(
  model: Model<Args>,
  run: (chosen: Model<Args>, counts: ReadonlyMap<string, number>) => R,
): R[] {
  const results: R[] = [];
  let choices: Choice[] = [];
  for (;;) {
    let next = 0;
    const counts = new Map<string, number>();
    const choose = createHandler(() => ({
      process(message) {
        if (message.kind !== 'sample' || message.isObserved || message.value !== undefined) return;
        if (message.infer.enumerate !== 'sequential' || !message.fn.hasEnumerateSupport) return;
        const values = withLabel(message.name, () => message.fn.enumerateSupport({ expand: false }));
        const at = next++;
        const choice = (choices[at] ??= { index: 0, count: values.shape[0] });
        counts.set(message.name, choice.count);
        return produce(message, (draft) => {
          const one = tf.slice(values, [choice.index], [1]);
          draft.value = tf.reshape(one, [...message.fn.batchShape.map(() => 1), ...message.fn.eventShape]);
        });
      },
    }));
    results.push(run(choose(model), counts));
    choices = choices.slice(0, next);
    while (choices.length > 0 && choices[choices.length - 1].index + 1 === choices[choices.length - 1].count)
      choices.pop();
    if (choices.length === 0) return results;
    choices[choices.length - 1].index++;
  }
}
