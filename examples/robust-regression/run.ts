import { infer } from 'pyro-ts';
import { checkMeans, progress, settings, timed } from '../shared/support.ts';
import data from './data.json' with { type: 'json' };
import expected from './expected.json' with { type: 'json' };
import { model } from './model.ts';

const { seed, numWarmup, numSamples, numChains } = settings();

console.log(`Light on temperature of ${data.logLight.length} stars, Student-t noise\n`);

const mcmc = infer.MCMC(infer.NUTS(model), { numWarmup, numSamples, numChains, seed, onEvent: progress });
await timed(`NUTS, ${numChains} chains of ${numWarmup} + ${numSamples}`, () =>
  mcmc.run(data.logTemperature, data.logLight),
);
mcmc.printSummary();
checkMeans(mcmc.getSamples({ groupByChain: true }), expected);
