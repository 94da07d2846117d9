import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';
import { standardise } from './standardise.ts';

const { seed, numWarmup, numSamples, numChains } = settings();

console.log(`Log leaf weight of ${data.weight.length} mesquite bushes on ${data.columns.join(', ')}\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () =>
  mcmc.run(standardise(data.rows), data.weight.map(Math.log)),
);
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
