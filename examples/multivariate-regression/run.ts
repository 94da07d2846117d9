import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { seed, numWarmup, numSamples, numChains } = settings();

/** Logarithms where all values are positive (the group is 0 or 1), then mean 0 and standard deviation 1. */
function standardise(rows: number[][]): number[][] {
  const columns = rows[0]
    .map((_, j) => rows.map((row) => row[j]))
    .map((column) => (Math.min(...column) > 0 ? column.map(Math.log) : column));
  const scaled = columns.map((column) => {
    const mean = column.reduce((sum, v) => sum + v, 0) / column.length;
    const sd = Math.sqrt(column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (column.length - 1));
    return column.map((v) => (v - mean) / sd);
  });
  return rows.map((_, i) => scaled.map((column) => column[i]));
}

console.log(`Log leaf weight of ${data.weight.length} mesquite bushes on ${data.columns.join(', ')}\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () =>
  mcmc.run(standardise(data.rows), data.weight.map(Math.log)),
);
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
