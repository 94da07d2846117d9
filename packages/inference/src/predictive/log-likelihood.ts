/** Log likelihood of the observations at every posterior draw, many draws at a time. */
import { handlers, logLikelihood as drawByDraw, type LogLikelihoodOptions, type Model } from '@pyro-ts/core';
import { sizeOf, type NdArray, type Shape, type tf } from '@pyro-ts/ops';
import { compileRowsIfTraceable } from '../batched/row-program';
import { drawAt, leadingShape, type Draws } from './draws';

/** Fewer draws than this cost less than compiling. */
const worthCompiling = 16;

const withLeading = (rows: Readonly<Record<string, NdArray>>, leading: Shape): Record<string, NdArray> =>
  Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, { ...row, shape: [...leading, ...row.shape.slice(1)] }]),
  );

/**
 * Pointwise log likelihoods, as LOO and WAIC need them (NumPyro's `log_likelihood`). The model becomes a program for a
 * chunk of draws, whose memory is bounded; one that reads the value of a tensor is run draw by draw.
 * @param samples site → [...draws, ...shape], as from `mcmc.getSamples()`
 * @returns observed site → [...draws, ...batch], nats; draws may differ in the last bits from those taken alone
 * @throws {PredictiveError} if there are no samples, or sites disagree about the number of draws
 */
export function logLikelihood<Args extends unknown[]>(
  model: Model<Args>,
  samples: Draws,
  args: Args,
  options: LogLikelihoodOptions = {},
): Record<string, NdArray> {
  const { batchNdims = 1 } = options;
  const leading = leadingShape(samples, batchNdims);
  const count = sizeOf(leading);
  if (count < worthCompiling) return drawByDraw(model, samples, args, options);
  // Arguments are checked, and mistakes surface, in the first draw.
  const single = Object.fromEntries(
    Object.entries(drawAt(samples, batchNdims, 0)).map(([name, { data, shape, dtype }]) => [
      name,
      { data, shape: [1, ...shape], dtype },
    ]),
  );
  drawByDraw(model, single, args);
  const sites = Object.keys(samples);
  const values = Object.values(samples);
  const program = compileRowsIfTraceable(
    (inputs): Record<string, tf.Tensor> => {
      const data = Object.fromEntries(sites.map((name, i) => [name, inputs[i]]));
      const run = handlers.seed(handlers.substitute(model, { data }), { seed: 0 });
      const found = handlers.trace(run).getTrace(...args);
      return Object.fromEntries(found.computeLogProb((site) => site.kind === 'sample' && site.isObserved));
    },
    values.map(({ shape, dtype }) => ({ shape: shape.slice(batchNdims), dtype })),
    'vmap',
    count,
  );
  if (program === undefined) return drawByDraw(model, samples, args, options);
  const rows = program.run(
    values.map(({ data }) => data),
    count,
  );
  program.dispose();
  return withLeading(rows, leading);
}
