/** `configEnumerate`: marks the sites of a model for enumeration. */
import { handlers, type Infer, type Model } from '@pyro-ts/core';
import { checkOptions, describeValue } from '@pyro-ts/ops';
import { EnumerationError } from '../errors';

export interface ConfigEnumerateOptions {
  /** Default 'parallel'. */
  readonly default?: 'parallel' | 'sequential' | undefined;
  /** Repeat the values along the plates of the sites. Default false. */
  readonly expand?: boolean | undefined;
  /** This many draws of each site instead of all its values; then continuous sites are marked too. */
  readonly numSamples?: number | undefined;
}

/**
 * Every latent site whose values can be listed gets `infer: {enumerate, expand, numSamples}`, unless it says so itself.
 * @throws {EnumerationError} if the options make no sense
 */
export function configEnumerate<Args extends unknown[], R>(
  model: Model<Args, R>,
  options: ConfigEnumerateOptions = {},
): Model<Args, R> {
  const checked = checkOptions('configEnumerate', options, {
    default: 'optional',
    expand: 'optional',
    numSamples: 'optional',
  });
  const { default: enumerate = 'parallel', expand, numSamples } = checked;
  const refuse = (option: string, value: unknown, fix: string): never => {
    throw new EnumerationError(`configEnumerate: ${option} is ${describeValue(value)}`, fix);
  };
  if (!['parallel', 'sequential'].includes(enumerate))
    refuse('default', enumerate, "pass 'parallel' or 'sequential'.");
  if (numSamples !== undefined && !(Number.isInteger(numSamples) && numSamples > 0))
    refuse('numSamples', numSamples, 'pass a positive whole number of draws.');
  if (numSamples !== undefined && enumerate === 'sequential')
    refuse('numSamples', numSamples, "draws lie along a dim: leave default out, or pass 'parallel'.");
  const own: Infer = {
    enumerate,
    ...(expand === undefined ? {} : { expand }),
    ...(numSamples === undefined ? {} : { numSamples }),
  };
  return handlers.inferConfig(model, {
    configFn(message) {
      if (message.kind !== 'sample' || message.isObserved) return undefined;
      if (numSamples === undefined && !message.fn.hasEnumerateSupport) return undefined;
      return { ...own, ...defined(message.infer) };
    },
  });
}

/** What a site says itself; fields that are there but undefined say nothing. */
const defined = (infer: Infer): Infer =>
  Object.fromEntries(Object.entries(infer).filter(([, value]) => value !== undefined));
