/** `trace`: records what a run did. */
import { scoped, tf } from '@pyro-ts/ops';
import { DuplicateSiteError } from '../errors';
import type { Message, PlateMessage } from '../messages/message';
import type { Model } from '../model';
import { withHandler } from '../stack/handler';
import { appendToMessage } from '../stack/provenance';
import { formatShapes } from '../trace/format-shapes';
import type { Site } from '../trace/site';
import { Trace } from '../trace/trace';

/** A model that can also be run for its trace. */
export interface TracedModel<Args extends unknown[], R> {
  (...args: Args): R;
  /**
   * Runs the model and returns what its sites were. Outside of any tensor scope (`tf.tidy`, a gradient, a compile) the
   * trace holds plain data and no tensor is left behind; inside of one its tensors are live, so that gradients flow.
   */
  getTrace(...args: Args): Trace;
}

export function trace<Args extends unknown[], R>(model: Model<Args, R>): TracedModel<Args, R> {
  const record = (args: Args): Trace => {
    const sites = new Map<string, Site>();
    const recorded = withHandler(model, () => ({
      records: true,
      postprocess: (message) => add(sites, message),
    }));
    try {
      return Trace.of(sites, recorded(...args));
    } catch (error) {
      addShapes(error, Trace.of(sites));
      throw error;
    }
  };
  const getTrace = (...args: Args): Trace => {
    if (insideScope()) return record(args);
    let detached: Trace | undefined;
    scoped(() => void (detached = record(args).detach()));
    return detached as Trace;
  };
  return Object.assign((...args: Args) => model(...args), { getTrace });
}

/** Errors about shapes show the shapes of the sites before. */
function addShapes(error: unknown, sofar: Trace): void {
  if (!(error instanceof Error) || sofar.sites.size === 0) return;
  const isAboutShapes =
    error.name === 'ShapeError' || (/shape/i.test(error.message) && !error.message.includes('Fix:'));
  if (!isAboutShapes || error.message.includes(heading)) return;
  appendToMessage(error, `${heading}\n${formatShapes(sofar).replace(/^/gm, '    ')}`);
}

const heading = '  Shapes of the sites before:';

/** Whether somebody else disposes of the tensors made now. */
function insideScope(): boolean {
  const { scopeStack, gradientDepth } = tf.engine().state;
  return scopeStack.length > 0 || gradientDepth > 0;
}

function add(sites: Map<string, Site>, message: Message): undefined {
  if (message.kind === 'subsample' || message.kind === 'inspect') return;
  const before = sites.get(message.name);
  if (before === undefined) {
    sites.set(message.name, message as Site);
    return;
  }
  if (before.kind === 'param' && message.kind === 'param') return;
  if (before.kind === 'plate' && message.kind === 'plate' && isSamePlate(before, message)) return;
  throw new DuplicateSiteError({
    site: message.name,
    problem:
      before.kind === message.kind
        ? `two ${message.kind} sites of one run are named '${message.name}'`
        : `a ${before.kind} site and a ${message.kind} site of one run are named '${message.name}'`,
    plates: message.condIndepStack,
    fix:
      message.kind === 'plate'
        ? 'keep the plate in a variable and enter it again, or give the second one another name.'
        : 'give the second one another name; in a loop, build the name from the index: `x_${i}`.',
  });
}

/** Two full plates of one size say the same thing; two subsamples do not. */
function isSamePlate(a: PlateMessage, b: PlateMessage): boolean {
  return a.size === b.size && a.value === undefined && b.value === undefined;
}
