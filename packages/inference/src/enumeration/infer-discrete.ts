/** `inferDiscrete`: gives discrete sites the values that the rest of the model implies. */
import { produce, withHandler, type Message, type Model } from '@pyro-ts/core';
import { checkOptions, describeValue, scoped, type tf } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';
import { chooseBackward, type Temperature } from './backward';
import { enumeratedRun } from './enumerated-run';

export interface InferDiscreteOptions {
  /** 1: a draw from the exact posterior (default). 0: the jointly most probable values (MAP; Viterbi's algorithm for a chain). */
  readonly temperature?: Temperature | undefined;
}

type Values = Readonly<Record<string, tf.Tensor>>;

/** What one run must not choose again: parameters drawn at their start, and subsamples. */
interface Answers {
  readonly sites: Values;
  readonly others: Values;
}

/**
 * The model with values for its discrete latent sites that are inferred from its observations, given the values of all
 * other sites, which handlers inside or around it supply (`substitute`, `condition`). Sites have their true shapes.
 * Elements of plates are inferred side by side. Random numbers come from the handler `seed`, site by site. Traceable.
 * @returns a function of the same type; each run infers anew
 * @throws {EnumerationError} if temperature is neither 0 nor 1; when run: if there is no discrete site without a value, if
 * another latent site has none, if every joint value has density 0, or if dims, plates or scales do not allow enumeration
 */
export function inferDiscrete<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: InferDiscreteOptions = {},
): Model<Args, R> {
  const { temperature = 1 } = checkOptions('inferDiscrete', options, { temperature: 'optional' });
  if (temperature !== 0 && temperature !== 1) {
    throw new EnumerationError(
      `inferDiscrete: temperature is ${describeValue(temperature)}`,
      'pass 1 for draws from the posterior, or 0 for its mode.',
    );
  }
  return (...args) => {
    const answers = scoped((): Answers => {
      const run = enumeratedRun(model, args);
      const kept = [...run.trace.sites.values()].flatMap(({ kind, name, value }) =>
        (kind === 'plate' || kind === 'param') && value !== undefined ? [[name, value] as const] : [],
      );
      return { sites: chooseBackward(run, temperature), others: Object.fromEntries(kept) };
    });
    return answered(model, answers)(...args);
  };
}

function answered<Args extends unknown[], R>(model: Model<Args, R>, answers: Answers): Model<Args, R> {
  const valueFor = (message: Message): tf.Tensor | undefined => {
    if (message.kind === 'sample') return message.isObserved ? undefined : answers.sites[message.name];
    return message.kind === 'plate' || message.kind === 'param' ? answers.others[message.name] : undefined;
  };
  return withHandler(model, () => ({
    process(message) {
      const value = message.value === undefined ? valueFor(message) : undefined;
      return value === undefined ? undefined : produce(message, (draft) => void (draft.value = value));
    },
  }));
}
