/** Whether what SVI was given makes sense. Each message gives the value and what is meant. */
import { checkOptions, describeValue, type OptionNames } from '@pyro-ts/ops';
import { SviError } from '../errors';
import type { SviRunOptions } from './run';
import type { ElboOptions } from './trace-elbo';
import type { TraceEnumElboOptions } from './trace-enum-elbo';
import type { SviOptions } from './svi';

const svi: OptionNames<SviOptions<never>> = {
  model: 'required',
  guide: 'required',
  optim: 'required',
  loss: 'required',
  compile: 'optional',
  fallback: 'optional',
  precision: 'optional',
};
const run: OptionNames<SviRunOptions> = {
  steps: 'required',
  seed: 'optional',
  state: 'optional',
  signal: 'optional',
  onProgress: 'optional',
  progressEvery: 'optional',
  nonFinite: 'optional',
};
const elbo: OptionNames<ElboOptions> = {
  numParticles: 'optional',
  vectorizeParticles: 'optional',
  maxPlateNesting: 'optional',
};

function refuse(option: string, value: unknown, fix: string): never {
  throw new SviError(`${option} is ${describeValue(value)}`, fix);
}

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && method in value;

/** @throws {SviError} @throws {OptionError} */
export function checkSvi<Args extends unknown[]>(options: SviOptions<Args>): void {
  const { model, guide, optim, loss, compile, fallback, precision } = checkOptions('SVI', options, svi);
  if (typeof model !== 'function') refuse('model', model, 'pass a function.');
  if (typeof guide !== 'function') refuse('guide', guide, 'pass a function, or AutoNormal(model).');
  if (!has(optim, 'update')) refuse('optim', optim, 'pass an optimiser: optim.Adam({ learningRate: 0.01 }).');
  if (!has(loss, 'loss')) refuse('loss', loss, 'call the objective: TraceELBO().');
  if (fallback !== undefined && !['eager', 'error'].includes(fallback))
    refuse('fallback', fallback, "pass 'eager' or 'error'.");
  if (precision !== undefined && !['float64', 'float32'].includes(precision))
    refuse('precision', precision, "pass 'float64' or 'float32'.");
  if (precision !== undefined && compile !== undefined)
    refuse(
      'precision',
      precision,
      `pass it to the compiler: compile: compiledGradients({ precision: '${precision}' }).`,
    );
}

/** Options of a run, from a number of steps too. @throws {SviError} @throws {OptionError} */
export function checkRun(given: number | SviRunOptions): SviRunOptions {
  const options = typeof given === 'number' ? { steps: given } : checkOptions('svi.run', given, run);
  const { steps, nonFinite, progressEvery = 1 } = options;
  if (!(Number.isInteger(steps) && steps >= 0)) refuse('steps', steps, 'pass a whole number.');
  if (!(progressEvery >= 1)) refuse('progressEvery', progressEvery, 'pass a whole number of at least 1.');
  if (nonFinite !== undefined && !['throw', 'skip'].includes(nonFinite))
    refuse('nonFinite', nonFinite, "pass 'throw' or 'skip'.");
  return options;
}

/** @throws {SviError} @throws {OptionError} */
export function checkElbo(name: string, options: ElboOptions): ElboOptions {
  return checkElboNumbers(checkOptions(name, options, elbo));
}

/** @throws {SviError} @throws {OptionError} */
export function checkEnumElbo(name: string, options: TraceEnumElboOptions): TraceEnumElboOptions {
  return checkElboNumbers(checkOptions(name, options, { ...elbo, strictEnumerationWarning: 'optional' }));
}

function checkElboNumbers<Options extends ElboOptions>(options: Options): Options {
  const { numParticles = 1, maxPlateNesting = 0 } = options;
  if (!(Number.isInteger(numParticles) && numParticles >= 1))
    refuse('numParticles', numParticles, 'pass a whole number of at least 1.');
  if (!(Number.isInteger(maxPlateNesting) && maxPlateNesting >= 0))
    refuse('maxPlateNesting', maxPlateNesting, 'pass a whole number.');
  return options;
}
